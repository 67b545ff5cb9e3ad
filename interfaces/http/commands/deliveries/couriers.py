"""How couriers join the roster, and go on and off duty."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.deliveries import Enrol
from domain.deliveries import commands as c
from domain.deliveries.courier import courier_stream
from domain.values import Role
from interfaces.http.answers import Accepted
from interfaces.http.caller import requires
from interfaces.http.commands.deliveries.bodies import Duty, Enrolment
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post, put

COURIERS = requires(Role.COURIER)
STAFF = requires(Role.STAFF, Role.ADMIN)
EITHER = requires(Role.COURIER, Role.STAFF, Role.ADMIN)


class CourierCommands(Controller):
    path = "/v1/couriers"
    tags = ("couriers",)

    @post("/", status_code=200, guards=[EITHER], sync_to_thread=True, responses=problems("not_yours", "user_not_found", "not_a_courier"))
    def enrol(self, data: JSONBody[Enrolment], run: Given[Dispatch], enrol: Given[Enrol]) -> Response[Accepted]:
        """Join the roster, or change one's terms there. 422 `zone_not_found`."""
        return run.answer(enrol(data.command(run.by, run.now), run.meta, run.expected))

    @put("/me", guards=[COURIERS], sync_to_thread=True, responses=problems("courier_not_found"))
    def own_duty(self, data: JSONBody[Duty], run: Given[Dispatch]) -> Response[Accepted]:
        """Go on duty or off it; what is in hand stays so."""
        return turned(run, run.by.id, data)

    @put("/{courier_id:uuid}", guards=[STAFF], sync_to_thread=True, responses=problems("courier_not_found"))
    def duty(self, courier_id: FromPath[UUID], data: JSONBody[Duty], run: Given[Dispatch]) -> Response[Accepted]:
        """Send a courier on duty or off it."""
        return turned(run, courier_id, data)


def turned(run: Dispatch, courier_id: UUID, duty: Duty) -> Response[Accepted]:
    turn = c.GoOnDuty if duty.on_duty else c.GoOffDuty
    return run(courier_stream(courier_id), turn(courier_id, run.by, run.now))

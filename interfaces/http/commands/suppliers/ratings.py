"""What members of completed groups say of a supplier."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.suppliers.ratings import Rate
from interfaces.http.answers import Accepted
from interfaces.http.caller import signed_in
from interfaces.http.commands.suppliers.bodies import Stars
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post


class RatingCommands(Controller):
    path = "/v1/suppliers/{supplier_id:uuid}/ratings"
    tags = ("suppliers",)

    @post(
        "/",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("group_not_found", "nothing_collected", "already_rated"),
    )
    def rate(
        self, supplier_id: FromPath[UUID], data: JSONBody[Stars], run: Given[Dispatch], rate_supplier: Given[Rate]
    ) -> Response[Accepted]:
        """Give a supplier one to five stars, once for each completed group of which one has had one's part."""
        return run.answer(rate_supplier(supplier_id, data.group_id, data.stars, run.by, run.now, run.meta))

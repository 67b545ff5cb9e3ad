"""What staff, sellers, couriers and buyers do with deliveries."""

from datetime import datetime
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from application.commands.deliveries import Assign, HandOver, Track
from domain.deliveries import commands as c
from interfaces.http.answers import Accepted
from interfaces.http.caller import signed_in
from interfaces.http.commands.deliveries.bodies import Assignment, Destination, Failing, Handover, Position, Retry
from interfaces.http.commands.steps import steps
from interfaces.http.commands.users.bodies import LIMITED
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post, put

step = steps("/{delivery_id:uuid}", "not_yours", "delivery_not_found")


class Tracked(Struct, frozen=True):
    """The moment that the position counts for."""

    at: datetime


class DeliveryCommands(Controller):
    path = "/v1/deliveries"
    tags = ("deliveries",)
    exception_handlers = LIMITED

    @step("assign", signed_in, "delivery_not_waiting", "courier_not_found", "courier_off_duty", "courier_full")
    def assign(
        self, delivery_id: FromPath[UUID], data: JSONBody[Assignment], run: Given[Dispatch], assign: Given[Assign]
    ) -> Response[Accepted]:
        """Give a delivery to a courier on duty who has room, or take it from one to give it to another, until it is picked up."""
        command = c.AssignDelivery(delivery_id, data.courier_id, run.by, run.now)
        return run.answer(assign(command, run.meta, run.expected))

    @step("pick-up", signed_in, "delivery_not_assigned")
    def pick_up(self, delivery_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Take the goods from the seller; the order is dispatched with that."""
        return run(delivery_id, c.PickUpDelivery(delivery_id, run.by, run.now))

    @step("in-transit", signed_in, "delivery_not_picked_up")
    def in_transit(self, delivery_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Set out for the buyer, who is told so and can follow from now on."""
        return run(delivery_id, c.MoveDelivery(delivery_id, run.by, run.now))

    @step("deliver", signed_in, "delivery_not_in_transit", "proof_required")
    def deliver(
        self, delivery_id: FromPath[UUID], data: JSONBody[Handover], run: Given[Dispatch], hand_over: Given[HandOver]
    ) -> Response[Accepted]:
        """Hand the goods over, with a proof. 422 `code_wrong`, and after five of those `code_locked`: then a name or a photo is needed."""
        return run.answer(hand_over(data.command(delivery_id, run.by, run.now), data.code, run.meta, run.expected))

    @step("fail", signed_in, "delivery_not_under_way")
    def fail(self, delivery_id: FromPath[UUID], data: JSONBody[Failing], run: Given[Dispatch]) -> Response[Accepted]:
        """Say why it could not be delivered; it is tried three times at most."""
        return run(delivery_id, data.command(delivery_id, run.by, run.now))

    @step("retry", signed_in, "delivery_not_failed", "attempts_exhausted")
    def retry(self, delivery_id: FromPath[UUID], data: JSONBody[Retry], run: Given[Dispatch]) -> Response[Accepted]:
        """Have a failed delivery tried again, in a window that may be new. 422 `window_invalid`."""
        return run(delivery_id, data.command(delivery_id, run.by, run.now))

    @step("return", signed_in, "delivery_not_failed")
    def bring_back(self, delivery_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Bring the goods of a failed delivery back; the order is cancelled and paid back."""
        return run(delivery_id, c.ReturnDelivery(delivery_id, run.by, run.now))

    @put(
        "/{delivery_id:uuid}/destination",
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("not_yours", "delivery_not_found", "delivery_ended"),
    )
    def locate(self, delivery_id: FromPath[UUID], data: JSONBody[Destination], run: Given[Dispatch]) -> Response[Accepted]:
        """Say where on the globe the address is: for the buyer, the seller and staff."""
        return run(delivery_id, c.LocateDelivery(delivery_id, data.value(), run.by, run.now))

    @post(
        "/{delivery_id:uuid}/track",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("not_yours", "delivery_not_found", "delivery_not_under_way", "too_many_attempts"),
    )
    def track(self, delivery_id: FromPath[UUID], data: JSONBody[Position], run: Given[Dispatch], track: Given[Track]) -> Tracked:
        """Tell where its courier is, every few seconds and once a second at most.

        Nothing of it goes on the log, and after thirty days it is gone.
        """
        return Tracked(track(c.TrackDelivery(delivery_id, data.value(), run.by, run.now), data.at))

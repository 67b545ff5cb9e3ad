"""Orders: what buyers, sellers and staff do with them until they are delivered, and after."""

from collections.abc import Callable
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.buying.addresses import ChangeAddress
from application.commands.buying.carts import Reorder
from domain.orders import commands as c
from domain.values import Value
from interfaces.http.answers import Accepted
from interfaces.http.caller import anyone, signed_in
from interfaces.http.commands.orders.bodies import (
    Cancellation,
    NewAddress,
    PartialCancellation,
    ReturnRefused,
    ReturnTaken,
    ReturnWish,
)
from interfaces.http.commands.orders.carts import known
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import put
from interfaces.http.shopper import Shopper

step = steps("/{order_id:uuid}", "not_yours", "order_not_found")


class OrderCommands(Controller):
    path = "/v1/orders"
    tags = ("orders",)

    @step("confirm", signed_in, "order_not_created")
    def confirm(self, order_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Staff: answer for the payment of an order that was paid in another way."""
        return run(order_id, c.ConfirmOrder(order_id, None, run.by, run.now))

    @put(
        "/{order_id:uuid}/address",
        guards=[anyone],
        sync_to_thread=True,
        responses=problems("not_yours", "order_not_found", "address_is_final", "outside_zone"),
    )
    def change_address(
        self,
        order_id: FromPath[UUID],
        data: JSONBody[NewAddress],
        shopper: Given[Shopper],
        run: Given[Dispatch],
        change_address: Given[ChangeAddress],
    ) -> Response[Accepted]:
        """Send it elsewhere, before it is packed: within reach of the booked delivery, and in the same country."""
        given = run.acting(known(shopper).actor)
        spot = data.point.value() if data.point else None
        return given.answer(change_address(order_id, data.address.value(), spot, given.by, run.now, given.meta, run.expected))

    @step("pack", signed_in, "order_not_confirmed")
    def pack(self, order_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """The seller has it ready; from now on it is to be delivered."""
        return run(order_id, c.PackOrder(order_id, run.by, run.now))

    @step("dispatch", signed_in, "order_not_packed")
    def dispatch(self, order_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """It is on its way, by the seller's own means."""
        return run(order_id, c.DispatchOrder(order_id, run.by, run.now))

    @step("deliver", signed_in, "order_not_dispatched")
    def deliver(self, order_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """It has been handed over, by the seller's own means."""
        return run(order_id, c.DeliverOrder(order_id, run.by, run.now))

    @step("cancel", anyone, "order_not_cancellable", keyed=True)
    def cancel(
        self, order_id: FromPath[UUID], data: JSONBody[Cancellation], shopper: Given[Shopper], run: Given[Dispatch]
    ) -> Response[Accepted]:
        """Call the whole order off: what was paid goes back, and so do stock, slot and discount code."""
        return by(shopper, run, order_id, c.CancelOrder, reason=data.reason, note=data.note)

    @step("cancel-lines", anyone, "order_not_cancellable", keyed=True)
    def cancel_lines(
        self, order_id: FromPath[UUID], data: JSONBody[PartialCancellation], shopper: Given[Shopper], run: Given[Dispatch]
    ) -> Response[Accepted]:
        """Call part of the order off; what was paid for it goes back."""
        parts = tuple(each.value() for each in data.parts)
        return by(shopper, run, order_id, c.CancelLines, parts=parts, reason=data.reason, note=data.note)

    @step("return", anyone, "order_not_delivered", "return_window_over")
    def request_return(
        self, order_id: FromPath[UUID], data: JSONBody[ReturnWish], shopper: Given[Shopper], run: Given[Dispatch]
    ) -> Response[Accepted]:
        """Ask to give goods back within 14 days of their delivery; the seller accepts or refuses."""
        parts = tuple(each.value() for each in data.parts)
        return by(shopper, run, order_id, c.RequestReturn, parts=parts, reason=data.reason, note=data.note)

    @step("accept-return", signed_in, "return_not_requested", keyed=True)
    def accept_return(self, order_id: FromPath[UUID], data: JSONBody[ReturnTaken], run: Given[Dispatch]) -> Response[Accepted]:
        """The goods are back: what was paid for them goes back too."""
        return run(order_id, c.AcceptReturn(order_id, data.restock, run.by, run.now))

    @step("refuse-return", signed_in, "return_not_requested")
    def refuse_return(self, order_id: FromPath[UUID], data: JSONBody[ReturnRefused], run: Given[Dispatch]) -> Response[Accepted]:
        """The goods are not taken back; the note says why."""
        return run(order_id, c.RefuseReturn(order_id, data.note, run.by, run.now))

    @step("reorder", anyone, "not_on_sale", "currency_mixed", "cart_full", "cart_given_over")
    def reorder(
        self, order_id: FromPath[UUID], shopper: Given[Shopper], run: Given[Dispatch], reorder: Given[Reorder]
    ) -> Response[Accepted]:
        """Put what the order held into the cart again, as far as it is still sold, at today's prices."""
        who = known(shopper)
        given = run.acting(who.actor)
        return given.answer(reorder(order_id, who.cart, who.actor, run.now, given.meta))


def by(shopper: Shopper, run: Dispatch, order_id: UUID, command: Callable[..., Value], **given: object) -> Response[Accepted]:
    """A step that a guest may take too."""
    acting = run.acting(known(shopper).actor)
    return acting(order_id, command(order_id=order_id, by=acting.by, now=run.now, **given))

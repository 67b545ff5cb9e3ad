"""What a buyer is told of an order and its payment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from application.jobs.draft import Draft
from application.jobs.letters.facts import clock, money, order_number, window
from application.jobs.ports import History, Skipped
from domain.orders.events import (
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderDispatched,
    OrderPacked,
    OrderPlaced,
    Reason,
    Status,
)
from domain.orders.order import orders
from domain.orders.placed import Placed
from domain.payments.events import PaymentFailed, PaymentRequested
from domain.payments.purposes import ORDER
from domain.users.preferences import Notice

Told = OrderConfirmed | OrderPacked | OrderDispatched | OrderDelivered | OrderCancelled

WORDS = {
    Reason.CHANGED_MIND: "it was no longer wanted",
    Reason.ORDERED_BY_MISTAKE: "it was ordered by mistake",
    Reason.TOO_LATE: "it would have come too late",
    Reason.OUT_OF_STOCK: "the seller has run out of it",
    Reason.DAMAGED: "the goods were damaged",
    Reason.NOT_AS_DESCRIBED: "the goods were not as described",
    Reason.WRONG_ITEM: "it was the wrong item",
    Reason.UNDELIVERABLE: "it could not be delivered",
    Reason.FRAUD: "something about it was not right",
    Reason.UNPAID: "it was not paid in time",
    Reason.OTHER: "of something that was not foreseen",
}


@runtime_checkable
class Guests(Protocol):
    def sign(self, guest_id: UUID, /) -> str:
        """The token by which a guest sees his orders."""
        ...


class OrderLetters:
    def __init__(self, history: History, guests: Guests, site: str) -> None:
        self._history = history
        self._guests = guests
        self._site = site

    def placed(self, order_id: UUID) -> OrderPlaced:
        history = self._history.stream(order_id)
        if not history or not isinstance(history[0].event, OrderPlaced):
            raise Skipped("no_order")
        return history[0].event

    def order(self, event: Told) -> Draft:
        placed = self.placed(event.order_id)
        if isinstance(event, OrderCancelled):
            refund = money(event.refund, placed.currency) if event.refund else ""
            return self.to_buyer(placed, {"why": WORDS[event.reason], "refund": refund})
        return self.to_buyer(placed, {})

    def to_buyer(self, placed: OrderPlaced, facts: Mapping[str, str], notice: Notice = "orders") -> Draft:
        """About an order, with what every such letter may tell of it; to the guest's own address where he is no user."""
        bought = "\n".join(f"{each.quantity} x {each.title}" for each in placed.lines)
        known = {
            "order": order_number(placed.order_id),
            "quote": bought,
            "total": money(placed.total, placed.currency),
            "window": window(placed.starts_at, placed.ends_at, placed.timezone),
            "link": self._link(placed),
        }
        return Draft(placed.buyer_id, "order", {**known, **facts}, notice=notice, guest=placed.contact if placed.guest else None)

    def _link(self, placed: OrderPlaced) -> str:
        page = f"{self._site}/v1/orders/{placed.order_id}"
        return f"{page}?token={self._guests.sign(placed.buyer_id)}" if placed.guest else page

    def payment(self, event: PaymentFailed, asked_at: datetime) -> Draft:
        """While it may still be paid; who pays for several orders is told of the first."""
        history = self._history.stream(event.payment_id)
        requested = next((each.event for each in history if isinstance(each.event, PaymentRequested)), None)
        if requested is None or not requested.shares or requested.purpose != ORDER:
            raise Skipped("no_order")
        order_id = requested.shares[0].order_id
        placed = self.placed(order_id)
        state = orders.fold(each.event for each in self._history.stream(order_id))
        if not isinstance(state, Placed) or state.status is not Status.CREATED or asked_at >= placed.payment_due:
            raise Skipped("superseded")
        facts = {"total": money(requested.amount, requested.currency), "until": clock(placed.payment_due, placed.timezone)}
        return self.to_buyer(placed, facts, "payments")

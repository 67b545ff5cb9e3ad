"""What has happened to an order, step by step, for those who may see it."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.orders.events import (
    OrderAddressChanged,
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderDispatched,
    OrderEvent,
    OrderLinesCancelled,
    OrderPacked,
    OrderPaid,
    OrderPaidLate,
    OrderPlaced,
    OrderReturned,
    OrderReturnRefused,
    OrderReturnRequested,
    Part,
    Reason,
)
from domain.values import SYSTEM, Money, Value
from projections.orders.page import EVENTS, order_of
from projections.view import View

WORDS = {
    OrderPlaced: "placed",
    OrderConfirmed: "confirmed",
    OrderPaid: "paid",
    OrderPaidLate: "paid_late",
    OrderAddressChanged: "address_changed",
    OrderPacked: "packed",
    OrderDispatched: "dispatched",
    OrderDelivered: "delivered",
    OrderLinesCancelled: "lines_cancelled",
    OrderCancelled: "cancelled",
    OrderReturnRequested: "return_requested",
    OrderReturnRefused: "return_refused",
    OrderReturned: "returned",
}


class Entry(Value, frozen=True, omit_defaults=True):
    """`by` is who did it; left out where it was the service itself."""

    what: str
    at: datetime
    by: UUID | None = None
    reason: Reason | None = None
    parts: tuple[Part, ...] = ()
    refund: Money | None = None


class Timeline(Value, frozen=True):
    id: UUID
    buyer_id: UUID
    seller_id: UUID
    currency: str
    entries: tuple[Entry, ...]


def evolve(timeline: Timeline | None, event: OrderEvent) -> Timeline | None:
    if isinstance(event, OrderPlaced):
        return Timeline(event.order_id, event.buyer_id, event.seller_id, event.currency, (Entry("placed", event.at, event.buyer_id),))
    if timeline is None:
        return None
    return replace(timeline, entries=(*timeline.entries, entry(event, timeline.currency)))


def entry(event: OrderEvent, currency: str) -> Entry:
    by: UUID | None = getattr(event, "by", None)
    refund: int = getattr(event, "refund", 0)
    return Entry(
        WORDS[type(event)],
        event.at,
        None if by == SYSTEM.id else by,
        getattr(event, "reason", None),
        getattr(event, "parts", ()),
        Money(refund, currency) if refund else None,
    )


view = View(
    "order_timelines",
    Timeline,
    key=order_of,
    evolve=evolve,
    events=EVENTS,
    columns={"buyer_id": "uuid", "seller_id": "uuid"},
)

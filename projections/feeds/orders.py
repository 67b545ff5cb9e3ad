"""The feed of orders: what was sold and what became of it, by ids and amounts; who buys, and where it goes, stays private."""

from typing import Any
from uuid import UUID

from domain.orders import events
from domain.orders.events import Part, Reason
from domain.trade import OrderLine
from domain.values import Value
from projections.feeds.alone import nothing
from projections.view import Feed


class Line(Value, frozen=True):
    """`total` is what is paid for the line, its `tax` included."""

    line: int
    listing_id: UUID
    sku: str
    category: str
    quantity: int
    discount: int
    tax: int
    total: int


class OrderPlaced(Value, frozen=True):
    """One seller's order; amounts are in minor units of `currency`, and `total` is what is to be paid, its `tax` included."""

    order_id: UUID
    checkout_id: UUID
    payment_id: UUID
    seller_id: UUID
    currency: str
    lines: tuple[Line, ...]
    goods: int
    discount: int
    delivery_fee: int
    tax: int
    total: int
    recurring_id: UUID | None = None


class OrderConfirmed(Value, frozen=True):
    """It is paid, or somebody answers for the payment."""

    order_id: UUID
    payment_id: UUID


class OrderPacked(Value, frozen=True):
    order_id: UUID


class OrderDispatched(Value, frozen=True):
    order_id: UUID


class OrderDelivered(Value, frozen=True):
    order_id: UUID


class OrderLinesCancelled(Value, frozen=True):
    """Part of the order will not come; `refund` is what was paid for it."""

    order_id: UUID
    parts: tuple[Part, ...]
    reason: Reason
    refund: int


class OrderCancelled(Value, frozen=True):
    """Nothing more of the order will come; `refund` is what was paid and not yet given back."""

    order_id: UUID
    reason: Reason
    refund: int


class OrderReturned(Value, frozen=True):
    order_id: UUID
    parts: tuple[Part, ...]
    reason: Reason
    refund: int


def public(_known: Value | None, event: Value) -> Value | None:
    match event:
        case events.OrderPlaced():
            return placed(event)
        case events.OrderConfirmed(order_id=order, payment_id=payment):
            return OrderConfirmed(order, payment)
        case events.OrderPacked(order_id=order):
            return OrderPacked(order)
        case events.OrderDispatched(order_id=order):
            return OrderDispatched(order)
        case events.OrderDelivered(order_id=order):
            return OrderDelivered(order)
        case events.OrderLinesCancelled(order_id=order, parts=parts, reason=reason, refund=refund):
            return OrderLinesCancelled(order, parts, reason, refund)
        case events.OrderCancelled(order_id=order, reason=reason, refund=refund):
            return OrderCancelled(order, reason, refund)
        case events.OrderReturned(order_id=order, parts=parts, reason=reason, refund=refund):
            return OrderReturned(order, parts, reason, refund)
        case _:
            return None


def placed(event: events.OrderPlaced) -> OrderPlaced:
    return OrderPlaced(
        event.order_id,
        event.checkout_id,
        event.payment_id,
        event.seller_id,
        event.currency,
        tuple(map(sold, event.lines)),
        event.goods,
        event.discount,
        event.delivery_fee,
        event.tax,
        event.total,
        event.recurring_id,
    )


def sold(line: OrderLine) -> Line:
    return Line(line.line, line.listing_id, line.sku, line.category, line.quantity, line.discount, line.tax, line.total)


def order_of(event: Any) -> UUID:
    return event.order_id


orders: Feed[Value] = Feed(
    "orders",
    "Orders by ids and amounts: placed, confirmed, packed, dispatched, delivered, cancelled in part or whole, returned.",
    known=Value,
    key=order_of,
    evolve=nothing,
    public=public,
    events=(
        events.OrderPlaced,
        events.OrderConfirmed,
        events.OrderPacked,
        events.OrderDispatched,
        events.OrderDelivered,
        events.OrderLinesCancelled,
        events.OrderCancelled,
        events.OrderReturned,
    ),
    payloads=(
        OrderPlaced,
        OrderConfirmed,
        OrderPacked,
        OrderDispatched,
        OrderDelivered,
        OrderLinesCancelled,
        OrderCancelled,
        OrderReturned,
    ),
)

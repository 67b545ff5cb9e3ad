"""The order as its buyer, its seller and staff see it; the same rows are all lists of orders."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import and_
from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from domain.orders.events import (
    AFTER,
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
    Status,
)
from domain.orders.placed import stage
from domain.trade import OrderLine, Spot
from domain.values import SYSTEM, Actor, Address, Erased, Money, Role, Value, clear
from projections.sql import ALL, Order, Where, equals
from projections.view import View

K = TypeVar("K", bound=Value)


class Line(Value, frozen=True):
    """`gone` of the pieces were cancelled or returned."""

    line: int
    listing_id: UUID
    stock_id: UUID
    sku: str
    title: str
    quantity: int
    gone: int
    unit_price: Money
    discount: Money
    net: Money
    tax_rate: int
    tax: Money
    total: Money


class Window(Value, frozen=True):
    """The booked delivery, in UTC and by the clocks of `timezone`."""

    slot_id: UUID
    zone_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    timezone: str


class Back(Value, frozen=True):
    """What is asked to be taken back."""

    parts: tuple[Part, ...]
    reason: Reason
    note: str
    at: datetime


class OrderPage(Value, frozen=True):
    """`stage` tells of a delivered order also whether it is on its way back; `goods` is before discount and delivery.

    `address`, `contact` and `spot` are empty once the buyer is forgotten. `refunded` is what was given back, or is on its way.
    """

    id: UUID
    checkout_id: UUID
    buyer_id: UUID
    seller_id: UUID
    guest: bool
    status: Status
    stage: str
    lines: tuple[Line, ...]
    goods: Money
    discount: Money
    delivery_fee: Money
    tax: Money
    total: Money
    refunded: Money
    address: Address | None
    spot: Spot | None
    contact: str
    delivery: Window | None
    code: str | None
    payment_id: UUID
    payment_due: datetime
    paid: bool
    placed_at: datetime
    changed_at: datetime
    delivered_at: datetime | None = None
    cancelled: Reason | None = None
    note: str = ""
    returning: Back | None = None
    recurring_id: UUID | None = None
    occurrence: str | None = None


def evolve(page: OrderPage | None, event: OrderEvent) -> OrderPage | None:
    if isinstance(event, OrderPlaced):
        return begin(event)
    if page is None:
        return None
    changed = replace(change(page, event), changed_at=event.at)
    left = any(line.quantity > line.gone for line in changed.lines)
    return replace(changed, stage=stage(changed.status, returning=changed.returning is not None, left=left))


def change(page: OrderPage, event: OrderEvent) -> OrderPage:
    match event:
        case OrderConfirmed(by=by):
            return replace(page, status=Status.CONFIRMED, paid=by == SYSTEM.id)
        case OrderPaid():
            return replace(page, paid=True)
        case OrderPaidLate(refund=refund):
            return replace(page, paid=True, refunded=more(page.refunded, refund))
        case OrderAddressChanged(address=address, spot=spot):
            return replace(page, address=known(address), spot=known(spot))
        case OrderDelivered(at=at):
            return replace(page, status=Status.DELIVERED, delivered_at=at)
        case OrderLinesCancelled() | OrderReturned():
            lines = without(page.lines, event.parts)
            return replace(page, lines=lines, refunded=more(page.refunded, event.refund), returning=None)
        case OrderCancelled():
            return replace(
                page,
                status=Status.CANCELLED,
                lines=tuple(replace(each, gone=each.quantity) for each in page.lines),
                refunded=more(page.refunded, event.refund),
                cancelled=event.reason,
                note=clear(event.note),
            )
        case OrderReturnRequested():
            return replace(page, returning=Back(event.parts, event.reason, clear(event.note), event.at))
        case OrderReturnRefused(note=note):
            return replace(page, returning=None, note=clear(note))
        case OrderPacked() | OrderDispatched() | OrderPlaced():
            return replace(page, status=AFTER[type(event)])


def begin(placed: OrderPlaced) -> OrderPage:
    def money(amount: int) -> Money:
        return Money(amount, placed.currency)

    return OrderPage(
        placed.order_id,
        placed.checkout_id,
        placed.buyer_id,
        placed.seller_id,
        placed.guest,
        Status.CREATED,
        Status.CREATED,
        tuple(shown(each, placed.currency) for each in placed.lines),
        money(placed.goods),
        money(placed.discount),
        money(placed.delivery_fee),
        money(placed.tax),
        money(placed.total),
        money(0),
        known(placed.address),
        known(placed.spot),
        clear(placed.contact),
        window(placed),
        placed.code,
        placed.payment_id,
        placed.payment_due,
        paid=False,
        placed_at=placed.at,
        changed_at=placed.at,
        recurring_id=placed.recurring_id,
        occurrence=placed.occurrence,
    )


def shown(line: OrderLine, currency: str) -> Line:
    return Line(
        line.line,
        line.listing_id,
        line.stock_id,
        line.sku,
        line.title,
        line.quantity,
        0,
        Money(line.unit_price, currency),
        Money(line.discount, currency),
        Money(line.net, currency),
        line.tax_rate,
        Money(line.tax, currency),
        Money(line.total, currency),
    )


def window(placed: OrderPlaced) -> Window | None:
    if placed.slot_id is None or placed.starts_at is None or placed.ends_at is None:
        return None
    return Window(placed.slot_id, placed.zone, placed.starts_at, placed.ends_at, placed.timezone)


def known(value: K | Erased | None) -> K | None:
    return None if isinstance(value, Erased) else value


def more(money: Money, amount: int) -> Money:
    return Money(money.amount + amount, money.currency)


def without(lines: Sequence[Line], parts: Iterable[Part]) -> tuple[Line, ...]:
    gone = {part.line: part.quantity for part in parts}
    return tuple(replace(each, gone=each.gone + gone.get(each.line, 0)) for each in lines)


def order_of(event: OrderEvent) -> UUID:
    return event.order_id


# Every event of the stream, so that the row's version is the stream's and serves as its ETag.
EVENTS = (
    *AFTER,
    OrderPaid,
    OrderPaidLate,
    OrderAddressChanged,
    OrderLinesCancelled,
    OrderReturnRequested,
    OrderReturnRefused,
    OrderReturned,
)

view = View(
    "orders",
    OrderPage,
    key=order_of,
    evolve=evolve,
    events=EVENTS,
    columns={
        "buyer_id": "uuid",
        "seller_id": "uuid",
        "checkout_id": "uuid",
        "recurring_id": "uuid",
        "status": "text",
        "stage": "text",
        "payment_due": "timestamptz",
        "placed_at": "timestamptz",
    },
    indexes=(
        "buyer_id, placed_at DESC, key DESC",
        "seller_id, placed_at DESC, key DESC",
        "status, placed_at DESC, key DESC",
        "placed_at DESC, key DESC",
        "checkout_id",
        "recurring_id",
    ),
)

NEWEST_FIRST = Order(("placed_at",))


def visible_to(by: Actor) -> Where:
    """A buyer's and a seller's own, everything for those who run the market."""
    if by.is_any(Role.STAFF, Role.ADMIN, Role.AUDITOR):
        return ALL
    return Where("buyer_id = %(caller)s OR seller_id = %(caller)s", {"caller": by.id})


def bought_by(buyer_id: UUID) -> Where:
    return equals("buyer_id", buyer_id)


def sold_by(seller_id: UUID) -> Where:
    return equals("seller_id", seller_id)


def asked_for(status: Status | None, checkout: UUID | None, recurring: UUID | None) -> Where:
    wanted = {"status": status, "checkout_id": checkout, "recurring_id": recurring}
    return reduce(and_, (equals(column, value) for column, value in wanted.items() if value is not None), ALL)

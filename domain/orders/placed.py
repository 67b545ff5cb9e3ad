"""An order as it stands: what of it is still to come, and what of its price was given back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID, uuid5

from domain.decider import Rejected
from domain.orders.events import Part, Reason, Status
from domain.trade import OrderLine, Spot, Taken
from domain.values import Address, Erased, Value

RETURNING = "RETURNING"
RETURNED = "RETURNED"

AT_FAULT = frozenset({Reason.OUT_OF_STOCK, Reason.DAMAGED, Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM, Reason.UNDELIVERABLE})
"""The seller's side: where everything goes back for one of these, the delivery is paid back too."""


class Unplaced(Value, frozen=True, tag=True):
    pass


class Return(Value, frozen=True):
    parts: tuple[Part, ...]
    reason: Reason


class Placed(Value, frozen=True, tag=True):
    """`gone` counts the pieces of each line that were cancelled or returned; `paid` says that the service saw the money."""

    order_id: UUID
    checkout_id: UUID
    buyer_id: UUID
    seller_id: UUID
    status: Status
    currency: str
    lines: tuple[OrderLine, ...]
    delivery_fee: int
    total: int
    address: Address | Erased
    contact: str | Erased
    payment_id: UUID
    payment_due: datetime
    spot: Spot | Erased | None
    slot_id: UUID | None
    starts_at: datetime | None
    ends_at: datetime | None
    zone: UUID | None
    timezone: str
    code_id: UUID | None
    gone: Mapping[int, int] = {}
    paid: bool = False
    refunded: int = 0
    refunds: int = 0
    delivered_at: datetime | None = None
    returning: Return | None = None

    @property
    def stage(self) -> str:
        return stage(self.status, returning=self.returning is not None, left=bool(left(self)))

    @property
    def refund_id(self) -> UUID:
        """Of the refund that comes next."""
        return uuid5(self.order_id, f"refund {self.refunds + 1}")


def stage(status: str, *, returning: bool, left: bool) -> str:
    """What the lifecycle's table asks: the status, or how far a delivered order is on its way back."""
    if status != Status.DELIVERED:
        return status
    if returning:
        return RETURNING
    return status if left else RETURNED


def left(order: Placed) -> dict[int, int]:
    """Pieces still the buyer's, by line; lines of which none are left are left out."""
    counted = {each.line: each.quantity - order.gone.get(each.line, 0) for each in order.lines}
    return {line: quantity for line, quantity in counted.items() if quantity > 0}


def everything(order: Placed) -> tuple[Part, ...]:
    return tuple(Part(line, quantity) for line, quantity in left(order).items())


def chosen(order: Placed, parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts in order of lines, each line once; `line_not_found` or `quantity_invalid` where the order has no such pieces."""
    have, lines = left(order), {each.line for each in order.lines}
    wanted: dict[int, int] = {}
    for index, part in enumerate(parts):
        if part.line not in lines:
            raise Rejected("line_not_found", f"The order has no line {part.line}.", pointer=f"/parts/{index}/line")
        wanted[part.line] = wanted.get(part.line, 0) + part.quantity
        if part.quantity < 1 or wanted[part.line] > have.get(part.line, 0):
            raise Rejected("quantity_invalid", f"From 1 to {have.get(part.line, 0)}.", pointer=f"/parts/{index}/quantity")
    return tuple(Part(line, wanted[line]) for line in sorted(wanted))


def taken(order: Placed, parts: Iterable[Part]) -> tuple[Taken, ...]:
    """What the parts take from each stock, or give back to it."""
    stocks = {each.line: each.stock_id for each in order.lines}
    found: dict[UUID, int] = {}
    for part in parts:
        stock = stocks[part.line]
        found[stock] = found.get(stock, 0) + part.quantity
    return tuple(Taken(stock, quantity) for stock, quantity in found.items())


def without(gone: Mapping[int, int], parts: Iterable[Part]) -> dict[int, int]:
    counted = dict(gone)
    for part in parts:
        counted[part.line] = counted.get(part.line, 0) + part.quantity
    return counted


def worth(order: Placed, parts: Iterable[Part]) -> int:
    """What was paid for the parts: however a line is taken apart, its pieces add up to what it cost."""
    lines = {each.line: each for each in order.lines}
    value = 0
    for part in parts:
        line, before = lines[part.line], order.gone.get(part.line, 0)
        value += line.total * (before + part.quantity) // line.quantity - line.total * before // line.quantity
    return value


def owed_for(order: Placed, parts: Iterable[Part], reason: Reason) -> int:
    """What goes back to the buyer for delivered parts: their price, and the delivery's where the seller made all of it futile."""
    parts = tuple(parts)
    futile = reason in AT_FAULT and without(order.gone, parts) == {each.line: each.quantity for each in order.lines}
    value = worth(order, parts) + (order.delivery_fee if futile else 0)
    return min(value, order.total - order.refunded) if order.paid else 0

"""Every movement of every stock, one row each: what came, went, was promised, counted and put right, and by whose word."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from domain.stock.events import (
    Movement,
    StockAdjusted,
    StockCommitted,
    StockCounted,
    StockReceived,
    StockReleased,
    StockReserved,
    StockReturned,
)
from domain.values import Value
from projections.view import Journal


class Moved(Value, frozen=True):
    """`on_hand` and `reserved` are what the movement changed, `on_hand_after` and `reserved_after` what there was then.

    `number` counts the movements of the stock from 1. `order_id` is set where an order moved it, `by` where a person did.
    """

    stock_id: UUID
    number: int
    kind: str
    on_hand: int
    reserved: int
    on_hand_after: int
    reserved_after: int
    at: datetime
    order_id: UUID | None = None
    by: UUID | None = None
    reason: str = ""


def rows(_known: None, event: Movement) -> Sequence[Moved]:
    match event:
        case StockReceived(quantity=quantity, by=by, reference=reference):
            return [moved(event, "received", on_hand=quantity, by=by, reason=reference)]
        case StockReserved(quantity=quantity, order_id=order):
            return [moved(event, "reserved", reserved=quantity, order_id=order)]
        case StockReleased(quantity=quantity, order_id=order, reason=reason):
            return [moved(event, "released", reserved=-quantity, order_id=order, reason=reason)]
        case StockCommitted(quantity=quantity, order_id=order):
            return [moved(event, "committed", on_hand=-quantity, reserved=-quantity, order_id=order)]
        case StockReturned(quantity=quantity, order_id=order, reason=reason):
            return [moved(event, "returned", on_hand=quantity, order_id=order, reason=reason)]
        case StockAdjusted(difference=difference, by=by, reason=reason, note=note):
            return [moved(event, "adjusted", on_hand=difference, by=by, reason=f"{reason}: {note}" if note else reason)]
        case StockCounted(difference=difference, by=by):
            return [moved(event, "counted", on_hand=difference, by=by)]


def moved(
    event: Movement,
    kind: str,
    *,
    on_hand: int = 0,
    reserved: int = 0,
    order_id: UUID | None = None,
    by: UUID | None = None,
    reason: str = "",
) -> Moved:
    after = event.level
    return Moved(
        event.stock_id, after.movement, kind, on_hand, reserved, after.on_hand, after.reserved, event.at, order_id, by, str(reason)
    )


def stock_of(event: Movement) -> UUID:
    return event.stock_id


journal: Journal[Moved] = Journal(
    "stock_movements",
    Moved,
    key=stock_of,
    rows=rows,
    events=(StockReceived, StockReserved, StockReleased, StockCommitted, StockReturned, StockAdjusted, StockCounted),
    indexes=("stock_id, position, ordinal",),
)

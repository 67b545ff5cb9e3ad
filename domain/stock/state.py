"""What there is of one thing at one place, and who holds what of it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.decider import Rejected
from domain.stock.events import (
    Level,
    Movement,
    StockAdjusted,
    StockCameBack,
    StockCommitted,
    StockCounted,
    StockEvent,
    StockRanLow,
    StockReceived,
    StockReleased,
    StockReserved,
    StockReturned,
    StockWatched,
)
from domain.values import Value

STOCK = UUID("7f7a1f0c-8f57-5a4b-9d0e-3f1d5a6c2b11")
"""The namespace of the streams' ids."""

MAIN = "main"
"""The location of sellers who keep all in one place."""

MOST = 10**9
"""Of one movement, and on hand."""

LET_GO_KEPT = 200
"""Orders that let go of what they had reserved, the newest: word of their payment may still be on its way here."""

COMMITS_KEPT = 5_000
"""Orders whose sale can still be returned by itself: a state that kept all of them would grow without end."""

SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
LOCATION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
NOTE_LIMIT = 500


def stock_id(seller_id: UUID, sku: str, location: str = MAIN) -> UUID:
    """Articles are the same whether written in capitals or not."""
    return uuid5(STOCK, f"{seller_id}\n{sku.upper()}\n{location}")


class Unstocked(Value, frozen=True, tag=True):
    pass


class Reservation(Value, frozen=True):
    quantity: int
    expires_at: datetime


class Stocked(Value, frozen=True, tag=True):
    """`held` is the sum of what is reserved; `committed` are the sales that can be returned, by order, the oldest first.

    `let_go` are orders that were called off before word of their payment came.
    """

    stock_id: UUID
    seller_id: UUID
    sku: str
    location: str
    on_hand: int = 0
    held: int = 0
    movements: int = 0
    low_at: int | None = None
    reserved: Mapping[UUID, Reservation] = {}
    committed: Mapping[UUID, int] = {}
    forgotten: int = 0
    let_go: tuple[UUID, ...] = ()

    @property
    def available(self) -> int:
        return self.on_hand - self.held

    def level(self, on_hand: int = 0, held: int = 0) -> Level:
        """The level after these changes."""
        return Level(self.on_hand + on_hand, self.held + held, self.movements + 1)


Stock = Unstocked | Stocked


def evolve(stock: Stock, event: StockEvent) -> Stock:
    match event, stock:
        case StockReceived() | StockCounted() | StockWatched(), Unstocked():
            return evolve(Stocked(event.stock_id, event.seller_id, event.sku, event.location), event)
        case StockWatched(), Stocked():
            return replace(stock, low_at=event.low_at)
        case StockRanLow() | StockCameBack(), _:
            return stock
        case _, Stocked():
            level = event.level
            moved = replace(stock, on_hand=level.on_hand, held=level.reserved, movements=level.movement)
            return promised(moved, event)
        case _:
            return stock


def promised(stock: Stocked, event: Movement) -> Stocked:
    """Who holds what after the movement."""
    match event:
        case StockReserved(order_id=order, quantity=quantity, expires_at=expires_at):
            return replace(stock, reserved={**stock.reserved, order: Reservation(quantity, expires_at)})
        case StockReleased(order_id=order, quantity=quantity):
            held = stock.reserved.get(order)
            if held is None or held.quantity <= quantity:
                return replace(stock, reserved=without(stock.reserved, order), let_go=(*stock.let_go, order)[-LET_GO_KEPT:])
            return replace(stock, reserved={**stock.reserved, order: replace(held, quantity=held.quantity - quantity)})
        case StockCommitted(order_id=order, quantity=quantity):
            sold, forgotten = {**stock.committed, order: quantity}, stock.forgotten
            if len(sold) > COMMITS_KEPT:
                sold, forgotten = without(sold, next(iter(sold))), forgotten + 1
            return replace(stock, reserved=without(stock.reserved, order), committed=sold, forgotten=forgotten)
        case StockReturned(order_id=order, quantity=quantity):
            left = stock.committed.get(order, 0) - quantity
            return replace(stock, committed={**stock.committed, order: left} if left > 0 else without(stock.committed, order))
        case StockReceived() | StockAdjusted() | StockCounted():
            return stock


def without(held: Mapping[UUID, Any], order: UUID) -> dict[UUID, Any]:
    return {each: kept for each, kept in held.items() if each != order}


def told(stock: Stocked, movement: Movement) -> list[StockEvent]:
    """The movement, and what it means to those who wait or watch."""
    before, after, now = stock.available, movement.level.available, movement.at
    events: list[StockEvent] = [movement]
    if before == 0 < after:
        events.append(StockCameBack(stock.stock_id, stock.seller_id, stock.sku, after, now))
    if stock.low_at is not None and before > stock.low_at >= after:
        events.append(StockRanLow(stock.stock_id, stock.seller_id, stock.sku, after, stock.low_at, now))
    return events


def counted(quantity: int, least: int, pointer: str = "/quantity") -> int:
    if not least <= quantity <= MOST:
        raise Rejected("quantity_invalid", f"From {least} to {MOST}.", pointer=pointer)
    return quantity

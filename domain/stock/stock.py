"""The stock of one thing at one place: never more is promised than there is, and what is given back comes back once.

What is on hand is either reserved for an order or available. An order's payment takes what it reserved off the shelf. Nothing goes
back by the clock alone: the order that reserved it says when it is over, so that a late payment cannot meet a released reservation.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.stock.commands import (
    AdjustStock,
    CommitStock,
    CountStock,
    GiveBackStock,
    OrdersCommand,
    ReceiveStock,
    ReserveStock,
    SellersCommand,
    StockCommand,
    WatchStock,
)
from domain.stock.events import (
    AdjustmentReason,
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
from domain.text import line
from domain.values import Actor, Role, Value

STOCK = UUID("7f7a1f0c-8f57-5a4b-9d0e-3f1d5a6c2b11")
"""The namespace of the streams' ids."""

MAIN = "main"
"""The location of sellers who keep all in one place."""

MOST = 10**9
"""Of one movement, and on hand."""

COMMITS_KEPT = 5_000
"""Orders whose sale can still be returned by itself: a state that kept all of them would grow without end."""

SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
LOCATION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
NOTE_LIMIT = 500

GAINS = {AdjustmentReason.FOUND}
LOSSES = {AdjustmentReason.DAMAGED, AdjustmentReason.LOST, AdjustmentReason.STOLEN, AdjustmentReason.EXPIRED}

ACTIONS = ["receive", "adjust", "count", "watch"]


def stock_id(seller_id: UUID, sku: str, location: str = MAIN) -> UUID:
    """Articles are the same whether written in capitals or not."""
    return uuid5(STOCK, f"{seller_id}\n{sku.upper()}\n{location}")


class Unstocked(Value, frozen=True, tag=True):
    pass


class Reservation(Value, frozen=True):
    quantity: int
    expires_at: datetime


class Stocked(Value, frozen=True, tag=True):
    """`held` is the sum of what is reserved; `committed` are the sales that can be returned, by order, the oldest first."""

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

    @property
    def available(self) -> int:
        return self.on_hand - self.held

    def level(self, on_hand: int = 0, held: int = 0) -> Level:
        """The level after these changes."""
        return Level(self.on_hand + on_hand, self.held + held, self.movements + 1)


Stock = Unstocked | Stocked


def decide(command: StockCommand, stock: Stock) -> list[StockEvent]:
    match command:
        case ReserveStock() | CommitStock() | GiveBackStock():
            return for_order(command, stock)
        case ReceiveStock() | AdjustStock() | CountStock() | WatchStock():
            return for_seller(command, stock)


def for_seller(command: SellersCommand, stock: Stock) -> list[StockEvent]:
    match command, stock:
        case AdjustStock(), Unstocked():
            raise Rejected("stock_not_found")
        case AdjustStock(), Stocked():
            require_own(stock.seller_id, command.by)
            return adjust(command, stock)
        case ReceiveStock() | CountStock() | WatchStock(), _:
            require_own(command.seller_id, command.by)
            return on_shelf(command, opened(command) if isinstance(stock, Unstocked) else stock)


def on_shelf(command: ReceiveStock | CountStock | WatchStock, stock: Stocked) -> list[StockEvent]:
    match command:
        case ReceiveStock():
            return receive(command, stock)
        case CountStock():
            return count(command, stock)
        case WatchStock():
            return watch(command, stock)


def for_order(command: OrdersCommand, stock: Stock) -> list[StockEvent]:
    match command, stock:
        case ReserveStock(), Unstocked():
            raise out_of_stock(0)
        case _, Unstocked():
            raise Rejected("stock_not_found")
        case ReserveStock(), Stocked():
            return reserve(command, stock)
        case CommitStock(), Stocked():
            return commit(command, stock)
        case GiveBackStock(), Stocked():
            return give_back(command, stock)


def opened(command: ReceiveStock | CountStock | WatchStock) -> Stocked:
    article(command.sku)
    if not LOCATION.fullmatch(command.location):
        raise Rejected("location_invalid", "Small letters, digits and hyphens, at most 40.", pointer="/location")
    return Stocked(command.stock_id, command.seller_id, command.sku, command.location)


def article(sku: str, pointer: str | None = None) -> str:
    """A stock-keeping unit's name as it stands in addresses, labels and files, else `sku_invalid`."""
    if not SKU.fullmatch(sku):
        raise Rejected("sku_invalid", "Letters, digits, points, underscores and hyphens, at most 64.", pointer=pointer)
    return sku


def receive(command: ReceiveStock, stock: Stocked) -> list[StockEvent]:
    quantity = counted(command.quantity, 1)
    if stock.on_hand + quantity > MOST:
        raise Rejected("quantity_invalid", f"At most {MOST} can be on hand.", pointer="/quantity")
    reference = line(command.reference, NOTE_LIMIT, "/reference")
    level = stock.level(on_hand=quantity)
    received = StockReceived(
        stock.stock_id, stock.seller_id, stock.sku, stock.location, quantity, command.by.id, level, command.now, reference
    )
    return told(stock, received)


def adjust(command: AdjustStock, stock: Stocked) -> list[StockEvent]:
    difference, reason = command.difference, command.reason
    if not 1 <= abs(difference) <= MOST or stock.on_hand + difference > MOST:
        raise Rejected("quantity_invalid", f"The difference lies between 1 and {MOST}, up or down.", pointer="/difference")
    if (reason in LOSSES and difference > 0) or (reason in GAINS and difference < 0):
        raise Rejected("quantity_invalid", f"What was {reason} makes {'less' if reason in LOSSES else 'more'}.", pointer="/difference")
    require_unpromised(stock, stock.on_hand + difference)
    note = line(command.note, NOTE_LIMIT, "/note")
    level = stock.level(on_hand=difference)
    return told(stock, StockAdjusted(stock.stock_id, difference, reason, note, command.by.id, level, command.now))


def count(command: CountStock, stock: Stocked) -> list[StockEvent]:
    found = counted(command.counted, 0, "/counted")
    require_unpromised(stock, found)
    difference = found - stock.on_hand
    level = stock.level(on_hand=difference)
    by, now = command.by.id, command.now
    return told(stock, StockCounted(stock.stock_id, stock.seller_id, stock.sku, stock.location, found, difference, by, level, now))


def watch(command: WatchStock, stock: Stocked) -> list[StockEvent]:
    low_at, now = command.low_at, command.now
    if low_at is not None:
        counted(low_at, 0, "/lowAt")
    if low_at == stock.low_at:
        return []
    watched = StockWatched(stock.stock_id, stock.seller_id, stock.sku, stock.location, low_at, now)
    if low_at is None or stock.available > low_at or (stock.low_at is not None and stock.available <= stock.low_at):
        return [watched]
    return [watched, StockRanLow(stock.stock_id, stock.seller_id, stock.sku, stock.available, low_at, now)]


def reserve(command: ReserveStock, stock: Stocked) -> list[StockEvent]:
    if command.order_id in stock.reserved or command.order_id in stock.committed:
        return []  # asked twice: already so
    quantity = counted(command.quantity, 1)
    if quantity > stock.available:
        raise out_of_stock(stock.available)
    level = stock.level(held=quantity)
    return told(stock, StockReserved(stock.stock_id, command.order_id, quantity, command.expires_at, level, command.now))


def commit(command: CommitStock, stock: Stocked) -> list[StockEvent]:
    if command.order_id in stock.committed:
        return []
    reserved = stock.reserved.get(command.order_id)
    if reserved is None:
        raise Rejected("not_reserved", "The order has nothing reserved here.")
    level = stock.level(on_hand=-reserved.quantity, held=-reserved.quantity)
    return told(stock, StockCommitted(stock.stock_id, command.order_id, reserved.quantity, level, command.now))


def give_back(command: GiveBackStock, stock: Stocked) -> list[StockEvent]:
    id, order, now = stock.stock_id, command.order_id, command.now
    quantity, reason = counted(command.quantity, 1), line(command.reason, NOTE_LIMIT, "/reason")
    reserved = stock.reserved.get(order)
    holding = stock.committed.get(order, 0) if reserved is None else reserved.quantity
    if not holding and not stock.forgotten:
        return []  # all of it came back before
    if not holding:
        raise Rejected("sale_forgotten", "So many were sold since that a person must look: count in what came back.")
    if quantity > holding:
        raise Rejected("more_than_held", f"The order holds {holding}.")
    if reserved is None:
        return told(stock, StockReturned(id, order, quantity, reason, stock.level(on_hand=quantity), now))
    return told(stock, StockReleased(id, order, quantity, reason, stock.level(held=-quantity), now))


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


def out_of_stock(left: int) -> Rejected:
    return Rejected("out_of_stock", f"{left} left." if left else "None left.")


def require_unpromised(stock: Stocked, on_hand: int) -> None:
    if on_hand < 0:
        raise Rejected("stock_too_small", f"There are {stock.on_hand}.")
    if on_hand < stock.held:
        raise Rejected("stock_promised", f"{stock.held} are promised to orders: cancel of these first.")


def require_own(seller_id: UUID, by: Actor) -> None:
    if by.id != seller_id and not by.is_any(Role.ADMIN, Role.STAFF):
        raise Rejected("not_yours")


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
                return replace(stock, reserved=without(stock.reserved, order))
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


def actions(stock: Any, by: Actor) -> list[str]:
    return next_actions(stock.seller_id, by) if isinstance(stock, Stocked) else []


def next_actions(seller_id: UUID, by: Actor) -> list[str]:
    """What `by` may do next with a seller's stock: for queries, from a read model's row."""
    return ACTIONS if by.id == seller_id or by.is_any(Role.ADMIN, Role.STAFF) else []


stocks = Decider("stock", Unstocked(), decide, evolve, actions=actions, contended=True)

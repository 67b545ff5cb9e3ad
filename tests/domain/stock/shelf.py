"""Ana keeps milk on her shelf, Ben's and Cleo's orders want some of it; events and commands with what does not matter filled in."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.stock import commands as c
from domain.stock import events as e
from domain.stock.stock import MAIN, stock_id
from domain.values import Actor, Role

ANA = Actor(UUID("018f0000-0000-7000-8000-00000000a0a0"), frozenset({Role.SELLER}))
BEN = Actor(UUID("018f0000-0000-7000-8000-00000000be00"), frozenset({Role.SELLER}))
ADA = Actor(UUID("018f0000-0000-7000-8000-00000000ada0"), frozenset({Role.ADMIN}))
MILK = stock_id(ANA.id, "MILK-1L")
BENS = UUID("018f0000-0000-7000-8000-0000000be0d1")
CLEOS = UUID("018f0000-0000-7000-8000-000000c1e0d2")

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOON = NOON + timedelta(minutes=15)


def receive(quantity: int, by: Actor = ANA, *, sku: str = "MILK-1L", location: str = MAIN) -> c.ReceiveStock:
    return c.ReceiveStock(MILK, ANA.id, sku, location, quantity, by, NOON)


def adjust(difference: int, reason: str, by: Actor = ANA) -> c.AdjustStock:
    return c.AdjustStock(MILK, difference, e.AdjustmentReason(reason), by, NOON)


def count(counted: int, by: Actor = ANA) -> c.CountStock:
    return c.CountStock(MILK, ANA.id, "MILK-1L", MAIN, counted, by, NOON)


def watch(low_at: int | None, by: Actor = ANA) -> c.WatchStock:
    return c.WatchStock(MILK, ANA.id, "MILK-1L", MAIN, low_at, by, NOON)


def reserve(quantity: int, order: UUID = BENS) -> c.ReserveStock:
    return c.ReserveStock(MILK, order, quantity, SOON, NOON)


def commit(order: UUID = BENS) -> c.CommitStock:
    return c.CommitStock(MILK, order, NOON)


def give_back(quantity: int, order: UUID = BENS) -> c.GiveBackStock:
    return c.GiveBackStock(MILK, order, quantity, "cancelled", NOON)


def level(on_hand: int, reserved: int, movement: int) -> e.Level:
    return e.Level(on_hand, reserved, movement)


def received(quantity: int, after: e.Level) -> e.StockReceived:
    return e.StockReceived(MILK, ANA.id, "MILK-1L", MAIN, quantity, ANA.id, after, NOON)


def reserved(quantity: int, after: e.Level, order: UUID = BENS) -> e.StockReserved:
    return e.StockReserved(MILK, order, quantity, SOON, after, NOON)


def released(quantity: int, after: e.Level, order: UUID = BENS) -> e.StockReleased:
    return e.StockReleased(MILK, order, quantity, "cancelled", after, NOON)


def committed(quantity: int, after: e.Level, order: UUID = BENS) -> e.StockCommitted:
    return e.StockCommitted(MILK, order, quantity, after, NOON)


def returned(quantity: int, after: e.Level, order: UUID = BENS) -> e.StockReturned:
    return e.StockReturned(MILK, order, quantity, "cancelled", after, NOON)


def adjusted(difference: int, reason: str, after: e.Level) -> e.StockAdjusted:
    return e.StockAdjusted(MILK, difference, e.AdjustmentReason(reason), "", ANA.id, after, NOON)


def counted(found: int, difference: int, after: e.Level) -> e.StockCounted:
    return e.StockCounted(MILK, ANA.id, "MILK-1L", MAIN, found, difference, ANA.id, after, NOON)


def watched(low_at: int | None) -> e.StockWatched:
    return e.StockWatched(MILK, ANA.id, "MILK-1L", MAIN, low_at, NOON)


def ran_low(available: int, low_at: int) -> e.StockRanLow:
    return e.StockRanLow(MILK, ANA.id, "MILK-1L", available, low_at, NOON)


def came_back(available: int) -> e.StockCameBack:
    return e.StockCameBack(MILK, ANA.id, "MILK-1L", available, NOON)


ten = received(10, level(10, 0, 1))
"""Ten litres on the shelf."""

three_for_ben = reserved(3, level(10, 3, 2))
three_sold = committed(3, level(7, 0, 3))

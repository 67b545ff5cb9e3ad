"""How much there is of each thing: read by its seller, and by every page that says what can be bought."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.stock.events import (
    Level,
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
from domain.values import Actor, Role, Value
from projections.sql import ALL, Order, Where, equals
from projections.view import View


class StockLevel(Value, frozen=True):
    """`available` is what is on hand and not reserved; `low` says that it is no more than `low_at`."""

    id: UUID
    seller_id: UUID
    sku: str
    location: str
    on_hand: int
    reserved: int
    available: int
    low_at: int | None
    low: bool
    changed_at: datetime


def evolve(level: StockLevel | None, event: StockEvent) -> StockLevel | None:
    match event, level:
        case StockReceived() | StockCounted() | StockWatched(), None:
            return evolve(
                StockLevel(event.stock_id, event.seller_id, event.sku, event.location, 0, 0, 0, None, low=False, changed_at=event.at), event
            )
        case StockWatched(), StockLevel():
            return watched(replace(level, low_at=event.low_at, changed_at=event.at))
        case StockRanLow() | StockCameBack(), _:
            return level
        case _, StockLevel():
            return watched(moved(level, event.level, event.at))
        case _:
            return level


def moved(level: StockLevel, now: Level, at: datetime) -> StockLevel:
    return replace(level, on_hand=now.on_hand, reserved=now.reserved, available=now.available, changed_at=at)


def watched(level: StockLevel) -> StockLevel:
    return replace(level, low=level.low_at is not None and level.available <= level.low_at)


def stock_of(event: StockEvent) -> UUID:
    return event.stock_id


# Every event of the stream, so that the row's version is the stream's and serves as its ETag.
EVENTS = (
    StockReceived,
    StockReserved,
    StockReleased,
    StockCommitted,
    StockReturned,
    StockAdjusted,
    StockCounted,
    StockWatched,
    StockRanLow,
    StockCameBack,
)

view = View(
    "stock_levels",
    StockLevel,
    key=stock_of,
    evolve=evolve,
    events=EVENTS,
    columns={"seller_id": "uuid", "sku": "text", "location": "text", "low": "boolean"},
    indexes=("seller_id, sku, key", "sku, key"),
)

BY_ARTICLE = Order(("sku",), descending=False)


def visible_to(by: Actor) -> Where:
    """A seller's own, and everything for those who run the market."""
    return ALL if by.is_any(Role.ADMIN, Role.STAFF, Role.AUDITOR) else Where("seller_id = %(caller)s", {"caller": by.id})


def asked_for(seller: UUID | None, location: str | None, *, low: bool | None) -> Where:
    wanted = ALL
    for column, value in {"seller_id": seller, "location": location, "low": low}.items():
        if value is not None:
            wanted &= equals(column, value)
    return wanted

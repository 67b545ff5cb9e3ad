"""The feed of stock: how much there is of each article after every movement; for whom it moved stays private."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.stock import events
from domain.values import Value
from projections.view import Feed


class Cause(StrEnum):
    """What moved it."""

    RECEIVED = "received"
    RESERVED = "reserved"
    RELEASED = "released"
    SOLD = "sold"
    RETURNED = "returned"
    ADJUSTED = "adjusted"
    COUNTED = "counted"


CAUSES: Mapping[type[Value], Cause] = {
    events.StockReceived: Cause.RECEIVED,
    events.StockReserved: Cause.RESERVED,
    events.StockReleased: Cause.RELEASED,
    events.StockCommitted: Cause.SOLD,
    events.StockReturned: Cause.RETURNED,
    events.StockAdjusted: Cause.ADJUSTED,
    events.StockCounted: Cause.COUNTED,
}


class StockMoved(Value, frozen=True):
    """So much there is now: `available` is what is on hand and not reserved; movements of a stock are numbered from 1."""

    stock_id: UUID
    seller_id: UUID
    sku: str
    location: str
    movement: int
    cause: Cause
    on_hand: int
    reserved: int
    available: int


class Article(Value, frozen=True):
    seller_id: UUID
    sku: str
    location: str


def evolve(article: Article | None, event: Value) -> Article | None:
    match event:
        case events.StockReceived() | events.StockCounted() | events.StockWatched():
            return Article(event.seller_id, event.sku, event.location)
        case _:
            return article


def public(article: Article | None, event: Value) -> Value | None:
    """A first movement names its article itself; all others are of one that is known."""
    article = evolve(article, event)
    cause = CAUSES.get(type(event))
    return None if article is None or cause is None else moved(article, cause, event)


def moved(article: Article, cause: Cause, event: Any) -> StockMoved:
    id, level = event.stock_id, event.level
    seller, sku, location = article.seller_id, article.sku, article.location
    return StockMoved(id, seller, sku, location, level.movement, cause, level.on_hand, level.reserved, level.available)


def stock_of(event: Any) -> UUID:
    return event.stock_id


stock: Feed[Article] = Feed(
    "stock",
    "Stock of each article at each place: how much there is after every movement.",
    known=Article,
    key=stock_of,
    evolve=evolve,
    public=public,
    events=(*CAUSES, events.StockWatched),
    payloads=(StockMoved,),
)

"""What somebody looks for among public groups, and how OpenSearch is asked for it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.groups.values import Status
from domain.listings import categories
from projections import cursors
from projections.listings.criteria import Bounds, Circle
from projections.listings.prices import Prices
from projections.listings.request import Clause, all_of, by_price, found_in, within
from projections.search import TIE


class Sort(StrEnum):
    """`closing` begins with the group that closes next, `price` with the cheapest piece, `progress` with the fullest."""

    CLOSING = "closing"
    NEWEST = "newest"
    PRICE = "price"
    PROGRESS = "progress"


class Wanted(Struct, frozen=True):
    """`price` are bounds of one piece's price in minor units of `currency`; `near` has a radius."""

    currency: str
    status: tuple[Status, ...]
    words: str = ""
    category: str | None = None
    supplier: UUID | None = None
    closing_before: datetime | None = None
    price: Bounds = Bounds(None, None)
    near: Circle | None = None
    sort: Sort = Sort.CLOSING
    limit: int = 20


def request(wanted: Wanted, prices: Prices, cursor: str | None) -> dict[str, Any]:
    """Raises `BadCursor`. Nothing is counted, so that a search may stop as soon as it has its page."""
    asked: dict[str, Any] = {
        "query": query(wanted, prices),
        "sort": order(wanted, prices),
        "size": wanted.limit + 1,
        "track_total_hits": False,
        "timeout": "2s",
    }
    if cursor is not None:
        asked["search_after"] = cursors.read(cursor, question(wanted, prices), list[Any])
    return asked


def cursor_at(place: Sequence[Any], wanted: Wanted, prices: Prices) -> str:
    """Where a page ended, so that it continues this search and no other; with another limit it may."""
    return cursors.written(place, question(wanted, prices))


def question(wanted: Wanted, prices: Prices) -> tuple[Wanted, list[Clause]]:
    """What a cursor fits: these conditions in this order, which depends on whether there is more than one currency."""
    return replace(wanted, limit=0), order(wanted, prices)


def query(wanted: Wanted, prices: Prices) -> Clause:
    narrowing: list[Clause] = [{"terms": {"status": wanted.status}}, *found_in(wanted.words)]
    if wanted.category is not None:
        narrowing.append({"terms": {"category": categories.within(wanted.category)}})
    if wanted.supplier is not None:
        narrowing.append({"term": {"supplierId": wanted.supplier}})
    if wanted.closing_before is not None:
        narrowing.append({"range": {"deadline": {"lt": wanted.closing_before}}})
    if wanted.near is not None and wanted.near.radius is not None:
        point = {"lat": wanted.near.latitude, "lon": wanted.near.longitude}
        narrowing.append({"geo_distance": {"distance": f"{wanted.near.radius}km", "locations": point}})
    if wanted.price != (None, None):
        ways = [
            all_of([{"term": {"price.currency": currency}}, within("price.amount", prices.within(wanted.price, currency))])
            for currency in prices.factors
        ]
        narrowing.append({"bool": {"should": ways, "minimum_should_match": 1}})
    matching = all_of(narrowing)
    return by_price(matching, prices, cheapest=True) if wanted.sort is Sort.PRICE and not alone(prices) else matching


def alone(prices: Prices) -> bool:
    """Whether all groups are in one currency, so that their amounts compare as they are."""
    return len(prices.factors) <= 1


def order(wanted: Wanted, prices: Prices) -> list[Clause]:
    return [first(wanted, prices), TIE]


def first(wanted: Wanted, prices: Prices) -> Clause:
    match wanted.sort:
        case Sort.CLOSING:
            return {"deadline": "asc"}
        case Sort.NEWEST:
            return {"openedAt": "desc"}
        case Sort.PROGRESS:
            return {"percent": "desc"}
        case Sort.PRICE if alone(prices):
            return {"price.amount": "asc"}
        case Sort.PRICE:
            return {"_score": "asc"}

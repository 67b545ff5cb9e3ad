"""What a search shows: listings with their prices also in the caller's currency, and how many there are of each sort."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.deliveries.route import kilometres
from domain.listings.attributes import Attributes
from domain.listings.images import Image
from domain.trade import Spot
from domain.values import Money, Place, Value
from projections.listings.criteria import Circle, Criteria, Sort
from projections.listings.prices import Prices
from projections.listings.request import BREAKS, FACETS, cursor_at, ranges
from projections.search import Answer, Hit


class FoundListing(Value, frozen=True):
    """A listing as lists show it, with the first of its images; its page has the rest."""

    id: UUID
    seller_id: UUID
    kind: str
    category: str
    title: str
    attributes: Attributes
    price: Money | None
    place: Place | None
    published_at: datetime
    image: Image | None = None
    promoted: bool = False


class FoundItem(Value, frozen=True, omit_defaults=True):
    """`price_shown` is the price in the currency asked for, None without a rate.

    `distance` is in km, where both the search and the listing have a point.
    """

    listing: FoundListing
    price_shown: Money | None
    distance: float | None = None


class Total(Value, frozen=True):
    count: int
    exact: bool


class ValueCount(Value, frozen=True, tag_field="kind", tag="value"):
    value: str
    count: int


class RangeCount(Value, frozen=True, omit_defaults=True, tag_field="kind", tag="range"):
    """From `min` on and below `max`; open where left out. A price's are in minor units of the currency asked for."""

    count: int
    min: float | None = None
    max: float | None = None


Facets = Mapping[str, Sequence[ValueCount | RangeCount]]


class Found(Value, frozen=True):
    """`facets` come with the first page; a facet that would count nothing is left out."""

    items: Sequence[FoundItem]
    next: str | None
    total: Total
    currency: str
    facets: Facets


document = msgspec.json.Decoder(FoundListing)
"""OpenSearch answers with whole documents: leaving parts of them out would cost it more than it saves."""


def results(answer: Answer, criteria: Criteria, prices: Prices) -> Found:
    hits = answer.hits.hits[: criteria.limit]
    more = len(answer.hits.hits) > criteria.limit
    total = answer.hits.total
    return Found(
        [item(hit, criteria, prices) for hit in hits],
        cursor_at(hits[-1].sort, criteria) if more else None,
        Total(total.value, total.relation == "eq") if total else Total(len(hits), exact=False),
        prices.currency,
        {name: counted for name, counted in facets(answer.aggregations, prices).items() if counted},
    )


def item(hit: Hit, criteria: Criteria, prices: Prices) -> FoundItem:
    listing = document.decode(hit.source)
    distance = hit.sort[0] if criteria.sort is Sort.DISTANCE else away(listing.place, criteria.near)
    shown = None if listing.price is None else prices.shown(listing.price)
    return FoundItem(listing, shown, round(distance, 3) if isinstance(distance, int | float) else None)


def away(place: Place | None, near: Circle | None) -> float | None:
    if near is None or place is None or place.latitude is None or place.longitude is None:
        return None
    return kilometres(Spot(near.latitude, near.longitude), Spot(place.latitude, place.longitude))


def facets(aggregations: Mapping[str, Any], prices: Prices) -> Facets:
    """In the order of `FACETS`, from whichever group of the request counted them."""
    each = {name: group[name] for name in FACETS for group in aggregations.values() if name in group}
    return {name: price_counts(found, prices) if name == "price" else counts(name, found["buckets"]) for name, found in each.items()}


def counts(name: str, buckets: Sequence[Mapping[str, Any]]) -> Sequence[ValueCount | RangeCount]:
    if name in BREAKS:
        return stepped(BREAKS[name], [bucket["doc_count"] for bucket in buckets])
    return [ValueCount(bucket["key"], bucket["doc_count"]) for bucket in buckets]


def price_counts(found: Mapping[str, Any], prices: Prices) -> Sequence[RangeCount]:
    tallies = [[bucket["doc_count"] for bucket in found[each]["steps"]["buckets"]] for each in prices.factors]
    return stepped(prices.steps, [sum(tally) for tally in zip(*tallies, strict=True)]) if tallies else []


def stepped(breaks: Sequence[float], tally: Sequence[int]) -> Sequence[RangeCount]:
    bounds = ranges(breaks)
    return [RangeCount(count, bound.get("from"), bound.get("to")) for bound, count in zip(bounds, tally, strict=True) if count]


def completed(answer: Answer) -> list[str]:
    return [option.text for found in answer.suggest.get("words", ()) for option in found.options]

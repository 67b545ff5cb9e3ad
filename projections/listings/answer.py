"""What a search shows: listings with their prices also in the caller's currency, and how many there are of each sort."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Raw

from domain.values import Money, Value
from projections.listings.criteria import Criteria, Sort
from projections.listings.prices import Prices
from projections.listings.request import BREAKS, FACETS, cursor_at, ranges
from projections.search import Answer, Hit


class Item(Value, frozen=True, omit_defaults=True):
    """`price_shown` is the price in the currency asked for, None without a rate; `distance` in km, where sorted by it."""

    listing: Raw
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


class Results(Value, frozen=True):
    """`facets` come with the first page; a facet that would count nothing is left out."""

    items: Sequence[Item]
    next: str | None
    total: Total
    currency: str
    facets: Facets


class Priced(Value, frozen=True):
    price: Money | None = None


priced = msgspec.json.Decoder(Priced)


def results(answer: Answer, criteria: Criteria, prices: Prices) -> Results:
    hits = answer.hits.hits[: criteria.limit]
    more = len(answer.hits.hits) > criteria.limit
    total = answer.hits.total
    return Results(
        [item(hit, criteria, prices) for hit in hits],
        cursor_at(hits[-1].sort, criteria) if more else None,
        Total(total.value, total.relation == "eq") if total else Total(len(hits), exact=False),
        prices.currency,
        {name: counted for name, counted in facets(answer.aggregations, prices).items() if counted},
    )


def item(hit: Hit, criteria: Criteria, prices: Prices) -> Item:
    price = priced.decode(hit.source).price
    distance = hit.sort[0] if criteria.sort is Sort.DISTANCE else None
    shown = None if price is None else prices.shown(price)
    return Item(hit.source, shown, round(distance, 3) if isinstance(distance, int | float) else None)


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

"""A search as OpenSearch is asked for it: one request for the hits and all counts.

What narrows (status, kind, category, circle, words) stands in the query; what is chosen among the counted values stands in the
post filter, so that each facet can count by all choices but its own and show what else could be chosen. Nothing runs a script:
prices in many currencies are compared by a weight for each currency.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from domain.listings import categories
from domain.listings.attributes import CATEGORIES
from domain.listings.schema import Kind
from domain.listings.units import EVERY
from projections import cursors
from projections.listings.criteria import RANGES, VALUES, Bounds, Criteria, Sort
from projections.listings.prices import Prices
from projections.search import TIE

COUNTED = 10_000
"""Up to here hits are counted exactly."""

BREAKS: Mapping[str, Sequence[float]] = {
    "year": (1960, 1970, 1980, 1990, 2000, 2005, 2010, 2015, 2020, 2025),
    "length": (4, 6, 8, 10, 12, 15, 20, 30),
    "maximumLength": (6, 8, 10, 12, 15, 20, 30),
    "payload": (250, 500, 750, 1000, 1500, 2000, 3500),
}
"""Where the counted ranges of an attribute meet."""

FACETS = ("category", "country", "price", *VALUES, *RANGES)
FAR = 1e30

PROMOTION = 1.5
"""How much better than it does a promoted listing is taken to fit the words."""

Clause = dict[str, Any]

NEWEST: Clause = {"publishedAt": "desc"}
PROMOTED: Clause = {"term": {"promoted": True}}


def search_request(criteria: Criteria, prices: Prices, cursor: str | None) -> dict[str, Any]:
    """Raises `BadCursor`. The counts come with the first page only."""
    chosen = choices(criteria, prices)
    asked: dict[str, Any] = {
        "query": query(criteria, prices),
        "sort": order(criteria),
        "size": criteria.limit + 1,
        "track_total_hits": COUNTED,
        "timeout": "2s",
    }
    if chosen:
        asked["post_filter"] = all_of(chosen.values())
    if cursor is None:
        asked["aggs"] = counts(criteria, prices, chosen)
    else:
        asked["search_after"] = place_of(cursor, criteria)
    return asked


def completion(begun: str) -> dict[str, Any]:
    """Titles and makers of published listings that begin so."""
    options = {"field": "suggest", "size": 10, "skip_duplicates": True}
    return {"size": 0, "track_total_hits": False, "suggest": {"words": {"prefix": begun, "completion": options}}}


def query(criteria: Criteria, prices: Prices) -> Clause:
    narrowing: list[Clause] = [{"term": {"status": "published"}}]
    if criteria.kind is not None:
        narrowing.append({"term": {"kind": criteria.kind}})
    if criteria.category is not None:
        narrowing.append({"terms": {"category": categories.within(criteria.category)}})
    narrowing += around(criteria)
    if criteria.sort in {Sort.CHEAPEST, Sort.DEAREST}:
        return by_price(all_of([*narrowing, *found_in(criteria.words)]), prices, cheapest=criteria.sort is Sort.CHEAPEST)
    if criteria.sort is Sort.RELEVANCE and criteria.words:
        return promoting({"bool": {"filter": narrowing, "must": found_in(criteria.words), "should": exactly(criteria.words)}})
    return all_of([*narrowing, *found_in(criteria.words)])


def found_in(words: str) -> list[Clause]:
    """Every word somewhere in the listing, with a typo from four letters on and two from eight; the first letter must be right."""
    if not words:
        return []
    return [{"match": {"words": {"query": words, "operator": "and", "fuzziness": "AUTO:4,8", "prefix_length": 1, "max_expansions": 20}}}]


def exactly(words: str) -> list[Clause]:
    """What ranks a listing higher: the words as they were typed, in the title above all."""
    return [
        {"multi_match": {"query": words, "fields": ["title^3", "description"], "type": "most_fields"}},
        {"match": {"words": {"query": words, "boost": 2}}},
    ]


def promoting(matching: Clause) -> Clause:
    """Among listings that fit about as well, promoted ones come first; one that fits much better stays before them."""
    weights = [{"filter": PROMOTED, "weight": PROMOTION}]
    return {"function_score": {"query": matching, "functions": weights, "score_mode": "first", "boost_mode": "multiply"}}


def around(criteria: Criteria) -> list[Clause]:
    if criteria.near is None:
        return []
    if criteria.near.radius is None:
        return [{"exists": {"field": "location"}}] if criteria.sort is Sort.DISTANCE else []
    point = {"lat": criteria.near.latitude, "lon": criteria.near.longitude}
    return [{"geo_distance": {"distance": f"{criteria.near.radius}km", "location": point}}]


def by_price(matching: Clause, prices: Prices, *, cheapest: bool) -> Clause:
    """Scores each listing by its price in the caller's currency (to seven digits, as scores are); unknown ones come last."""
    weights: list[Clause] = [
        {
            "filter": {"term": {"price.currency": currency}},
            "field_value_factor": {"field": "price.amount", "factor": float(factor), "missing": FAR if cheapest else 0},
        }
        for currency, factor in prices.factors.items()
    ]
    weights.append({"weight": FAR if cheapest else 0})
    return {"function_score": {"query": matching, "functions": weights, "score_mode": "first", "boost_mode": "replace"}}


def choices(criteria: Criteria, prices: Prices) -> dict[str, Clause]:
    """The clause of each facet that something was chosen of."""
    chosen: dict[str, Clause] = {}
    if criteria.country:
        chosen["country"] = {"terms": {"place.country": criteria.country}}
    for name, values in criteria.values.items():
        chosen[name] = {"terms": {path(name): values}}
    for name, bounds in criteria.ranges.items():
        chosen[name] = within(f"attributes.{name}", bounds)
    if criteria.price != (None, None):
        ways = [
            all_of([{"term": {"price.currency": currency}}, within("price.amount", prices.within(criteria.price, currency))])
            for currency in prices.factors
        ]
        chosen["price"] = {"bool": {"should": ways, "minimum_should_match": 1}}
    return chosen


def path(name: str) -> str:
    return f"attributes.{name}.folded" if EVERY[name].kind is Kind.TEXT else f"attributes.{name}"


def within(field: str, bounds: Bounds) -> Clause:
    limits = {"gte": bounds.lowest, "lte": bounds.highest}
    return {"range": {field: {word: limit for word, limit in limits.items() if limit is not None}}}


def all_of(clauses: Any) -> Clause:
    return {"bool": {"filter": list(clauses)}}


def counts(criteria: Criteria, prices: Prices, chosen: Mapping[str, Clause]) -> Clause:
    """Facets that nothing is chosen of share one filter; each other one counts by all choices but its own."""
    facets = counted(criteria, prices)
    groups: Clause = {"others": (chosen, {name: facet for name, facet in facets.items() if name not in chosen})}
    for name in chosen:
        if name in facets:
            groups[name] = ({other: clause for other, clause in chosen.items() if other != name}, {name: facets[name]})
    return {name: {"filter": all_of(clauses.values()), "aggs": each} for name, (clauses, each) in groups.items()}


def counted(criteria: Criteria, prices: Prices) -> dict[str, Clause]:
    category = CATEGORIES.get(criteria.category or "")
    attributes = category.attributes if category else EVERY
    facets: dict[str, Clause] = {
        "category": {"terms": {"field": "category", "size": 50}},
        "country": {"terms": {"field": "place.country", "size": 50}},
        "price": by_currency(prices),
    }
    for name in attributes:
        if name in VALUES:
            facets[name] = {"terms": {"field": f"attributes.{name}", "size": 40}}
        elif name in RANGES:
            facets[name] = {"range": {"field": f"attributes.{name}", "ranges": ranges(BREAKS[name])}}
    return facets


def by_currency(prices: Prices) -> Clause:
    """The price ranges counted in each currency apart, to be added up; currencies that nobody asks in cost nothing."""
    each = {currency: {"term": {"price.currency": currency}} for currency in prices.factors}
    steps = {
        currency: {"filter": clause, "aggs": {"steps": {"range": {"field": "price.amount", "ranges": ranges(prices.steps_in[currency])}}}}
        for currency, clause in each.items()
    }
    return {"filter": {"exists": {"field": "price.amount"}}, "aggs": steps}


def ranges(breaks: Sequence[float]) -> list[dict[str, float]]:
    """Below the first, between each two, from the last on."""
    between = [{"from": low, "to": high} for low, high in pairwise(breaks)]
    return [{"to": breaks[0]}, *between, {"from": breaks[-1]}]


def order(criteria: Criteria) -> list[Clause]:
    """The newest come behind what is promoted; whoever asks for another order gets it."""
    newest = first(criteria) == NEWEST
    return [*([{"promoted": "desc"}] if newest else []), first(criteria), TIE]


def first(criteria: Criteria) -> Clause:
    match criteria.sort:
        case Sort.RELEVANCE if criteria.words:
            return {"_score": "desc"}
        case Sort.RELEVANCE | Sort.NEWEST:
            return NEWEST
        case Sort.CHEAPEST:
            return {"_score": "asc"}
        case Sort.DEAREST:
            return {"_score": "desc"}
        case Sort.DISTANCE if criteria.near is not None:
            point = {"lat": criteria.near.latitude, "lon": criteria.near.longitude}
            return {"_geo_distance": {"location": point, "order": "asc", "unit": "km"}}
        case Sort.DISTANCE:
            raise ValueError("a distance needs a point")
        case Sort.OLDEST_BUILT | Sort.LATEST_BUILT | Sort.LENGTH | Sort.LONGEST:
            name = criteria.sort.removeprefix("-")
            return {f"attributes.{name}": {"order": "desc" if criteria.sort.startswith("-") else "asc", "missing": "_last"}}


def cursor_at(place: Sequence[Any], criteria: Criteria) -> str:
    """Where a page ended, so that it continues this search and no other; with another limit it may."""
    return cursors.written(place, question(criteria))


def place_of(cursor: str, criteria: Criteria) -> list[Any]:
    return cursors.read(cursor, question(criteria), list[Any])


def question(criteria: Criteria) -> tuple[Criteria, list[Clause]]:
    """What a cursor fits: these conditions in this order, which another release may see to in another way."""
    return replace(criteria, limit=0), order(criteria)

"""How a search is put to the engine, and how its answer is read."""

from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.values import Money
from projections.listings.answer import RangeCount, ValueCount, results
from projections.listings.criteria import Bounds, Circle, Criteria, Sort
from projections.listings.prices import Exchange, Prices
from projections.listings.request import cursor_at, place_of, search_request
from projections.ports import BadCursor
from projections.rates import Rates, UnknownRate
from projections.search import Answer, Hits

TODAY = date(2026, 6, 1)
RATES = Rates.load(b"date,currency,per_eur\n2026-01-01,EUR,1\n2026-01-01,CHF,0.94\n2026-01-01,JPY,157\n2027-01-01,USD,1.1\n")
EUROS = Prices(RATES, "EUR", TODAY)
ANYTHING = Criteria("EUR")


def asked(criteria: Criteria, cursor: str | None = None) -> Any:
    return search_request(criteria, EUROS, cursor)


def test_only_published_listings_are_found():
    assert asked(ANYTHING)["query"] == {"bool": {"filter": [{"term": {"status": "published"}}]}}


def test_words_rank_only_where_relevance_is_asked_for():
    relevant = asked(replace(ANYTHING, words="bavaria", sort=Sort.RELEVANCE))["query"]["function_score"]
    assert "should" in relevant["query"]["bool"]
    assert relevant["functions"] == [{"filter": {"term": {"promoted": True}}, "weight": 1.5}]
    assert set(asked(replace(ANYTHING, words="bavaria"))["query"]["bool"]) == {"filter"}
    assert asked(replace(ANYTHING, sort=Sort.RELEVANCE))["sort"] == [{"promoted": "desc"}, {"publishedAt": "desc"}, {"tie": "asc"}]
    assert asked(replace(ANYTHING, words="x", sort=Sort.CHEAPEST))["sort"] == [{"_score": "asc"}, {"tie": "asc"}]


def test_what_is_chosen_of_a_facet_leaves_its_own_counts_alone():
    chosen = asked(replace(ANYTHING, values={"maker": ("Bavaria",)}, ranges={"year": Bounds(2000, None)}))
    maker = {"terms": {"attributes.maker.folded": ["Bavaria"]}}
    year = {"range": {"attributes.year": {"gte": 2000}}}
    found = msgspec.json.decode(msgspec.json.encode(chosen))
    assert found["post_filter"] == {"bool": {"filter": [maker, year]}}
    assert found["aggs"]["maker"]["filter"] == {"bool": {"filter": [year]}}
    assert found["aggs"]["year"]["filter"] == {"bool": {"filter": [maker]}}
    assert found["aggs"]["others"]["filter"] == {"bool": {"filter": [maker, year]}}
    assert not {"maker", "year"} & set(found["aggs"]["others"]["aggs"])


def test_a_category_counts_only_what_it_declares():
    assert "length" in asked(replace(ANYTHING, category="boats"))["aggs"]["others"]["aggs"]
    assert "length" not in asked(replace(ANYTHING, category="moorings"))["aggs"]["others"]["aggs"]


def test_every_order_is_total():
    near = replace(ANYTHING, near=Circle(47, 8, None), words="x")
    for sort in Sort:
        assert asked(replace(near, sort=sort))["sort"][-1] == {"tie": "asc"}


def test_a_distance_leaves_out_what_lies_nowhere():
    near = replace(ANYTHING, near=Circle(47, 8, None), sort=Sort.DISTANCE)
    assert {"exists": {"field": "location"}} in asked(near)["query"]["bool"]["filter"]


def test_counts_come_with_the_first_page_only():
    assert "aggs" not in asked(ANYTHING, cursor_at([1, "a"], ANYTHING))


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.floats(allow_nan=False, allow_infinity=False), max_size=2))
def test_a_cursor_continues_its_own_search(place: list[Any]):
    assert place_of(cursor_at(place, ANYTHING), replace(ANYTHING, limit=3)) == place


@pytest.mark.parametrize("other", [replace(ANYTHING, words="x"), replace(ANYTHING, sort=Sort.CHEAPEST), Criteria("CHF")])
def test_a_cursor_continues_no_other_search(other: Criteria):
    with pytest.raises(BadCursor):
        place_of(cursor_at([1, "a"], ANYTHING), other)


@given(st.data())
def test_no_letter_of_a_cursor_can_be_changed(data: st.DataObject):
    cursor = cursor_at([1717200000000, "018f0000-0000-7000-8000-0000000b0a70"], ANYTHING)
    at = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.sampled_from("ABCabc019-_ é="))
    changed = cursor[:at] + other + cursor[at + 1 :]
    if changed != cursor:
        with pytest.raises(BadCursor):
            place_of(changed, ANYTHING)


@pytest.mark.parametrize("cursor", ["", "x", "é", "A" * 8, "AAAAAAAAAAAAAA"])
def test_what_is_no_cursor_is_refused(cursor: str):
    with pytest.raises(BadCursor):
        place_of(cursor, ANYTHING)


amounts = st.integers(1, 10**12)


@given(amounts, amounts, amounts, st.sampled_from(["EUR", "CHF", "JPY"]), st.sampled_from(["EUR", "CHF", "JPY"]))
def test_a_price_is_found_just_where_it_is_shown_within_the_bounds(low: int, high: int, amount: int, shown_in: str, own: str):
    shown_prices = Prices(RATES, shown_in, TODAY)
    bounds = shown_prices.within(Bounds(low, high), own)
    shown = shown_prices.shown(Money(amount, own))
    assert shown is not None
    assert bounds.lowest is not None
    assert bounds.highest is not None
    assert (bounds.lowest <= amount <= bounds.highest) == (low <= shown.amount <= high)


@given(amounts)
def test_prices_are_shown_as_the_rates_convert_them(amount: int):
    for own in ("EUR", "CHF", "JPY"):
        assert EUROS.shown(Money(amount, own)) == RATES.convert(Money(amount, own), "EUR", TODAY)


def test_a_rate_of_a_later_day_is_no_rate_yet():
    assert EUROS.shown(Money(1, "USD")) is None
    with pytest.raises(UnknownRate):
        Prices(RATES, "USD", TODAY)
    assert Prices(RATES, "USD", date(2027, 1, 1)).factors["EUR"] == Fraction("1.1")


def test_a_new_rate_holds_from_its_day_on():
    days = iter([TODAY, date(2027, 1, 1)])
    exchange = Exchange(RATES, lambda: next(days))
    assert exchange.prices("EUR").shown(Money(110, "USD")) is None
    assert exchange.prices("EUR").shown(Money(110, "USD")) == Money(100, "EUR")


def test_only_the_currencies_of_listings_are_compared():
    assert set(Prices(RATES, "EUR", TODAY, frozenset({"CHF", "TRY"})).factors) == {"CHF"}


def test_a_market_without_listings_has_no_price_counts():
    nobody = Prices(RATES, "EUR", TODAY, frozenset())
    found = results(Answer(Hits([]), {"others": {"price": {"doc_count": 0}}}), ANYTHING, nobody)
    assert found.facets == {}


def test_price_steps_are_round_in_every_currency():
    assert EUROS.steps[:2] == [100_000, 250_000]
    assert Prices(RATES, "JPY", TODAY).steps[:2] == [100_000, 250_000]


def test_an_answer_shows_both_prices_and_where_the_next_page_begins():
    content = {"kind": "classified", "category": "boats", "title": "Dinghy", "attributes": {}, "place": None, "status": "published"}
    ids = {"id": str(UUID(int=1)), "sellerId": str(UUID(int=2)), "publishedAt": "2026-11-21T09:00:00Z"}
    hit = {"_source": {**ids, **content, "price": {"amount": 94, "currency": "CHF"}}, "sort": [3.25, "a"]}
    raw = {"hits": {"total": {"value": 10_000, "relation": "gte"}, "hits": [hit, hit]}}
    near = replace(ANYTHING, near=Circle(47, 8, None), sort=Sort.DISTANCE, limit=1)
    found = results(msgspec.json.decode(msgspec.json.encode(raw), type=Answer), near, EUROS)
    assert [(each.price_shown, each.distance) for each in found.items] == [(Money(100, "EUR"), 3.25)]
    assert (found.total.count, found.total.exact) == (10_000, False)
    assert found.next is not None
    assert place_of(found.next, near) == [3.25, "a"]


def test_a_search_with_a_point_says_how_far_away_each_is_however_it_is_sorted():
    content = {"kind": "classified", "category": "boats", "title": "Dinghy", "attributes": {}, "status": "published", "price": None}
    ids = {"id": str(UUID(int=1)), "sellerId": str(UUID(int=2)), "publishedAt": "2026-11-21T09:00:00Z"}
    places: list[Any] = [{"country": "CH", "latitude": 47.0, "longitude": 9.0}, {"country": "CH"}, None]
    raw = {"hits": {"hits": [{"_source": {**ids, **content, "place": each}, "sort": [1, "a"]} for each in places]}}
    answer = msgspec.json.decode(msgspec.json.encode(raw), type=Answer)
    near = replace(ANYTHING, near=Circle(47, 8, None), sort=Sort.NEWEST)
    assert [each.distance for each in results(answer, near, EUROS).items] == [75.834, None, None]
    assert [each.distance for each in results(answer, ANYTHING, EUROS).items] == [None] * 3


def test_counts_leave_out_what_counts_nothing():
    buckets = [{"key": str(n), "doc_count": int(n in {3, 4})} for n in range(9)]
    others = {
        "doc_count": 9,
        "length": {"buckets": buckets},
        "maker": {"buckets": []},
        "fuel": {"buckets": [{"key": "diesel", "doc_count": 2}]},
    }
    found = results(Answer(Hits([]), {"others": others}), ANYTHING, EUROS)
    assert found.facets == {"length": [RangeCount(1, 8, 10), RangeCount(1, 10, 12)], "fuel": [ValueCount("diesel", 2)]}


def test_price_counts_are_added_up_over_currencies():
    steps = {"steps": {"buckets": [{"doc_count": 1}, {"doc_count": 0}, {"doc_count": 2}, *[{"doc_count": 0}] * 8]}}
    others = {"price": {"doc_count": 6, "EUR": steps, "CHF": steps, "JPY": {"steps": {"buckets": [{"doc_count": 0}] * 11}}}}
    found = results(Answer(Hits([]), {"others": others}), ANYTHING, EUROS)
    assert found.facets == {"price": [RangeCount(2, None, 100_000), RangeCount(4, 250_000, 500_000)]}

"""People search among the boats on offer, from the moment they are published."""

from collections.abc import Generator
from typing import Any
from urllib.parse import quote

import pytest

from projections.listings.criteria import RANGES, VALUES
from tests.journeys.listings.test_listings import drafted, moderator, published
from tests.journeys.town import Person, Town

CRUISER: dict[str, Any] = {
    "type": "motor-yacht",
    "maker": "Bavaria",
    "year": 2005,
    "length": {"value": 38, "unit": "ft"},
    "condition": "used",
}
RIB: dict[str, Any] = {"type": "rib", "maker": "Zodiac", "year": 2020, "length": 5.5}
KIEL = {"country": "DE", "locality": "Kiel", "latitude": 54.32, "longitude": 10.13}


@pytest.fixture
def town(database: str, opensearch_url: str, index_prefix: str) -> Generator[Town]:
    opened = Town(database, opensearch_url, index_prefix)
    yield opened
    opened.close()


@pytest.fixture
def boats(town: Town) -> dict[str, str]:
    """Ana's cruiser for 45,000 EUR in Stäfa and her RIB for 10,000 CHF in Kiel, and a draft."""
    ana, mo = town.registered("ana@example.org"), moderator(town)
    cruiser = published(ana, mo, title="Bavaria 38 Sport", attributes=CRUISER)
    rib = published(ana, mo, title="Zodiac Medline", attributes=RIB, price={"amount": 1_000_000, "currency": "CHF"}, place=KIEL)
    return {"cruiser": cruiser, "rib": rib, "draft": drafted(ana, title="Bavaria in secret")}


def found(by: Person, query: str) -> list[str]:
    return [each["listing"]["id"] for each in by.get(f"/v1/search?{query}")["items"]]


def test_a_published_boat_is_found_by_what_it_is(town: Town, boats: dict[str, str]):
    guest = town.guest()
    cruiser, rib = boats["cruiser"], boats["rib"]
    assert found(guest, "") == [rib, cruiser]
    assert found(guest, "q=bavria+stafa") == [cruiser]
    assert found(guest, "maker=zodiac&maker=Bavaria&type=rib") == [rib]
    assert found(guest, "lengthMin=30ft&lengthMax=12") == [cruiser]
    assert found(guest, "category=boats&kind=classified&country=DE") == [rib]
    assert found(guest, "near=54.3,10.1&radiusKm=50") == [rib]
    assert found(guest, "near=47.3,8.6&sort=distance") == [cruiser, rib]
    assert found(guest, "category=trailers") == []


def test_a_search_sees_what_its_caller_has_done(town: Town, boats: dict[str, str]):
    ana = town.sign_in("ana@example.org")
    paused = ana.ask("POST", f"/v1/listings/{boats['cruiser']}/pause")
    seen = ana.ask("GET", "/v1/search?q=bavaria", Min_Position=paused.headers["Position"])
    assert (seen.status_code, seen.json()["items"]) == (200, [])


def test_bounds_are_in_the_callers_currency_and_both_prices_are_shown(town: Town, boats: dict[str, str]):
    answer = town.guest().get("/v1/search?currency=CHF&priceMax=1000000")
    (item,) = answer["items"]
    assert (item["listing"]["id"], item["listing"]["price"]) == (boats["rib"], {"amount": 1_000_000, "currency": "CHF"})
    assert (item["priceShown"], answer["currency"]) == ({"amount": 1_000_000, "currency": "CHF"}, "CHF")
    other = town.guest().get("/v1/search?currency=EUR&sort=price")["items"]
    assert [each["listing"]["id"] for each in other] == [boats["rib"], boats["cruiser"]]
    assert other[0]["priceShown"]["currency"] == "EUR"
    assert other[0]["listing"]["price"]["currency"] == "CHF"


def test_the_first_page_counts_what_else_could_be_chosen(town: Town, boats: dict[str, str]):
    first = town.guest().get("/v1/search?limit=1&sort=price")
    assert first["total"] == {"count": 2, "exact": True}
    counts = {name: {each["value"]: each["count"] for each in first["facets"][name]} for name in ("maker", "country", "type")}
    assert counts == {"maker": {"Bavaria": 1, "Zodiac": 1}, "country": {"CH": 1, "DE": 1}, "type": {"motor-yacht": 1, "rib": 1}}
    assert first["facets"]["length"] == [
        {"kind": "range", "count": 1, "min": 4, "max": 6},
        {"kind": "range", "count": 1, "min": 10, "max": 12},
    ]
    second = town.guest().get(f"/v1/search?limit=1&sort=price&cursor={quote(first['next'])}")
    assert [each["listing"]["id"] for each in second["items"]] == [boats["cruiser"]]
    assert (second["facets"], second["next"]) == ({}, None)
    assert town.guest().get(f"/v1/search?limit=1&cursor={quote(first['next'])}", 400) == ("bad_cursor", None)


def test_what_is_no_longer_offered_is_no_longer_found(town: Town, boats: dict[str, str]):
    ana = town.sign_in("ana@example.org")
    ana.post(f"/v1/listings/{boats['cruiser']}/pause")
    assert found(ana, "q=bavaria") == []
    ana.post(f"/v1/listings/{boats['cruiser']}/resume")
    assert found(ana, "q=bavaria") == [boats["cruiser"]]
    assert town.guest().get("/v1/search/suggestions?q=zod")["items"] in (["Zodiac"], ["Zodiac Medline"])


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("wingspan=2", "wingspan"),
        ("currency=XXX", "currency"),
        ("currency=eur", "currency"),
        ("priceMin=-1", "priceMin"),
        ("near=91,0", "near"),
        ("near=here", "near"),
        ("radiusKm=5", "radiusKm"),
        ("near=1,1&radiusKm=0", "radiusKm"),
        ("sort=distance", "sort"),
        ("sort=beauty", "sort"),
        ("limit=0", "limit"),
        ("type=spaceship", "type"),
        ("lengthMin=30parsec", "lengthMin"),
        ("yearMax=old", "yearMax"),
        ("cursor=tampered", "cursor"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(town: Town, query: str, parameter: str):
    refused = town.guest().ask("GET", f"/v1/search?{query}")
    assert refused.status_code in {400, 422}, refused.text
    assert refused.json()["parameter"] == parameter


@pytest.mark.parametrize("words", ['"', "\\", "AND OR NOT", "*:*", "\x00", "'; DROP TABLE", "<script>", "ß" * 200, "🚤", "a" * 200])
def test_any_words_may_be_searched(town: Town, words: str):
    assert town.guest().get(f"/v1/search?q={quote(words)}")["items"] == []


def test_every_declared_filter_is_documented(town: Town):
    operation = town.guest().get("/openapi.json")["paths"]["/v1/search"]["get"]
    documented = {each["name"] for each in operation["parameters"]}
    assert {*VALUES, *(f"{name}{end}" for name in RANGES for end in ("Min", "Max"))} <= documented
    assert {"q", "kind", "category", "currency", "priceMin", "priceMax", "near", "radiusKm", "sort", "limit", "cursor"} <= documented


def test_without_its_engine_a_search_is_put_off(database: str):
    town = Town(database)
    try:
        answer = town.guest().ask("GET", "/v1/search")
        assert (answer.status_code, answer.json()["code"]) == (503, "search_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert town.guest().get("/v1/listings")["items"] == []
    finally:
        town.close()

"""Traders find groups to join: by words, place, price, progress and how soon they close."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from domain.goods import Tier
from domain.groups.values import Visibility
from tests.journeys.groups.gatherings import BULAWAYO, joined, opened, paid
from tests.journeys.town import Person, Town


@pytest.fixture
def town(database: str, opensearch_url: str, index_prefix: str) -> Generator[Town]:
    found = Town(database, opensearch_url, index_prefix)
    yield found
    found.close()


def found(by: Person, query: str = "") -> list[str]:
    return [each["id"] for each in by.get(f"/v1/groups?{query}")["items"]]


def test_a_group_is_found_by_what_it_is_where_it_is_and_how_it_stands(town: Town):
    ana, ben = town.registered("ana@example.org"), town.registered("ben@example.org")
    now = town.clock()
    maize = opened(town, ana, deadline=now + timedelta(days=1))
    supplier = UUID(int=5)
    oil = opened(
        town,
        ana,
        title="Cooking oil, 20 l",
        category="bulk-oil-sugar-salt",
        place=BULAWAYO,
        deadline=now + timedelta(days=9),
        price=4_000,
        tiers=(Tier(10, 3_500),),
        supplier_id=supplier,
    )
    hidden = opened(town, ana, visibility=Visibility.LINK)
    locked = opened(town, ana, title="Sugar", category="bulk-oil-sugar-salt")
    paid(ben, oil, 5)
    paid(ben, locked, 20)
    guest, m, o = town.guest(), str(maize), str(oil)
    assert found(guest) == [m, o]
    assert found(guest, "sort=newest") == [o, m]
    assert found(guest, "sort=progress") == [o, m]
    assert found(guest, "sort=price") == [m, o]
    assert found(guest, "q=maise") == [m]
    assert found(guest, "q=bulawayo") == [o]
    assert found(guest, "category=bulk-food") == [m, o]
    assert found(guest, "category=bulk-oil-sugar-salt") == [o]
    assert found(guest, "near=-17.8,31.0&radiusKm=30") == [m]
    assert found(guest, "priceMin=1000") == [o]
    assert found(guest, "priceMax=900") == [m]
    assert found(guest, f"supplier={supplier}") == [o]
    assert found(guest, f"closingBefore={quote((now + timedelta(days=2)).isoformat())}") == [m]
    assert found(guest, "status=locked") == [str(locked)]
    assert found(guest, "status=locked&status=gathering&sort=newest") == [str(locked), o, m]
    assert str(hidden) not in found(guest, "limit=100")


def test_pages_of_a_search_follow_each_other(town: Town):
    ana = town.registered("ana@example.org")
    groups = [str(opened(town, ana, deadline=town.clock() + timedelta(days=each))) for each in (3, 1, 2)]
    first = ana.get("/v1/groups?limit=2")
    assert [each["id"] for each in first["items"]] == [groups[1], groups[2]]
    assert found(ana, f"limit=2&cursor={first['next']}") == [groups[0]]
    assert ana.get(f"/v1/groups?sort=newest&cursor={first['next']}", 400) == ("bad_cursor", None)


def test_what_is_found_says_what_its_page_says(town: Town):
    ana, ben = town.registered("ana@example.org"), town.registered("ben@example.org")
    group = opened(town, ana)
    joined(ben, group, 7)
    listed: dict[str, Any] = ben.get("/v1/groups?currency=ZAR")["items"][0]
    shown = listed.pop("priceShown")
    assert shown["currency"] == "ZAR"
    assert {**listed, "secondsLeft": 0} == {**ben.get(f"/v1/groups/{group}"), "secondsLeft": 0}
    assert listed["actions"] == ["contributions", "quantity", "leave"]


def test_a_search_sees_what_its_caller_has_done(town: Town):
    ana, ben = town.registered("ana@example.org"), town.registered("ben@example.org")
    group = opened(town, ana)
    cancelled = ana.ask("POST", f"/v1/groups/{group}/cancel", Idempotency_Key="once")
    seen = ben.ask("GET", "/v1/groups", Min_Position=cancelled.headers["Position"])
    assert (seen.status_code, seen.json()["items"]) == (200, [])


def test_what_cannot_be_looked_for_is_refused(town: Town):
    assert town.guest().get("/v1/groups?radiusKm=5", 422) == ("invalid_search", None)
    assert town.guest().get("/v1/groups?currency=XXX", 422) == ("invalid_search", None)
    assert town.guest().get("/v1/groups?status=merry", 400) == ("invalid_parameter", None)

"""What a service is given of the feeds is what `/asyncapi.json` says, by whichever way it is given."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.interfaces.http.documentation.asyncapi import envelopes
from tests.journeys.buying.test_recurring import started, until_due, wish
from tests.journeys.integrations.harbour import Service
from tests.journeys.market import HOME, Market


@pytest.fixture
def document(market: Market) -> dict[str, Any]:
    return market.guest().get("/asyncapi.json")


@pytest.fixture
def wrong(document: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], list[str]]:
    return envelopes(document)


def a_day_of_the_shop(market: Market) -> None:
    """Something stands in every feed but that of groups."""
    ada = market.admin()
    recurring = started(market.cara, wish(market, market.milk, market.zone, address=HOME))["id"]
    until_due(market, market.cara, recurring)
    order = ada.get("/v1/feeds/orders")["items"][0]["data"]["orderId"]
    ada.post(f"/v1/orders/{order}/pack", {})
    market.settle()


def test_every_event_of_every_feed_keeps_to_the_schema_of_its_type(
    market: Market, document: Mapping[str, Any], wrong: Callable[[Mapping[str, Any]], list[str]]
):
    books = Service.made(market, "Books")
    a_day_of_the_shop(market)
    told: dict[str, dict[str, Any]] = {}
    for name, channel in document["channels"].items():
        page = books.get(f"{channel['address']}?limit=1000")["items"]
        assert [problem for event in page for problem in wrong(event)] == []
        assert {event["type"] for event in page} <= set(channel["messages"])
        assert (page == []) == (name == "groups")
        told |= {event["id"]: event for event in page}

        books.post(f"{channel['address']}/consumers", {"name": "all", "from": "start"}, 201)
        pulled = books.post(f"{channel['address']}/consumers/all/pull", {"limit": 1000})["items"]
        assert [each["event"] for each in pulled if each["event"] != told[each["event"]["id"]]] == []
        assert {each["event"]["subject"] for each in pulled} == {event["subject"] for event in page}
    assert len({each["type"] for each in told.values()}) >= 15

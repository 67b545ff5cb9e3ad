"""The AsyncAPI document lists what feeds tell, and is what AsyncAPI 3.0 says such a document is."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
from litestar.testing import TestClient

from projections.feeds.catalogue import FEEDS
from projections.feeds.envelope import cloud_event
from projections.ports import Told
from projections.view import Feed, schema_of
from tests.infrastructure.history import kept
from tests.interfaces.http.documentation.asyncapi import envelopes, official

Client = TestClient[Any]
TYPES = {feed.type_of(each) for feed in FEEDS.values() for each in feed.payloads}


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    answer = client.get("/asyncapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    return answer.json()


def test_it_keeps_to_the_schema_of_asyncapi(document: dict[str, Any]):
    assert [(each.message, list(each.instance_path)) for each in official().iter_errors(document)] == []


@pytest.mark.parametrize("part", ["channels", "operations", "components"])
def test_that_schema_finds_what_is_wrong(document: dict[str, Any], part: str):
    next(iter(document[part].values()))["nonsense"] = 7
    document[part]["other"] = 7
    assert not official().is_valid(document)


def test_every_feed_is_a_channel_and_every_type_a_message(document: dict[str, Any]):
    assert {name: each["address"] for name, each in document["channels"].items()} == {name: f"/v1/feeds/{name}" for name in FEEDS}
    assert {name: set(each["messages"]) for name, each in document["channels"].items()} == {
        name: {feed.type_of(each) for each in feed.payloads} for name, feed in FEEDS.items()
    }
    assert set(document["components"]["messages"]) == TYPES
    followed = {each["channel"]["$ref"].rsplit("/", 1)[1]: len(each["messages"]) for each in document["operations"].values()}
    assert followed == {name: len(feed.payloads) for name, feed in FEEDS.items()}


def references(part: Any) -> Iterator[str]:
    match part:
        case {"$ref": str(reference)}:
            yield reference
        case dict():
            for each in part.values():
                yield from references(each)
        case list():
            for each in part:
                yield from references(each)
        case _:
            pass


def test_every_reference_leads_somewhere_and_no_schema_is_left_over(document: dict[str, Any]):
    found = set(references(document))
    for reference in found:
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert schemas - found == set()


def test_every_example_is_an_event_of_its_type(document: dict[str, Any]):
    wrong = envelopes(document)
    for type_, message in document["components"]["messages"].items():
        (example,) = message["examples"]
        assert example["payload"]["type"] == type_
        assert wrong(example["payload"]) == []


def test_an_event_that_is_not_of_its_type_is_found_out(document: dict[str, Any]):
    wrong = envelopes(document)
    (example,) = document["components"]["messages"]["users.RoleGranted"]["examples"]
    event: dict[str, Any] = example["payload"]
    broken = [
        {**event, "specversion": "0.3"},
        {**event, "source": "/v1/feeds/orders"},
        {**event, "schemaversion": 2},
        {**event, "time": "yesterday"},
        {**event, "data": {**event["data"], "role": "king"}},
        {**event, "data": {"userId": event["data"]["userId"]}},
        {name: value for name, value in event.items() if name != "id"},
    ]
    assert [each for each in broken if not wrong(each)] == []


def spoken(feed: Feed[Any]) -> Iterator[dict[str, Any]]:
    """What the feed tells of logs as journeys once wrote them, as it goes over the wire."""
    for log in kept.logs(kept.rings()).values():
        known: dict[Any, Any] = {}
        for _, each in log:
            if type(each.event) not in feed.events or (key := feed.key(each.event)) is None:
                continue
            payload = feed.public(known.get(key), each.event)
            known[key] = feed.evolve(known.get(key), each.event)
            if payload is not None:
                data = msgspec.Raw(msgspec.json.encode(payload))
                type_, schema = feed.type_of(type(payload)), schema_of(type(payload))
                told = Told(each.position, type_, schema, each.event_id, str(key), each.recorded_at, data)
                yield msgspec.json.decode(msgspec.json.encode(cloud_event(feed, told)))


def test_what_was_ever_told_keeps_to_it(document: dict[str, Any]):
    wrong = envelopes(document)
    types = set[str]()
    for feed in FEEDS.values():
        for event in spoken(feed):
            types.add(event["type"])
            assert wrong(event) == []
            assert UUID(event["id"])
    assert len(types) > 40, sorted(TYPES - types)


def test_the_page_shows_every_type_with_its_example(client: Client):
    page = client.get("/docs").text
    assert [each for each in TYPES if f'<details id="{each}"' not in page] == []
    assert "/asyncapi.json" in page

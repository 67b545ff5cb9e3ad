"""Feeds over HTTP: pages and streams, resumed anywhere, ended with the server."""

import asyncio
import json
from typing import Any

import pytest
from litestar.testing import TestClient

from interfaces.http import streams as open_streams
from interfaces.http.streams import Streams, follow, message
from tests.interfaces.http.conftest import LOG_HEAD, FakeFeeds, FakePositions, by

Client = TestClient[Any]

SOLD, PRICED = "listings.ListingSold", "listings.ListingPriced"


@pytest.fixture
def told(feeds: FakeFeeds) -> FakeFeeds:
    for type_ in (SOLD, PRICED, SOLD):
        feeds.tell(type_, b'{"listingId":"x"}')
    return feeds


def test_the_feeds_and_the_schemas_of_their_events_are_listed(client: Client):
    items = client.get("/v1/feeds", headers=by("reader")).json()["items"]
    names = ["listings", "users", "groups", "orders", "recurring-orders", "payments", "deliveries", "stock"]
    assert [each["name"] for each in items] == names
    priced = next(each for each in items[0]["types"] if each["type"] == PRICED)
    assert priced["schemaVersion"] == 1
    assert set(priced["schema"]["$defs"]["ListingPriced"]["properties"]) == {"listingId", "price"}


@pytest.mark.usefixtures("told")
def test_a_page_holds_cloud_events_and_says_where_to_go_on(client: Client):
    page = client.get("/v1/feeds/listings?limit=2", headers=by("reader")).json()
    assert (page["next"], page["head"], [each["position"] for each in page["items"]]) == (4, 6, ["2", "4"])
    assert page["items"][0] == {
        "specversion": "1.0",
        "id": "00000000-0000-0000-0000-000000000002",
        "source": "/v1/feeds/listings",
        "type": SOLD,
        "subject": "00000000-0000-0000-0000-000000000001",
        "time": "2026-06-01T12:00:00Z",
        "datacontenttype": "application/json",
        "schemaversion": 1,
        "position": "2",
        "data": {"listingId": "x"},
    }
    assert client.get("/v1/feeds/listings/head", headers=by("reader")).json() == {"head": 6}


@pytest.mark.usefixtures("told")
def test_types_are_chosen_and_unknown_ones_refused(client: Client):
    page = client.get(f"/v1/feeds/listings?types={PRICED}", headers=by("reader")).json()
    assert [each["type"] for each in page["items"]] == [PRICED]
    unknown = client.get("/v1/feeds/listings?types=listings.Nonsense", headers=by("reader"))
    assert (unknown.status_code, unknown.json()["code"], unknown.json()["parameter"]) == (400, "unknown_type", "types")


def test_an_unknown_feed_is_not_found(client: Client):
    for path in ("/v1/feeds/secrets", "/v1/feeds/secrets/head"):
        answer = client.get(path, headers=by("reader"))
        assert (answer.status_code, answer.json()["code"]) == (404, "feed_not_found")


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("headers", [{}, {"Accept": "text/event-stream"}])
def test_where_the_log_has_not_come_nothing_is_read(client: Client, streams: Streams, headers: dict[str, str]):
    streams.close()
    assert client.get(f"/v1/feeds/listings?after={LOG_HEAD}", headers=by("reader", **headers)).status_code == 200
    beyond = client.get(f"/v1/feeds/listings?after={LOG_HEAD + 1}", headers=by("reader", **headers))
    assert (beyond.status_code, beyond.json()["code"], beyond.json()["parameter"]) == (404, "position_unknown", "after")


def test_a_stream_of_another_log_does_not_go_on(client: Client):
    answer = client.get("/v1/feeds/listings", headers=by("reader", Accept="text/event-stream", Last_Event_ID=str(LOG_HEAD + 1)))
    assert (answer.status_code, answer.json()["code"], answer.json()["parameter"]) == (404, "position_unknown", "Last-Event-ID")


def test_a_page_waits_for_a_position(client: Client, positions: FakePositions):
    late = client.get("/v1/feeds/listings", headers=by("reader", Min_Position="7"))
    assert (late.status_code, late.json()["code"], late.headers["retry-after"]) == (503, "not_caught_up", "1")
    positions.reached = 7
    assert client.get("/v1/feeds/listings", headers=by("reader", Min_Position="7")).status_code == 200
    bad = client.get("/v1/feeds/listings", headers=by("reader", Min_Position="soon"))
    assert (bad.status_code, bad.json()["code"]) == (400, "invalid_header")


def test_a_stream_begins_with_what_there_is_and_ends_with_the_server(client: Client, told: FakeFeeds, streams: Streams):
    streams.close()
    answer = client.get("/v1/feeds/listings?after=2", headers=by("reader", Accept="text/event-stream"))
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in each.splitlines()) for each in answer.text.split("\n\n") if "data:" in each]
    assert [(each["id"], each["event"]) for each in events] == [("4", PRICED), ("6", SOLD)]
    assert json.loads(events[0]["data"])["data"] == {"listingId": "x"}
    assert told.events


@pytest.mark.usefixtures("told")
def test_a_stream_goes_on_behind_the_last_event_of_a_client_that_comes_back(client: Client, streams: Streams):
    streams.close()
    answer = client.get("/v1/feeds/listings", headers=by("reader", Accept="text/event-stream", Last_Event_ID="4"))
    assert [line for line in answer.text.splitlines() if line.startswith("id: ")] == ["id: 6"]


def test_a_stream_that_cannot_begin_is_a_problem(client: Client, feeds: FakeFeeds):
    feeds.away = True
    answer = client.get("/v1/feeds/listings", headers=by("reader", Accept="text/event-stream"))
    assert (answer.status_code, answer.json()["code"]) == (503, "postgres_unavailable")


class Tail:
    """A feed that grows when the test says so."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.events: list[int] = []
        self.grew = asyncio.Event()
        self.reads = 0
        self.trusted = True

    async def read(self, after: int) -> tuple[list[bytes], int]:
        self.reads += 1
        found = [each for each in self.events if each > after][: open_streams.AT_ONCE]
        return [message(each, SOLD, b"{}") for each in found], found[-1] if found else after

    async def grown(self, _position: int, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self.grew.wait(), seconds)
        except TimeoutError:
            return False
        self.grew.clear()
        return True

    async def allowed(self) -> bool:
        return self.trusted

    def tell(self, *positions: int) -> None:
        self.events.extend(positions)
        self.grew.set()


async def received(count: int, stream: Any) -> list[bytes]:
    return [await asyncio.wait_for(anext(stream), 5) for _ in range(count)]


def followed(tail: Tail) -> Any:
    return follow(tail.streams, ([], 0), tail.read, tail.grown, tail.allowed)


def test_a_stream_sends_what_is_told_later():
    async def scene() -> None:
        tail = Tail(Streams())
        stream = followed(tail)
        await anext(stream)
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        tail.tell(7)
        assert await waiting == b"id: 7\nevent: listings.ListingSold\ndata: {}\n\n"
        tail.streams.close()
        assert [each async for each in stream] == []

    asyncio.run(scene())


def test_a_slow_reader_holds_one_page_at_most():
    async def scene() -> None:
        tail = Tail(Streams())
        tail.tell(*range(1, 1000))
        stream = followed(tail)
        await received(1 + open_streams.AT_ONCE, stream)
        assert tail.reads == 1
        assert await anext(stream) == message(open_streams.AT_ONCE + 1, SOLD, b"{}")
        assert tail.reads == 2
        await stream.aclose()

    asyncio.run(scene())


def test_a_silent_stream_says_that_it_lives_and_ends_when_its_caller_may_no_longer_listen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(open_streams, "HEARTBEAT", 0.01)

    async def scene() -> None:
        tail = Tail(Streams())
        stream = followed(tail)
        assert (await received(3, stream))[1:] == [b": still here\nid: 0\n\n"] * 2
        tail.trusted = False
        assert len([each async for each in stream]) <= 1

    asyncio.run(scene())

"""A consumer follows what is public: it catches up, is told what comes, and goes on where it was when a server goes."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.journeys.live import Live, live

REGISTERED = "users.UserRegistered"
SELLER = {"email": "ana@example.org", "name": "Ana Sousa", "password": "Vento-norte-7-nos"}


@pytest.fixture
def running(database: str) -> Generator[Live]:
    with live(database) as started:
        yield started


@pytest.fixture
def client(running: Live) -> Generator[httpx.Client]:
    headers = {"Authorization": f"Bearer {running.token()}"}
    with httpx.Client(base_url=running.url, headers=headers, trust_env=False, timeout=15) as opened:
        yield opened


def register(client: httpx.Client, number: int) -> str:
    answer = client.post("/v1/users", json={**SELLER, "email": f"person-{number}@example.org"})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


@contextmanager
def following(client: httpx.Client, **headers: str) -> Generator[Iterator[dict[str, Any]]]:
    with client.stream("GET", f"/v1/feeds/users?types={REGISTERED}", headers={"Accept": "text/event-stream", **headers}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield events(answer)


def events(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif not line:
            if "data" in fields:
                yield {"last": fields["id"], **json.loads(fields["data"])}
            fields = {}


def subjects(page: dict[str, Any]) -> list[str]:
    return [each["subject"] for each in page["items"] if each["type"] == REGISTERED]


def test_a_stream_tells_what_was_and_what_comes_and_ends_with_the_server(running: Live, client: httpx.Client):
    first = register(client, 1)
    with following(client) as told:
        while next(told)["subject"] != first:
            pass
        second = register(client, 2)
        event = next(told)
        assert (event["subject"], event["type"], event["data"]) == (second, REGISTERED, {"userId": second})
        assert event["last"] == event["position"]
        assert running.stop("serve") == 0
        assert list(told) == []
    running.start("serve")
    running.await_ready()
    third = register(client, 3)
    with following(client, **{"Last-Event-ID": event["last"]}) as told:
        assert next(told)["subject"] == third


def test_pages_and_streams_tell_the_same(client: httpx.Client):
    people = [register(client, number) for number in range(5)]
    with following(client) as told:
        streamed: list[str] = []
        while people[-1] not in streamed:
            streamed.append(next(told)["subject"])
    walked: list[str] = []
    after = 0
    while True:
        page = client.get("/v1/feeds/users", params={"after": after, "limit": 2, "types": REGISTERED}).json()
        walked += subjects(page)
        after = page["next"]
        if after == page["head"]:
            break
    assert walked == streamed
    assert walked[-5:] == people


def test_nobodys_name_is_in_the_feed(client: httpx.Client):
    made = client.post("/v1/users", json=SELLER)
    page = client.get("/v1/feeds/users", headers={"Min-Position": made.headers["Position"]})
    assert made.json()["id"] in subjects(page.json())
    assert "Sousa" not in page.text
    assert "example.org" not in page.text

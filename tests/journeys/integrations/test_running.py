"""Workers of one service beside each other, over the network: one dies, the server dies, and everything is done once all the same."""

from collections import Counter
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import monotonic
from typing import Any

import httpx
import pytest

from tests.journeys.live import Live, live
from tests.journeys.town import PASSWORD

GROUP = "/v1/feeds/users/consumers"
BOOKING = f"{GROUP}/booking"
WORKERS = 4
PEOPLE = 24
LEASE = 3


@pytest.fixture
def running(database: str) -> Generator[Live]:
    with live(database) as started:
        yield started


@pytest.fixture
def client(running: Live) -> Generator[httpx.Client]:
    headers = {"Authorization": f"Bearer {running.token()}"}
    with httpx.Client(base_url=running.url, headers=headers, trust_env=False, timeout=60) as opened:
        yield opened


def asked(client: httpx.Client, path: str, body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def register(client: httpx.Client, number: int) -> str:
    return asked(client, "/v1/users", {"email": f"p{number}@example.org", "name": "Ana", "password": PASSWORD})["id"]


def pull(client: httpx.Client, limit: int, wait: int) -> list[dict[str, Any]]:
    return asked(client, f"{BOOKING}/pull", {"limit": limit, "waitSeconds": wait})["items"]


def acknowledge(client: httpx.Client, given: Sequence[dict[str, Any]]) -> None:
    assert asked(client, f"{BOOKING}/acknowledge", {"leases": [each["lease"] for each in given]})["stale"] == []


class Shared:
    """What all workers have, and have done."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.out: set[str] = set()
        self.twice: list[str] = []
        self.done = Counter[str]()

    def take(self, subjects: Sequence[str]) -> None:
        with self.lock:
            self.twice += [each for each in subjects if each in self.out]
            self.out.update(subjects)

    def leave(self, subjects: Sequence[str]) -> None:
        """Before it is told, or whoever has it next could seem to have it too early."""
        with self.lock:
            self.out.difference_update(subjects)
            self.done.update(subjects)


def work(client: httpx.Client, shared: Shared, deadline: float) -> None:
    while len(shared.done) < PEOPLE and monotonic() < deadline:
        given = pull(client, limit=2, wait=1)
        subjects = [each["event"]["subject"] for each in given]
        if given:
            shared.take(subjects)
            shared.leave(subjects)
            acknowledge(client, given)


def test_workers_that_die_leave_their_events_to_the_others(running: Live, client: httpx.Client):
    asked(client, GROUP, {"name": "booking", "types": ["users.UserRegistered"], "leaseSeconds": LEASE, "maxAttempts": 100})
    with ThreadPoolExecutor(8) as threads:
        waiting = threads.submit(pull, client, 1, 30)
        people = [register(client, 0)]
        first = waiting.result()
        assert [each["event"]["subject"] for each in first] == people
        acknowledge(client, first)

        people = list(threads.map(lambda number: register(client, number), range(1, PEOPLE + 1)))
        died = [each["event"]["subject"] for each in pull(client, limit=5, wait=10)]
        assert died
        running.kill("serve")
        running.start("serve")
        running.await_serving()

        shared = Shared()
        for ended in [threads.submit(work, client, shared, monotonic() + 60) for _ in range(WORKERS)]:
            ended.result()
    assert shared.twice == []
    assert shared.done == Counter(people)
    assert set(died) <= set(people)
    shown = client.get(BOOKING).json()
    assert (shown["out"], shown["waiting"], shown["parked"], shown["lagEvents"]) == (0, 0, 0, 0)

"""Engines go away and roles are killed while people are at it: nobody waits for long, and nothing is lost or done twice."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import psycopg
import pytest

from infrastructure.embedded import engines
from infrastructure.embedded.engines import Engines
from tests.conftest import JARS
from tests.journeys.listings.test_listings import BOAT
from tests.journeys.live import Live, live
from tests.journeys.town import PASSWORD

PATIENCE = 45.0
"""Seconds within which everything has caught up."""

ANSWERED = 12.0
"""Seconds within which every request is answered, whatever is away."""

T = TypeVar("T")


def eventually(look: Callable[[], T]) -> T:
    """What `look` finds, once it neither fails nor is refused."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return look()
        except (AssertionError, httpx.HTTPError, psycopg.Error):
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)


class Someone:
    def __init__(self, live: Live, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=live.url, headers=headers, trust_env=False, timeout=ANSWERED)

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.http.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        answer = self.http.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def is_told_to_come_back(self, path: str, code: str) -> None:
        answer = self.http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, code)
        assert int(answer.headers["Retry-After"]) > 0


class Place:
    """An installation of every role on engines that can be stopped."""

    def __init__(self, running: Engines, live: Live) -> None:
        self.servers = running.servers
        self.live = live
        self.admin = Someone(live, live.token())
        self.guest = Someone(live)
        self.guest.post("/v1/users", {"email": "ana@example.org", "name": "Ana", "password": PASSWORD}, 201)
        self.ana = Someone(live, live.token("ana@example.org", PASSWORD))
        self.drafts: set[str] = set()
        self.published: set[str] = set()

    def close(self) -> None:
        for someone in (self.admin, self.guest, self.ana):
            someone.http.close()

    def publish(self, title: str) -> str:
        id = self.ana.post("/v1/listings", {**BOAT, "title": title}, 201)["id"]
        self.ana.post(f"/v1/listings/{id}/submit")
        self.admin.post(f"/v1/listings/{id}/approve")
        self.ana.post(f"/v1/listings/{id}/publish")
        self.published.add(id)
        return id

    @contextmanager
    def without(self, *names: Any) -> Generator[None]:
        """While these engines are stopped."""
        stopping = [threading.Thread(target=self.servers[name].stop) for name in names]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        try:
            yield
        finally:
            for name in names:
                self.servers[name].start()

    @contextmanager
    def under_load(self) -> Generator["Load"]:
        load = Load(self.ana)
        try:
            yield load
        finally:
            load.end()
        self.drafts |= set(load.made.values())

    def components(self) -> tuple[int, dict[str, str]]:
        answer = self.guest.http.get("/health/ready")
        return answer.status_code, {each["name"]: each["status"] for each in answer.json()["components"]}

    def log(self, statement: str) -> Any:
        with psycopg.connect(self.live.environ["DATABASE_URL"]) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[arg-type]

    def has_everything_once(self) -> None:
        """In the log, the pages, the counts and the index."""
        expected = self.drafts | self.published
        assert Counter(
            str(stream) for (stream,) in self.log("SELECT stream FROM events WHERE type = 'listings.ListingDrafted'")
        ) == Counter(expected)
        eventually(self._all_views_have_it)

    def _all_views_have_it(self) -> None:
        parts = ("postgres", "projections", "effects", "redis", "opensearch", "mail", "seals")
        assert self.components() == (200, dict.fromkeys(parts, "ok"))
        mine = Counter(each["id"] for each in pages(self.ana, "/v1/me/listings?limit=100"))
        assert mine == Counter(self.drafts | self.published)
        counts = self.admin.get("/v1/moderation/counts")
        assert (counts.get("draft", 0), counts.get("published", 0)) == (len(self.drafts), len(self.published))
        found = Counter(each["listing"]["id"] for each in pages(self.guest, "/v1/search?limit=50"))
        assert found == Counter(self.published)


def pages(someone: Someone, path: str) -> Iterator[Any]:
    cursor = None
    while True:
        page = someone.get(path if cursor is None else f"{path}&cursor={cursor}")
        yield from page["items"]
        cursor = page["next"]
        if cursor is None:
            return


class Load:
    """People who draft listings without pause, and ask again under the same key until they are answered."""

    def __init__(self, by: Someone, threads: int = 4) -> None:
        self.by = by
        self.made: dict[str, str] = {}
        self.answers: list[tuple[int, float]] = []
        self.failures: list[str] = []
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._work) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Everyone gets his last answer first."""
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while not self._ending.is_set():
            key = str(uuid4())
            deadline = time.monotonic() + PATIENCE
            while key not in self.made and time.monotonic() < deadline:
                self._ask(key)
            if key not in self.made:
                self.failures.append(f"{key} had no answer")

    def _ask(self, key: str) -> None:
        began = time.monotonic()
        try:
            answer = self.by.http.post("/v1/listings", json=BOAT, headers={"Idempotency-Key": key})
        except httpx.HTTPError as error:
            self.failures.append(repr(error))
            return
        self.answers.append((answer.status_code, time.monotonic() - began))
        if answer.status_code == 201:
            self.made[key] = answer.json()["id"]
        elif answer.status_code != 503 or "Retry-After" not in answer.headers:
            self.failures.append(answer.text)
        else:
            time.sleep(0.05)

    def goes_on(self, more: int = 20) -> None:
        """Wait for so many more to be made."""
        goal = len(self.made) + more

        def made() -> None:
            assert len(self.made) >= goal, self.failures[-3:]

        eventually(made)


@pytest.fixture(scope="module")
def place() -> Generator[Place]:
    with TemporaryDirectory(prefix="tradewind-") as folder:
        Path(folder).chmod(0o755)
        with engines.start(Path(folder), ["postgres", "redis", "opensearch"], lambda _: None, jars=JARS, durable=False) as running:
            urls = {name: server.url for name, server in running.servers.items()}
            with live(urls["postgres"], redis=urls["redis"], opensearch=urls["opensearch"], TRADEWIND_RATE_LIMITS="1") as started:
                started.start("react", "work")
                place = Place(running, started)
                yield place
                place.close()


def test_commands_and_pages_need_postgres_only(place: Place):
    place.publish("Before")
    place.has_everything_once()
    with place.without("redis", "opensearch"):
        meanwhile = place.publish("Meanwhile")
        assert eventually(lambda: place.guest.get(f"/v1/listings/{meanwhile}"))["title"] == "Meanwhile"
        place.guest.is_told_to_come_back("/v1/search?q=Meanwhile", "search_unavailable")
        place.admin.is_told_to_come_back("/v1/moderation/counts", "redis_unavailable")
        assert place.live.token()

        def shown() -> None:
            status, components = place.components()
            assert (status, components["postgres"], components["redis"], components["opensearch"]) == (200, "ok", "down", "down")

        eventually(shown)
    place.has_everything_once()


def test_while_postgres_is_away_all_are_told_and_afterwards_all_goes_on(place: Place):
    with place.under_load() as load:
        load.goes_on()
        with place.without("postgres"):

            def refused() -> None:
                assert sum(status == 503 for status, _ in load.answers) >= 4

            eventually(refused)
            assert place.guest.get("/health/live") == {"status": "ok"}

            def shown() -> None:
                status, components = place.components()
                assert (status, components["postgres"]) == (503, "down")

            eventually(shown)
            place.guest.is_told_to_come_back("/v1/listings", "postgres_unavailable")
            place.ana.is_told_to_come_back("/v1/me", "postgres_unavailable")
        load.goes_on()
    assert load.failures == []
    assert max(seconds for _, seconds in load.answers) < ANSWERED
    place.has_everything_once()


def test_a_killed_projector_goes_on_where_it_was(place: Place):
    with place.under_load() as load:
        for _ in range(3):
            load.goes_on()
            place.live.kill("project")
            load.goes_on()
            place.live.start("project")
    assert load.failures == []
    place.has_everything_once()


def test_letters_come_once_though_the_roles_that_send_them_are_killed(place: Place):
    addresses = [f"person-{number}@example.org" for number in range(12)]
    for number, address in enumerate(addresses):
        if number in {4, 8}:
            place.live.kill("work")
            place.live.kill("react")
            place.live.start("work", "react")
        place.guest.post("/v1/users", {"email": address, "name": "Someone", "password": PASSWORD}, 201)

    def mailed() -> Counter[str]:
        return Counter(address for (address,) in place.log("SELECT recipient FROM local_mail"))

    def sent() -> None:
        # What a killed worker had taken is due when its lease ends; this moves that moment here.
        place.log(
            "WITH due AS (UPDATE jobs SET due_at = now() WHERE state = 'due' AND due_at > now() RETURNING 1) SELECT count(*) FROM due"
        )
        assert place.log("SELECT count(*) FROM jobs WHERE state = 'due'") == [(0,)]
        assert set(addresses) <= set(mailed())

    eventually(sent)
    assert {address: count for address, count in mailed().items() if address in addresses} == dict.fromkeys(addresses, 1)
    assert place.log("SELECT count(*) FROM jobs WHERE state = 'dead'") == [(0,)]

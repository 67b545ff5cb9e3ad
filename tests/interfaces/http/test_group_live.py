"""Groups that many look at: one look serves all who ask in the same moment, and every change is told to all who follow."""

import asyncio
import threading
from typing import Any
from uuid import UUID

import pytest
from msgspec import Raw

from interfaces.http.errors import Problem
from interfaces.http.queries.groups import watch as watching
from interfaces.http.queries.groups.watch import Watch
from interfaces.http.queries.together import Together
from interfaces.http.streams import Streams
from projections.groups.page import view
from projections.ports import Found, Page, Unavailable
from projections.sql import Where
from projections.view import View

MAIZE, OIL = UUID(int=1), UUID(int=2)


class Rows:
    """A read model in memory that counts how often it is asked; while `held` it answers nobody."""

    def __init__(self) -> None:
        self.versions = {MAIZE: 1, OIL: 1}
        self.moved = 10
        self.asked: list[set[UUID]] = []
        self.away = False
        self.open, self.reading = threading.Event(), threading.Event()
        self.open.set()
        self.bell: asyncio.Event | None = None

    def happens(self, key: UUID) -> None:
        self.versions[key] += 1
        self.moved += 1
        if self.bell:
            self.bell.set()

    def page(self, _view: View[Any], where: Where, **_given: Any) -> Page:
        if self.away:
            raise Unavailable("postgres")
        keys = set(where.values["among"])
        self.asked.append(keys)
        found = [Found(key, version, Raw(b"{}"), {}) for key, version in self.versions.items() if key in keys]
        self.reading.set()
        self.open.wait(5)
        return Page(found, None)

    def position(self, _name: str) -> int:
        return self.moved

    async def wait_for(self, _name: str, position: int, seconds: float) -> bool:
        self.bell = asyncio.Event()
        if self.moved < position:
            await asyncio.wait_for(self.bell.wait(), seconds)
        return True


def together(rows: Rows) -> Together:
    documents: Any = rows
    return Together(documents, view)


def watch(rows: Rows) -> Watch:
    documents: Any = rows
    return Watch(documents, documents, Streams(), view)


def test_many_who_ask_at_once_cost_two_statements_at_most():
    async def crowd() -> list[Found | None]:
        asked = together(rows)
        return await asyncio.gather(*(asked.one(MAIZE if number % 2 else OIL) for number in range(200)))

    rows = Rows()
    found = asyncio.run(crowd())
    assert {each.key for each in found if each} == {MAIZE, OIL}
    assert len(found) == 200
    assert len(rows.asked) <= 2


def test_nobody_is_given_a_row_that_was_read_before_he_asked():
    async def two() -> tuple[Found | None, Found | None]:
        asked = together(rows)
        rows.open.clear()
        early = asyncio.create_task(asked.one(MAIZE))
        await asyncio.to_thread(rows.reading.wait)
        rows.happens(MAIZE)
        late = asyncio.create_task(asked.one(MAIZE))
        await asyncio.sleep(0.01)
        rows.open.set()
        return await early, await late

    rows = Rows()
    early, late = asyncio.run(two())
    assert early is not None
    assert late is not None
    assert (early.version, late.version) == (1, 2)


def test_what_is_not_there_is_none_and_an_engine_away_is_said_to_all():
    async def asks() -> None:
        asked = together(rows)
        assert await asked.one(UUID(int=9)) is None
        rows.away = True
        failed = await asyncio.gather(asked.one(MAIZE), asked.one(OIL), return_exceptions=True)
        assert [type(each) for each in failed] == [Unavailable, Unavailable]
        rows.away = False
        assert await asked.one(MAIZE) is not None

    rows = Rows()
    asyncio.run(asks())


def test_every_follower_of_a_group_is_told_of_a_change_by_one_look():
    async def follows() -> list[Found | None]:
        watched = watch(rows)
        waiting = [asyncio.create_task(watched.newer(MAIZE, 2, 5)) for _ in range(50)]
        await asyncio.sleep(0.1)
        looks = len(rows.asked)
        rows.happens(MAIZE)
        found = await asyncio.gather(*waiting)
        assert len(rows.asked) <= looks + 2
        return found

    rows = Rows()
    assert {each.version for each in asyncio.run(follows()) if each} == {2}


def test_followers_are_told_of_their_own_group_only():
    async def follows() -> None:
        watched = watch(rows)
        maize = asyncio.create_task(watched.newer(MAIZE, 2, 0.3))
        oil = asyncio.create_task(watched.newer(OIL, 2, 5))
        await asyncio.sleep(0.05)
        rows.happens(OIL)
        assert (await oil) is not None
        assert (await maize) is None

    rows = Rows()
    asyncio.run(follows())


def test_what_happened_before_somebody_follows_is_told_at_once():
    async def follows() -> None:
        watched = watch(rows)
        other = asyncio.create_task(watched.newer(OIL, 2, 1))
        await asyncio.sleep(0.1)
        rows.versions[MAIZE] = 2  # and nothing moves on any more
        assert (await watched.newer(MAIZE, 2, 1)) is not None
        assert (await other) is None

    rows = Rows()
    asyncio.run(follows())


def test_an_engine_away_ends_the_waiting():
    async def follows() -> None:
        rows.away = True
        with pytest.raises(Unavailable):
            await watch(rows).newer(MAIZE, 2, 5)

    rows = Rows()
    asyncio.run(follows())


def test_no_more_follow_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watching, "MOST", 1)
    watched = watch(Rows())
    watched.require_room()
    with watched.following(), pytest.raises(Problem) as refused:
        watched.require_room()
    assert refused.value.code == "too_many_followers"
    watched.require_room()

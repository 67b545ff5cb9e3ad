"""The newest events of a feed are read once for all who follow it, and nobody who follows holds anything up."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from interfaces.http import streams as open_streams
from interfaces.http.queries import tails
from interfaces.http.queries.tails import Tail
from interfaces.http.streams import EventStream, Streams, follow
from projections.feeds.catalogue import FEEDS
from projections.ports import Reading
from projections.view import Feed
from tests.interfaces.http.conftest import FakeFeeds

SOLD, PRICED = "listings.ListingSold", "listings.ListingPriced"
LISTINGS = FEEDS["listings"]


class Growing:
    """A feed, and positions that are told as it grows."""

    def __init__(self) -> None:
        self.feeds = Counted()
        self.streams = Streams()
        self.tail = Tail(LISTINGS, self.feeds, self, self.streams)
        self._moved = asyncio.Condition()

    async def wait_for(self, projection: str, position: int, seconds: float) -> bool:
        assert projection == LISTINGS.name
        async with asyncio.timeout(seconds), self._moved:
            await self._moved.wait_for(lambda: self.head >= position)
        return True

    @property
    def head(self) -> int:
        return self.feeds.events[-1].position if self.feeds.events else 0

    async def tell(self, *types: str) -> None:
        for each in types:
            self.feeds.tell(each)
        async with self._moved:
            self._moved.notify_all()

    def reader(self, after: int = 0, *types: str) -> Any:
        async def allowed() -> bool:
            return True

        async def read(behind: int) -> tuple[list[bytes], int]:
            return await self.tail.read(behind, types)

        return follow(self.streams, ([], after), read, self.tail.grown, allowed)


class Counted(FakeFeeds):
    reads = 0

    def read(self, feed: Feed[Any], after: int, limit: int, types: Sequence[str] = ()) -> Reading:
        self.reads += 1
        return super().read(feed, after, limit, types)


async def next_of(*readers: Any) -> list[bytes]:
    return await asyncio.wait_for(asyncio.gather(*(anext(each) for each in readers)), 10)


async def open_and_waiting(growing: Growing, *readers: Any) -> list[asyncio.Task[bytes]]:
    """Each reader's next piece, when all of them wait and the tail has found the head."""
    await next_of(*readers)
    waiting = [asyncio.create_task(anext(each)) for each in readers]
    async with asyncio.timeout(10):
        while growing.feeds.reads == 0 or any(each.done() for each in waiting):  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0.001)
    return waiting


def ids(piece: bytes) -> list[int]:
    return [int(line[4:]) for line in piece.splitlines() if line.startswith(b"id: ")]


def test_a_thousand_readers_cost_one_reading_and_are_sent_the_same_bytes():
    async def scene() -> None:
        growing = Growing()
        waiting = await open_and_waiting(growing, *(growing.reader() for _ in range(1_000)))
        before = growing.feeds.reads
        await growing.tell(SOLD, PRICED)
        pieces = await asyncio.gather(*waiting)
        assert growing.feeds.reads == before + 1
        assert {tuple(ids(each)) for each in pieces} == {(2, 4)}
        assert len({id(each) for each in pieces}) == 1

    asyncio.run(scene())


def test_each_reader_is_told_of_his_types_alone():
    async def scene() -> None:
        growing = Growing()
        waiting = await open_and_waiting(growing, growing.reader(), growing.reader(0, PRICED))
        await growing.tell(SOLD, PRICED, SOLD)
        assert [ids(each) for each in await asyncio.gather(*waiting)] == [[2, 4, 6], [4]]

    asyncio.run(scene())


def test_who_comes_with_an_old_position_reads_on_from_there_and_then_with_the_others():
    async def scene() -> None:
        growing = Growing()
        await growing.tell(*[SOLD] * 100)
        [waiting] = await open_and_waiting(growing, growing.reader(growing.head))
        late = growing.reader(100)
        seen: list[int] = []
        await anext(late)
        while len(seen) < 50:
            seen += ids((await next_of(late))[0])
        await growing.tell(PRICED)
        assert [*seen, *ids((await next_of(late))[0])] == list(range(102, 204, 2))
        assert ids(await waiting) == [202]

    asyncio.run(scene())


def test_a_reader_who_takes_nothing_holds_up_nobody_and_is_told_everything_later(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tails, "KEPT", 10)

    async def scene() -> None:
        growing = Growing()
        slow, quick = growing.reader(), growing.reader()
        waiting = await open_and_waiting(growing, slow, quick)
        await growing.tell(SOLD)
        assert [ids(each) for each in await asyncio.gather(*waiting)] == [[2], [2]]
        for number in range(50):
            await growing.tell(PRICED)
            assert ids((await next_of(quick))[0]) == [4 + 2 * number]
        assert len(growing.tail._kept) == 10  # pyright: ignore[reportPrivateUsage] - what it holds is seen nowhere else
        seen: list[int] = []
        while len(seen) < 50:
            seen += ids((await next_of(slow))[0])
        assert seen == list(range(4, 104, 2))

    asyncio.run(scene())


def test_what_is_sent_at_once_has_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tails, "PIECE", 1_000)

    async def scene() -> None:
        growing = Growing()
        reader = growing.reader()
        [waiting] = await open_and_waiting(growing, reader)
        await growing.tell(*[SOLD] * 20)
        pieces = [await waiting]
        while ids(pieces[-1])[-1] < 40:
            pieces += await next_of(reader)
        assert [each for piece in pieces for each in ids(piece)] == list(range(2, 42, 2))
        assert max(len(each) for each in pieces) < 2_000

    asyncio.run(scene())


def test_readers_stay_while_the_engine_is_away_and_go_on_when_it_is_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tails, "PAUSE", 0.001)

    async def scene() -> None:
        growing = Growing()
        [waiting] = await open_and_waiting(growing, growing.reader())
        growing.feeds.away = True
        before = growing.feeds.reads
        await growing.tell(SOLD)
        async with asyncio.timeout(10):
            while growing.feeds.reads < before + 3:  # noqa: ASYNC110 - nobody tells of it
                await asyncio.sleep(0.001)
        assert not waiting.done()
        growing.feeds.away = False
        assert ids(await waiting) == [2]

    asyncio.run(scene())


class Wire:
    """A connection whose other side takes nothing after so many pieces, until it leaves."""

    def __init__(self, takes: int) -> None:
        self.sent: list[dict[str, Any]] = []
        self.left = asyncio.Event()
        self.full = asyncio.Event()
        self._takes = takes

    async def send(self, message: Any) -> None:
        if len(self.sent) == self._takes:
            self.full.set()
            await asyncio.Event().wait()
        self.sent.append(message)

    async def receive(self) -> Any:
        await self.left.wait()
        return {"type": "http.disconnect"}


class Counting:
    """What is told without end, and whether it has been told that nobody listens any more."""

    def __init__(self) -> None:
        self.ended = False

    async def told(self) -> Any:
        try:
            while True:
                yield b"more"
                await asyncio.sleep(0)
        finally:
            self.ended = True


@pytest.mark.parametrize("leaves", [False, True])
def test_a_stream_ends_when_its_reader_leaves_and_when_he_takes_nothing_for_too_long(monkeypatch: pytest.MonkeyPatch, leaves: bool):
    monkeypatch.setattr(open_streams, "PATIENCE", 3600.0 if leaves else 0.01)

    async def scene() -> None:
        counting, wire = Counting(), Wire(takes=3)
        response: Any = EventStream(counting.told()).to_asgi_response(None, Any)  # type: ignore[arg-type] - it asks nothing of a request
        sending = asyncio.create_task(response.send_body(wire.send, wire.receive))
        await asyncio.wait_for(wire.full.wait(), 10)
        if leaves:
            wire.left.set()
        await asyncio.wait_for(sending, 10)
        assert counting.ended
        assert [each["body"] for each in wire.sent] == [b"more"] * 3

    asyncio.run(scene())


def test_a_stream_whose_server_is_told_to_stop_passes_that_on_to_nobody_else():
    async def scene() -> None:
        streams = Streams()

        async def forever() -> bool:
            await asyncio.Event().wait()
            return True

        waiting = asyncio.create_task(streams.either(forever()))
        await asyncio.sleep(0)
        streams.close()
        assert await waiting is False
        assert not waiting.cancelled()
        cancelled = asyncio.create_task(Streams().either(forever()))
        await asyncio.sleep(0)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled

    asyncio.run(scene())

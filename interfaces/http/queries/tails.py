"""The newest events of a feed, read and written out once for everybody in the process who follows it."""

import asyncio
from collections import deque
from collections.abc import Sequence
from itertools import takewhile
from time import monotonic
from typing import Any, TypeAlias

import msgspec
import structlog
from anyio import to_thread

from interfaces.http.streams import AT_ONCE, HEARTBEAT, Streams, message
from interfaces.http.waiting import Positions
from projections.feeds.envelope import cloud_event
from projections.ports import Feeds, Reading, Told, Unavailable
from projections.view import Feed

KEPT = 1_000
"""How many events of a feed are at hand; who is further behind reads pages of his own until he is not."""
PIECE = 32 * 1024
"""Bytes after which no further event is added to what is sent at once."""
SHARED = 16
"""How many pieces are at hand, for readers of different types."""
PAUSE = 0.5
LAG = 0.01
"""Seconds between two attempts while the engine is away, and between two looks at a replica that is behind."""
END = 2**53 - 1

logger = structlog.get_logger(__name__)

Piece: TypeAlias = tuple[list[bytes], int]


class Tail:
    """One feed's. It costs one statement for each time that the feed moves on, and none when nobody has waited for a while."""

    def __init__(self, feed: Feed[Any], feeds: Feeds, positions: Positions, streams: Streams) -> None:
        self._feed = feed
        self._feeds = feeds
        self._positions = positions
        self._streams = streams
        self._kept: deque[tuple[int, str, bytes]] = deque()
        self._behind = self._upto = 0
        """`_kept` has all events behind the one and up to the other position."""
        self._pieces: dict[tuple[int, Sequence[str]], Piece] = {}
        self._waiting: set[asyncio.Future[bool]] = set()
        self._asked = float("-inf")
        self._following: asyncio.Task[None] | None = None

    async def grown(self, position: int, seconds: float) -> bool:
        """Whether there may be events from this position on, within so many seconds."""
        loop = asyncio.get_running_loop()
        if self._following is not None and self._following.get_loop() is not loop:
            self._waiting.clear()  # of a loop that is gone
            self._following = None
        self._asked = monotonic()
        if self._following is None:
            self._following = loop.create_task(self._follow())
        elif self._upto >= position:
            return True
        told: asyncio.Future[bool] = loop.create_future()
        self._waiting.add(told)
        timer = loop.call_later(seconds, _tell, told, False)
        try:
            return await told
        finally:
            timer.cancel()
            self._waiting.discard(told)

    async def read(self, after: int, types: Sequence[str]) -> Piece:
        """What is told next behind a position, and the position to go on from. Raises `Unavailable`."""
        if self._following is None or after < self._behind:
            read = await to_thread.run_sync(self._feeds.read, self._feed, after, AT_ONCE, types, limiter=self._streams.limiter)
            return [written(self._feed, each) for each in read.items], read.next
        if after >= self._upto:
            return [], after
        found = self._pieces.get((after, types))
        if found is None:
            found = self._piece(after, types)
            if len(self._pieces) < SHARED:
                self._pieces[after, types] = found
        return found

    def _piece(self, after: int, types: Sequence[str]) -> Piece:
        """All events in one piece, which everybody who stands there is sent."""
        newer = list(takewhile(lambda kept: kept[0] > after, reversed(self._kept)))
        some: list[bytes] = []
        size = 0
        for position, type_, each in reversed(newer):
            if size > PIECE:
                return [b"".join(some)], after
            if not types or type_ in types:
                some.append(each)
                size += len(each)
            after = position
        return [b"".join(some)] if some else [], self._upto

    async def _follow(self) -> None:
        try:
            begun = False
            while monotonic() - self._asked < 2 * HEARTBEAT:
                try:
                    if not begun:
                        await self._begin()
                        begun = True
                    elif await self._positions.wait_for(self._feed.name, self._upto + 1, HEARTBEAT):
                        await self._go_on()
                except Unavailable as reason:
                    logger.warning("a feed cannot be followed", feed=self._feed.feed, reason=str(reason))
                    await asyncio.sleep(PAUSE)
        finally:
            self._following = None
            self._forget(self._upto)
            self._wake()

    async def _begin(self) -> None:
        """From the head on; who waits may be behind it."""
        self._forget((await self._page(END, 1)).head)
        self._wake()

    def _forget(self, head: int) -> None:
        self._kept.clear()
        self._pieces.clear()
        self._behind = self._upto = head

    async def _go_on(self) -> None:
        page = await self._page(self._upto, AT_ONCE)
        if page.next == self._upto:
            await asyncio.sleep(LAG)
            return
        self._kept.extend((each.position, each.type, written(self._feed, each)) for each in page.items)
        while len(self._kept) > KEPT:
            self._behind = self._kept.popleft()[0]
        self._upto = page.next
        self._pieces.clear()
        if page.items:
            self._wake()

    async def _page(self, after: int, limit: int) -> Reading:
        # Not by the streams' few threads: those who are behind may keep them busy.
        return await asyncio.to_thread(self._feeds.read, self._feed, after, limit)

    def _wake(self) -> None:
        for told in self._waiting:
            _tell(told, True)
        self._waiting.clear()


def _tell(told: asyncio.Future[bool], grown: bool) -> None:
    if not told.done():
        told.set_result(grown)


def written(feed: Feed[Any], told: Told) -> bytes:
    return message(told.position, told.type, msgspec.json.encode(cloud_event(feed, told)))


class Tails:
    """The tails of one process, by feed."""

    def __init__(self, feeds: Feeds, positions: Positions, streams: Streams) -> None:
        self._made = feeds, positions, streams
        self._tails: dict[str, Tail] = {}

    def of(self, feed: Feed[Any]) -> Tail:
        if feed.name not in self._tails:
            self._tails[feed.name] = Tail(feed, *self._made)
        return self._tails[feed.name]

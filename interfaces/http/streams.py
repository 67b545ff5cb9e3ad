"""Answers that stay open: what a stream waits for, how it ends with the server, and how its caller's access is looked at again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from time import monotonic
from typing import Any

from anyio import CapacityLimiter
from litestar import Litestar, Request
from litestar.response import Stream
from litestar.response.base import ASGIResponse

EVENT_STREAM = "text/event-stream"
CSV = "text/csv"
HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it is alive, and looks whether its caller may still listen."""
AT_ONCE = 200
"""How many events a stream holds at most, however slow its reader is."""


class OtherType(Stream):
    """A stream from a route that otherwise answers JSON: Litestar prefers a route's media type to its answer's."""

    other: str

    def to_asgi_response(self, app: Litestar | None, request: Request[Any, Any, Any], **given: Any) -> ASGIResponse:
        given["media_type"] = self.other
        return super().to_asgi_response(app, request, **given)


class EventStream(OtherType):
    other = EVENT_STREAM

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        super().__init__(content, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


class CsvFile(OtherType):
    other = CSV

    def __init__(self, content: Iterator[str], name: str) -> None:
        super().__init__(content, headers={"Content-Disposition": f'attachment; filename="{name}"'})


class Streams:
    """The open streams of one process. They read in few threads, so that many of them leave the others to queries."""

    def __init__(self, threads: int = 4) -> None:
        self._closing = asyncio.Event()
        self._threads = threads
        self._limiter: CapacityLimiter | None = None

    @property
    def limiter(self) -> CapacityLimiter:
        if self._limiter is None:  # it belongs to the event loop that first asks
            self._limiter = CapacityLimiter(self._threads)
        return self._limiter

    def close(self) -> None:
        """End every stream after what it is sending; called in the event loop when the server is told to stop."""
        self._closing.set()

    @property
    def closing(self) -> bool:
        return self._closing.is_set()

    async def either(self, awaited: Awaitable[bool]) -> bool:
        """Whether what is awaited came true; False at once when the server stops."""
        waiting = asyncio.ensure_future(awaited)
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({waiting, closing}, return_when=asyncio.FIRST_COMPLETED)
            return waiting.done() and waiting.result()
        finally:
            waiting.cancel()
            closing.cancel()


async def follow(
    streams: Streams,
    first: tuple[list[bytes], int],
    read: Callable[[int], Awaitable[tuple[list[bytes], int]]],
    grown: Callable[[int, float], Awaitable[bool]],
    allowed: Callable[[], Awaitable[bool]],
) -> AsyncIterator[bytes]:
    """Server-sent events of what `read` gives after a position, as (messages, position to read on from).

    Each silent spell ends with the position as the stream's last event id, so that a reader of rare types who comes back does not
    begin anew.
    """
    yield b"retry: 2000\n\n"
    messages, after = first
    looked = monotonic()
    while True:
        for message in messages:
            yield message
        if streams.closing:
            return
        if monotonic() - looked > HEARTBEAT:
            if not await allowed():
                return
            looked = monotonic()
        if len(messages) < AT_ONCE and not await streams.either(grown(after + 1, HEARTBEAT)):
            if streams.closing:
                return
            yield b": still here\nid: %d\n\n" % after
        messages, after = await read(after)


def message(position: int, type_: str, data: bytes) -> bytes:
    """One server-sent event; `data` is JSON on one line."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (position, type_.encode(), data)

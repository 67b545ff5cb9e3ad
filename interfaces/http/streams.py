"""Answers that stay open: what a stream waits for, how it ends with the server, and how its caller's access is looked at again."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from time import monotonic
from typing import Any

import structlog
from anyio import CapacityLimiter
from litestar import Litestar, Request
from litestar.response import Stream
from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Receive, Send

EVENT_STREAM = "text/event-stream"
CSV = "text/csv"
HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it is alive, and looks whether its caller may still listen."""
AT_ONCE = 64
"""How many events a stream holds at most, however slow its reader is."""
PATIENCE = 60.0
"""Seconds after which a reader who takes nothing is let go."""

logger = structlog.get_logger(__name__)


class OtherType(Stream):
    """A stream from a route that otherwise answers JSON: Litestar prefers a route's media type to its answer's."""

    other: str

    def to_asgi_response(self, app: Litestar | None, request: Request[Any, Any, Any], **given: Any) -> ASGIResponse:
        given["media_type"] = self.other
        return super().to_asgi_response(app, request, **given)


class Pushed(ASGIStreamingResponse):
    """Ends with its reader, or when he takes nothing for too long. Litestar's own holds a task and a cancel scope more."""

    __slots__ = ()

    async def send_body(self, send: Send, receive: Receive) -> None:
        sending = asyncio.current_task()
        if sending is None:  # asyncio's word: there always is
            return
        before = sending.cancelling()
        leaving = asyncio.create_task(_left(receive, sending))
        try:
            async for chunk in self.iterator:
                async with asyncio.timeout(PATIENCE):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})  # type: ignore[typeddict-item]
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            logger.info("a reader who takes nothing is let go")
        except asyncio.CancelledError:
            if not leaving.done() or sending.uncancel() > before:
                raise
        finally:
            leaving.cancel()
            if isinstance(self.iterator, AsyncGenerator):
                await self.iterator.aclose()


async def _left(receive: Receive, sending: asyncio.Task[Any]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    sending.cancel()


class EventStream(OtherType):
    other = EVENT_STREAM

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        super().__init__(content, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    def to_asgi_response(self, app: Litestar | None, request: Request[Any, Any, Any], **given: Any) -> ASGIResponse:  # noqa: ARG002 - Litestar's own way
        return Pushed(
            iterator=self.iterator,  # type: ignore[arg-type] - an AsyncIterator, as it was given
            background=self.background or given.get("background"),
            cookies=[*self.cookies, *(given.get("cookies") or ())],
            headers={**(given.get("headers") or {}), **self.headers},
            is_head_response=given.get("is_head_response", False),
            media_type=self.other,
            status_code=self.status_code or given.get("status_code"),
        )


class CsvFile(OtherType):
    other = CSV

    def __init__(self, content: Iterator[str], name: str) -> None:
        super().__init__(content, headers={"Content-Disposition": f'attachment; filename="{name}"'})


class Streams:
    """The open streams of one process. They read in few threads, so that many of them leave the others to queries."""

    def __init__(self, threads: int = 4) -> None:
        self._closing = False
        self._waiting: set[asyncio.Task[object]] = set()
        self._threads = threads
        self._limiter: CapacityLimiter | None = None

    @property
    def limiter(self) -> CapacityLimiter:
        if self._limiter is None:  # it belongs to the event loop that first asks
            self._limiter = CapacityLimiter(self._threads)
        return self._limiter

    def close(self) -> None:
        """End every stream after what it is sending; called in the event loop when the server is told to stop."""
        self._closing = True
        for task in self._waiting:
            task.cancel()

    @property
    def closing(self) -> bool:
        return self._closing

    async def either(self, awaited: Coroutine[Any, Any, bool]) -> bool:
        """Whether what is awaited came true; False at once when the server stops.

        As `asyncio.timeout` does it, by cancelling: tasks of their own for both would be most of what an open stream holds.
        """
        task = asyncio.current_task()
        if self.closing or task is None:
            awaited.close()
            return False
        before = task.cancelling()
        self._waiting.add(task)
        try:
            return await awaited
        except asyncio.CancelledError:
            if self.closing and task.uncancel() <= before:
                return False
            raise
        finally:
            self._waiting.discard(task)


async def follow(
    streams: Streams,
    first: tuple[list[bytes], int],
    read: Callable[[int], Awaitable[tuple[list[bytes], int]]],
    grown: Callable[[int, float], Coroutine[Any, Any, bool]],
    allowed: Callable[[], Awaitable[bool]],
) -> AsyncIterator[bytes]:
    """Server-sent events of what `read` gives after a position, as (messages, position to read on from).

    Each silent spell ends with the position as the stream's last event id, so that a reader of rare types who comes back does not
    begin anew.
    """
    yield b"retry: 2000\n\n"
    messages, after = first
    del first
    looked = monotonic()
    while True:
        for message in messages:
            yield message
        full = len(messages) >= AT_ONCE
        messages = message = None  # while it waits, a stream holds nothing of what it has sent
        if streams.closing:
            return
        if monotonic() - looked > HEARTBEAT:
            if not await allowed():
                return
            looked = monotonic()
        silent = not full and not await streams.either(grown(after + 1, HEARTBEAT))
        if streams.closing:
            return
        messages, after = await read(after)
        if silent and not messages:
            yield b": still here\nid: %d\n\n" % after


def message(position: int, type_: str, data: bytes) -> bytes:
    """One server-sent event; `data` is JSON on one line."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (position, type_.encode(), data)

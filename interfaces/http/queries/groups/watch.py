"""Following groups as they fill: one look at the read model serves everybody in the process who follows any of them."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from anyio import to_thread

from interfaces.http.errors import Problem
from interfaces.http.streams import HEARTBEAT, Streams
from interfaces.http.waiting import Positions
from projections.ports import Documents, Found
from projections.sql import among
from projections.view import View

MOST = 2_000
"""Streams that one process keeps open at once."""

PAUSE = 0.02
"""Seconds between two looks at most as often: what happens meanwhile is told as one change."""


class Watch:
    """Rows of a view that somebody follows, by key; a row's version says whether there is something new to tell.

    It costs two small statements for each time that the read model moves on, and none while nobody follows.
    """

    def __init__(self, documents: Documents, positions: Positions, streams: Streams, view: View[Any]) -> None:
        self._documents = documents
        self._positions = positions
        self._streams = streams
        self._view = view
        self._open = 0
        self._asked = asyncio.Event()
        self._waiting: dict[asyncio.Future[Found], tuple[UUID, int]] = {}
        self._looking: asyncio.Task[None] | None = None

    def require_room(self) -> None:
        """503 `too_many_followers` where no more streams may be opened."""
        if self._open >= MOST:
            raise Problem(503, "too_many_followers", "Try again in a moment.", headers={"Retry-After": "5"})

    @contextmanager
    def following(self) -> Generator[None]:
        """For as long as a stream is open."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    async def newer(self, key: UUID, version: int, seconds: float) -> Found | None:
        """The row once it is of this version or a later one, None where it is not within so many seconds. Raises `Unavailable`."""
        loop = asyncio.get_running_loop()
        if self._looking is not None and self._looking.get_loop() is not loop:
            self._waiting, self._looking, self._asked = {}, None, asyncio.Event()  # of a loop that is gone
        told: asyncio.Future[Found] = loop.create_future()
        self._waiting[told] = (key, version)
        self._asked.set()
        if self._looking is None:
            self._looking = loop.create_task(self._look())
        try:
            async with asyncio.timeout(seconds):
                return await told
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(told, None)

    async def _look(self) -> None:
        """Look again and again until nobody waits."""
        try:
            while self._waiting:
                self._asked.clear()
                position, found = await to_thread.run_sync(self._read, limiter=self._streams.limiter)
                for told, (key, version) in list(self._waiting.items()):
                    row = found.get(key)
                    if row is not None and row.version >= version and not told.done():
                        told.set_result(row)
                await asyncio.sleep(PAUSE)
                await self._something_new(position)
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            for told in self._waiting:
                if not told.done():
                    told.set_exception(error)
        finally:
            self._looking = None

    async def _something_new(self, position: int) -> None:
        """Until the read model has gone beyond the position, or somebody follows who has not been looked for yet."""
        moved = asyncio.ensure_future(self._positions.wait_for(self._view.name, position + 1, HEARTBEAT))
        asked = asyncio.ensure_future(self._asked.wait())
        try:
            await asyncio.wait({moved, asked}, return_when=asyncio.FIRST_COMPLETED)
            if moved.done():
                moved.result()
        finally:
            moved.cancel()
            asked.cancel()

    def _read(self) -> tuple[int, dict[UUID, Found]]:
        """How far the read model has come, and the rows as they are then or later."""
        keys = list({key for key, _ in list(self._waiting.values())})
        position = self._documents.position(self._view.name)
        found = self._documents.page(self._view, among(self._view, keys), limit=max(1, len(keys)))
        return position, {each.key: each for each in found.items if isinstance(each.key, UUID)}

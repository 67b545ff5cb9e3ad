"""Rows that many ask for in the same moment, read in one statement: a page that everybody looks at costs its database no more."""

import asyncio
from collections.abc import Sequence
from typing import Any

from anyio import CapacityLimiter, to_thread

from projections.ports import Documents, Found
from projections.sql import among
from projections.view import Key, View

MOST = 500
"""Rows of one statement; what is asked for beyond waits for the next."""

Waiting = dict[Key, list["asyncio.Future[Found | None]"]]


class Together:
    """The rows of one view. Nobody is given a row that was read before he asked, so it is as fresh as one read for him alone.

    While one statement runs, whoever asks is gathered for the next: there are as many statements as Postgres answers one after the
    other, however many callers there are.
    """

    def __init__(self, documents: Documents, view: View[Any]) -> None:
        self._documents = documents
        self._view = view
        self._waiting: Waiting = {}
        self._reading: asyncio.Task[None] | None = None
        self._limiter: CapacityLimiter | None = None

    async def one(self, key: Key) -> Found | None:
        """Raises `Unavailable`."""
        loop = asyncio.get_running_loop()
        if self._reading is not None and self._reading.get_loop() is not loop:
            self._waiting, self._reading = {}, None  # of a loop that is gone
        if self._reading is None:
            self._limiter = self._limiter or CapacityLimiter(1)
            self._reading = loop.create_task(self._read_on())
        told: asyncio.Future[Found | None] = loop.create_future()
        self._waiting.setdefault(key, []).append(told)
        return await told

    async def _read_on(self) -> None:
        """Read again and again until nobody waits."""
        try:
            while self._waiting:
                keys = list(self._waiting)[:MOST]
                asked = {key: self._waiting.pop(key) for key in keys}
                try:
                    found = await to_thread.run_sync(self._read, keys, limiter=self._limiter)
                except Exception as error:  # noqa: BLE001 - whoever waits is told
                    tell(asked, error)
                else:
                    tell(asked, found)
        finally:
            self._reading = None

    def _read(self, keys: Sequence[Key]) -> dict[Key, Found]:
        return {each.key: each for each in self._documents.page(self._view, among(self._view, keys), limit=len(keys)).items}


def tell(asked: Waiting, found: dict[Key, Found] | Exception) -> None:
    for key, waiting in asked.items():
        for each in waiting:
            if each.done():  # whoever asked is gone
                continue
            if isinstance(found, Exception):
                each.set_exception(found)
            else:
                each.set_result(found.get(key))

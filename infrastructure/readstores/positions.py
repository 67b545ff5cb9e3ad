"""Waiting for a read model: one look at all positions serves everyone in the process who waits for one."""

import asyncio
from collections.abc import Iterable
from typing import Any

from psycopg_pool import ConnectionPool

from infrastructure.readstores.bookkeeping import positions, reaching_postgres
from projections.view import Projection

PAUSE = 0.01
"""Seconds between two looks while somebody waits."""

PATIENCE = 2.0


class PostgresPositions:
    """`pool` is of the primary: a replica's positions lag by its own delay, and so would the waiting."""

    def __init__(self, pool: ConnectionPool[Any], projections: Iterable[Projection]) -> None:
        self._pool = pool
        self._projections = list(projections)
        self._names = [each.name for each in self._projections]
        self._reached: dict[str, int] = {}
        self._waiting: dict[asyncio.Future[None], tuple[str, int]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def wait_for(self, projection: str, position: int, seconds: float) -> bool:
        """Whether the projection reached the position within so many seconds. Raises `Unavailable`, KeyError for an unknown name."""
        if projection not in self._names:
            raise KeyError(projection)
        if self._reached.get(projection, 0) >= position:
            return True
        loop = asyncio.get_running_loop()
        if self._looking is not None and self._looking.get_loop() is not loop:
            self._waiting.clear()  # of a loop that is gone
            self._looking = None
        reached: asyncio.Future[None] = loop.create_future()
        self._waiting[reached] = (projection, position)
        if self._looking is None:
            self._looking = loop.create_task(self._look())
        try:
            async with asyncio.timeout(seconds):
                await reached
        except TimeoutError:
            return False
        finally:
            self._waiting.pop(reached, None)
        return True

    async def _look(self) -> None:
        """Look again and again until nobody waits."""
        try:
            while self._waiting:
                self._reached = await asyncio.to_thread(self._read)
                for reached, (projection, position) in list(self._waiting.items()):
                    if self._reached[projection] >= position and not reached.done():
                        reached.set_result(None)
                await asyncio.sleep(PAUSE)
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            for reached in self._waiting:
                if not reached.done():
                    reached.set_exception(error)
        finally:
            self._looking = None

    def _read(self) -> dict[str, int]:
        with reaching_postgres(), self._pool.connection(timeout=PATIENCE) as connection:
            return dict(zip(self._names, positions(connection, self._projections), strict=True))

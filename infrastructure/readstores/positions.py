"""Waiting for a read model: one look at all positions, when a projector says that they moved, serves everyone in the process."""

import asyncio
from collections.abc import Iterable, Mapping
from time import monotonic
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from infrastructure.postgres import ALIVE
from infrastructure.readstores.bookkeeping import CHANNEL, POSITIONS, identities
from projections.ports import Unavailable
from projections.view import Projection

POLL = 0.5
"""Seconds between two looks where nobody says that anything moved."""

IDLE = 30.0
"""Seconds for which the connection is kept after the last one has waited."""

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class PostgresPositions:
    """`pool` is of the primary: a replica's positions lag by its own delay, and so would the waiting.

    While anybody waits it has one connection of its own, which listens before it looks, so that nothing moves unseen.
    """

    def __init__(self, pool: ConnectionPool[Any], projections: Iterable[Projection]) -> None:
        self._url = str(pool.conninfo)
        self._projections = list(projections)
        self._names = [each.name for each in self._projections]
        self._reached: Mapping[str, int] = {}
        self._waiting: dict[asyncio.Future[None], tuple[str, int]] = {}
        self._asked = float("-inf")
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
        self._asked = monotonic()
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
        """Look until nobody has waited for a while. A lost connection is made again; who waits is told where that fails."""
        failed = False
        try:
            while self._wanted():
                try:
                    async with await psycopg.AsyncConnection.connect(
                        self._url, autocommit=True, application_name="tradewind positions", **ALIVE
                    ) as connection:
                        await connection.execute(f"LISTEN {CHANNEL}")
                        failed = False
                        await self._follow(connection)
                except psycopg.Error:
                    if failed:
                        raise Unavailable("postgres") from None
                    failed = True
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            for reached in self._waiting:
                if not reached.done():
                    reached.set_exception(error)
        finally:
            self._looking = None

    async def _follow(self, connection: Connection) -> None:
        """Look whenever anything moved, so that what is known stays true, and who comes later only has to wait."""
        while self._wanted():
            self._reached = await self._read(connection)
            for reached, (projection, position) in list(self._waiting.items()):
                if self._reached[projection] >= position and not reached.done():
                    reached.set_result(None)
            async for _ in connection.notifies(timeout=POLL, stop_after=1):
                pass

    def _wanted(self) -> bool:
        return bool(self._waiting) or monotonic() - self._asked < IDLE

    async def _read(self, connection: Connection) -> Mapping[str, int]:
        rows = await connection.execute(POSITIONS, identities(self._projections))
        return {name: position for name, (position,) in zip(self._names, await rows.fetchall(), strict=True)}

"""Reads the log and writes down the jobs it owes, with its position, in one transaction; does none of them."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import structlog
from msgspec import Struct
from psycopg import Cursor
from psycopg_pool import ConnectionPool, PoolTimeout

from application.effects.job import Job
from domain.recorded import Recorded
from domain.values import Value
from infrastructure.jobs.queue import put
from infrastructure.locks import Lock
from infrastructure.reactor.parked import park, unpark
from projections.ports import Batch, LogReader, Unavailable

BATCH = 500
POLL_SECONDS = 1.0
SOON_SECONDS = 0.02
"""Until the next look while an append is under way: where that comes to nothing, nobody tells of those that it held up."""

LEASE = "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))"
POSITION = """
    SELECT position, ARRAY(SELECT position FROM parked_reactions WHERE reader = %s AND retry_at IS NOT NULL ORDER BY position LIMIT 100)
    FROM reactions WHERE reader = %s
"""
BEGIN = "INSERT INTO reactions (reader, position) VALUES (%s, 0) ON CONFLICT DO NOTHING"
MOVE = "UPDATE reactions SET position = %s, updated_at = now() WHERE reader = %s AND position = %s"

logger = structlog.get_logger(__name__)


class Overtaken(Exception):
    """Somebody else moved the position: nothing of this batch was written."""


class Stage(Struct, frozen=True):
    """What one round came to: how many events were read, whether this process held the lease, and whether appends were under way."""

    events: int
    leading: bool
    under_way: bool = False


class Reactor:
    """Many may run: one of them leads, by a lease that ends with its transaction, and a dead one's is free at once."""

    def __init__(
        self,
        pool: ConnectionPool[Any],
        log: LogReader,
        due: Callable[[Recorded[Any]], Sequence[Job]],
        events: Sequence[type[Value]] = (),
        *,
        name: str = "effects",
        batch: int = BATCH,
    ) -> None:
        """`events` are the types that anything is due for; empty means all."""
        self.name = name
        self._pool = pool
        self._log = log
        self._due = due
        self._events = events
        self._batch = batch

    def run(self, stop: threading.Event, wait: Callable[[float], object]) -> None:
        """React until `stop` is set, through lost connections as well; `wait(seconds)` returns early when the log grows."""
        while not stop.is_set():
            try:
                stage = self.step()
            except (Unavailable, psycopg.OperationalError, PoolTimeout) as error:
                logger.warning("the log cannot be reacted to", error=str(error))
                stop.wait(POLL_SECONDS)
            except Overtaken:
                logger.info("another reader was faster", reader=self.name)
            except Exception:
                logger.exception("a reader's round failed", reader=self.name)
                stop.wait(POLL_SECONDS)
            else:
                if not stage.events:
                    wait(SOON_SECONDS if stage.under_way else POLL_SECONDS)

    def catch_up(self) -> int:
        """React to everything up to the stable position and say to how many events that was."""
        total = 0
        while events := self.step().events:
            total += events
        return total

    def step(self) -> Stage:
        """One batch. Raises `Overtaken` where the position moved meanwhile."""
        with self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            leading = cursor.execute(LEASE, (Lock.READER, self.name)).fetchone()
            if leading != (True,):
                return Stage(0, leading=False)
            position, asked = self._position(cursor)
            for each in asked:
                self._again(cursor, each)
            batch = self._log.read(position, self._batch, self._events)
            self._write(cursor, position, batch)
        return Stage(len(asked) + len(batch.events), leading=True, under_way=batch.under_way)

    def _position(self, cursor: Cursor[Any]) -> tuple[int, Sequence[int]]:
        """How far the log was read, and which parked events a person wants to have tried again."""
        cursor.execute(BEGIN, (self.name,))
        row = cursor.execute(POSITION, (self.name, self.name)).fetchone()
        return row or (0, ())

    def _again(self, cursor: Cursor[Any], position: int) -> None:
        """Try a parked event again; one that fails again is parked again."""
        unpark(cursor, self.name, position)
        put(cursor, self._owed(cursor, self._log.read(position - 1, 1).events))

    def _owed(self, cursor: Cursor[Any], events: Sequence[Recorded[Any]]) -> list[Job]:
        jobs: list[Job] = []
        for recorded in events:
            try:
                jobs += self._due(recorded)
            except Exception as error:
                logger.exception("event parked", reader=self.name, position=recorded.position, type=recorded.type)
                park(cursor, self.name, recorded, error)
        return jobs

    def _write(self, cursor: Cursor[Any], position: int, batch: Batch) -> None:
        if batch.upto <= position:
            return
        put(cursor, self._owed(cursor, batch.events))
        if cursor.execute(MOVE, (batch.upto, self.name, position)).rowcount != 1:
            raise Overtaken

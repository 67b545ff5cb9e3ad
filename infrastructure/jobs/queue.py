"""The queue of jobs, as rows: put there in the reader's transaction, taken under a lease, ended once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Cursor
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.effects.job import Job, Work
from application.ports import Clock
from infrastructure import clock as system
from infrastructure.eventlog.outcomes import translated

PUT = """
    INSERT INTO jobs (id, kind, "rank", work, event_id, correlation_id, due_at)
    VALUES (%s, %s, %s, %s::jsonb, %s, %s, coalesce(%s, now()))
    ON CONFLICT (id) DO NOTHING
"""

CHANNEL = "tradewind_jobs"
WAKE = f"NOTIFY {CHANNEL}"

TAKE = """
    WITH sooner AS MATERIALIZED (
        SELECT id FROM jobs WHERE state = 'due' AND "rank" = %(first)s AND due_at <= %(now)s AND NOT (SELECT read_only FROM maintenance)
        ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), later AS MATERIALIZED (
        SELECT id FROM jobs WHERE state = 'due' AND "rank" = 1 - %(first)s AND due_at <= %(now)s AND NOT (SELECT read_only FROM maintenance)
        ORDER BY due_at, id LIMIT %(limit)s - (SELECT count(*) FROM sooner) FOR UPDATE SKIP LOCKED
    )
    UPDATE jobs SET attempts = attempts + 1, taken_by = %(worker)s, due_at = %(now)s + %(lease)s
    WHERE id IN (SELECT id FROM sooner UNION ALL SELECT id FROM later)
    RETURNING id, work::text AS work, event_id, correlation_id, attempts
"""
"""Rank by rank, each by the index: one scan in order of rank would pass over every deadline that is still to come."""

EXTEND = "UPDATE jobs SET due_at = %(now)s + %(lease)s WHERE id = %(id)s AND state = 'due' AND attempts = %(attempts)s"
POSTPONE = """
    UPDATE jobs SET due_at = %(now)s + %(pause)s, taken_by = NULL, note = %(note)s
    WHERE id = %(id)s AND state = 'due' AND attempts = %(attempts)s
"""
END = """
    UPDATE jobs SET state = %(state)s, ended_at = now(), taken_by = NULL, note = %(note)s
    WHERE id = %(id)s AND state = 'due' AND attempts = %(attempts)s
"""

DEAD = """
    SELECT id, kind, work::text AS work, event_id, attempts, note, created_at::text AS created_at, ended_at::text AS ended_at
    FROM jobs WHERE state = 'dead' ORDER BY ended_at DESC, id LIMIT %s
"""

NOTE_LENGTH = 500


class Taken(Job, frozen=True, kw_only=True):
    """A job under lease; `attempts` counts this one."""

    attempts: int


class Dead(Struct, frozen=True):
    """A job given up, as a person sees it: `note` says why, `work` is its JSON."""

    id: UUID
    kind: str
    work: str
    event_id: UUID
    attempts: int
    note: str
    created_at: str
    ended_at: str


def put(cursor: Cursor[Any], jobs: Sequence[Job]) -> None:
    """Write jobs in the caller's transaction, which wakes workers as it commits; those known by their id stay as they are.

    Not for the transactions of appends: a NOTIFY lets them commit one after the other only.
    """
    if jobs:
        cursor.execute(WAKE)
        cursor.executemany(PUT, [row_of(job) for job in jobs])


def row_of(job: Job) -> tuple[Any, ...]:
    return job.id, job.kind, job.rank, msgspec.json.encode(job.work).decode(), job.event_id, job.correlation_id, job.due_at


class Queue:
    """What is due is due by `clock`, which is why those of all workers are to agree within a small part of a lease.

    Whoever holds a job knows its attempt number; a worker that lost its lease can neither end nor postpone the job.
    """

    def __init__(self, pool: ConnectionPool[Any], lease: timedelta = timedelta(seconds=30), *, clock: Clock = system.now) -> None:
        self._pool = pool
        self.lease = lease
        self._clock = clock

    def put(self, jobs: Sequence[Job]) -> None:
        """Write jobs that others have led to; those known by their id stay as they are."""
        with translated(), self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            put(cursor, jobs)

    def take(self, worker: str, limit: int = 1, *, first: int = 0) -> list[Taken]:
        """Due jobs of the rank `first`, then of the other, longest due first, for the time of the lease.

        A job whose worker died is due again when the lease ends.
        """
        values = {"worker": worker, "now": self._clock(), "lease": self.lease, "limit": limit, "first": first}
        with self._pool.connection() as connection:
            rows = connection.execute(TAKE, values).fetchall()
        return [
            Taken(id, msgspec.json.decode(work, type=Work), event, correlation, attempts=attempts)
            for id, work, event, correlation, attempts in rows
        ]

    def extend(self, job: Taken) -> bool:
        return self._update(EXTEND, job, lease=self.lease)

    def postpone(self, job: Taken, pause: timedelta, note: str) -> bool:
        return self._update(POSTPONE, job, pause=pause, note=note[:NOTE_LENGTH])

    def end(self, job: Taken, state: str, note: str = "") -> bool:
        """`state` is done, skipped or dead. False: the job is no longer ours."""
        return self._update(END, job, state=state, note=note[:NOTE_LENGTH])

    def _update(self, statement: LiteralString, job: Taken, **values: Any) -> bool:
        with self._pool.connection() as connection:
            return connection.execute(statement, {"id": job.id, "attempts": job.attempts, "now": self._clock(), **values}).rowcount == 1

    def dead(self, limit: int = 100) -> list[Dead]:
        """What was given up, the latest first."""
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Dead)) as cursor:
            return cursor.execute(DEAD, (limit,)).fetchall()

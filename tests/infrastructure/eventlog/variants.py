"""Recorders with one guard taken out, or with a fault put in, to show that the tests of it see the difference."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from msgspec.structs import replace
from uuid_utils.compat import uuid7

from application.ports import Meta
from infrastructure.eventlog import statements
from infrastructure.eventlog.library.recorder import EventRecorder, PooledDatastore, Positions
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.mapper import StoredFact
from infrastructure.postgres import Direct
from tests.infrastructure.eventlog.toys import ALL, keys

NO_FLOOR = "SELECT last_value FROM events_position"


class WithoutFloor(EventRecorder):
    """Tells readers of no append that is still open."""

    append_one = Direct(b"append_one_without_floor", statements.APPEND_ONE.replace(statements.FLOOR, NO_FLOOR), statements.APPEND_ONE_TYPES)
    append_many: LiteralString = statements.APPEND.replace(statements.FLOOR, NO_FLOOR)


class WithoutCommands(EventRecorder):
    """Keeps every result under an id that is not the command's."""

    def append(
        self, connection: psycopg.Connection[Any], events: Sequence[StoredFact], meta: Meta, results: Sequence[tuple[UUID, int]]
    ) -> Positions:
        return super().append(connection, events, replace(meta, command_id=uuid7()), results)


class Killed(EventRecorder):
    """Its first append loses the connection: after the commit, so that only the answer is lost, or before it."""

    def __init__(self, datastore: PooledDatastore, *, after_commit: bool) -> None:
        super().__init__(datastore)
        self.after_commit = after_commit
        self.kills = 1

    def append(
        self, connection: psycopg.Connection[Any], events: Sequence[StoredFact], meta: Meta, results: Sequence[tuple[UUID, int]]
    ) -> Positions:
        if not self.kills:
            return super().append(connection, events, meta, results)
        self.kills -= 1
        if self.after_commit:
            super().append(connection, events, meta, results)
        with self.datastore.pool.connection() as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])
        connection.execute("SELECT 1")
        raise AssertionError("the connection should be dead")


def log_with(recorder: EventRecorder) -> PostgresLog:
    log = PostgresLog(recorder.datastore.pool, ALL, keys())  # pyright: ignore[reportArgumentType] - it is the pool that we gave it
    log.history.recorder = recorder
    return log

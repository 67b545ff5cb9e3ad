"""The workers' books in Postgres: what is looked up in them for operators, and how their rows change them."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.commands.operations import books
from infrastructure.eventlog.outcomes import translated
from infrastructure.eventlog.rows import RowStatements
from infrastructure.operations import statements

ROWS: RowStatements = {
    books.AskRetry: statements.ASK_RETRY,
    books.ForgetParked: statements.FORGET_PARKED,
    books.SetPaused: statements.SET_PAUSED,
    books.AskRebuild: statements.ASK_REBUILD,
    books.CancelBuilding: statements.CANCEL_REBUILD,
    books.DropOld: statements.DROP_OLD,
    books.AskReaction: statements.ASK_REACTION,
    books.ForgetReaction: statements.FORGET_REACTION,
    books.ReviveJob: statements.REVIVE_JOB,
    books.DropJob: statements.DISCARD_JOB,
    books.SetReadOnly: statements.SET_MAINTENANCE,
}

PARKED = "SELECT FROM parked_events WHERE projection = %s AND version = served_version(%s) AND position = %s"
REBUILDS = "SELECT FROM projection_rebuilds WHERE name = %s AND version = served_version(%s) AND state = ANY(%s)"
REACTION = "SELECT FROM parked_reactions WHERE reader = 'effects' AND position = %s"
JOB = "SELECT state FROM jobs WHERE id = %s"


class PostgresWorkersBooks:
    """`application.commands.operations.books.WorkersBooks` over a pool in autocommit."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    def parked(self, projection: str, position: int) -> bool:
        return bool(self._found(PARKED, [projection, projection, position]))

    def next_generation(self, projection: str) -> int | None:
        with translated(), self._pool.connection() as connection:
            ((number,),) = connection.execute(statements.NEXT_GENERATION, {"projection": projection}).fetchall()
        return number

    def building(self, projection: str) -> bool:
        return bool(self._found(REBUILDS, [projection, projection, ["requested", "building", "ready"]]))

    def replaced(self, projection: str) -> bool:
        return bool(self._found(REBUILDS, [projection, projection, ["switched"]]))

    def reaction_parked(self, position: int) -> bool:
        return bool(self._found(REACTION, [position]))

    def job_state(self, job_id: UUID) -> str | None:
        found = self._found(JOB, [job_id])
        return found[0][0] if found else None

    def _found(self, statement: LiteralString, values: Sequence[Any]) -> Sequence[Any]:
        with translated(), self._pool.connection() as connection:
            return connection.execute(statement, values).fetchall()

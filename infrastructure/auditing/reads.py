"""Who read what of history: rows that are only ever added."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from projections.audit import Read

PATIENCE = 2.0
"""Seconds to wait for a connection."""

RECORD = "INSERT INTO audit_reads (reader, what, parameters, found) VALUES (%s, %s, %s::text::jsonb, %s)"

PAGE = """
SELECT number, reader, what, parameters, found, read_at FROM audit_reads
WHERE (%(after)s::bigint = 0 OR number < %(after)s) AND (%(reader)s::uuid IS NULL OR reader = %(reader)s)
ORDER BY number DESC LIMIT %(limit)s
"""


class PostgresAuditReads:
    """`projections.audit.AuditReads`; the pool is of the database that is written to, never of a replica."""

    def __init__(self, pool: ConnectionPool[Connection]) -> None:
        self._pool = pool

    def record(self, reader: UUID, what: str, parameters: Mapping[str, Any], found: int) -> None:
        with reaching_postgres(), self._pool.connection(timeout=PATIENCE) as connection:
            connection.execute(RECORD, (reader, what, msgspec.json.encode(parameters).decode(), found))

    def page(self, after: int, limit: int, reader: UUID | None) -> Sequence[Read]:
        with (
            reaching_postgres(),
            self._pool.connection(timeout=PATIENCE) as connection,
            connection.cursor(row_factory=class_row(Read)) as cursor,
        ):
            return cursor.execute(PAGE, {"after": after, "reader": reader, "limit": limit}).fetchall()

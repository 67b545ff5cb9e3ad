"""Imported files and the reports on their rows, in Postgres beside the log."""

import io
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, LiteralString
from uuid import UUID

import msgspec
from psycopg_pool import ConnectionPool

from application.imports.assortment import ARTICLES
from application.imports.offers import SPACE
from application.imports.ports import Outcome, Reported
from application.ports import Row
from application.rows import KeepFile, KeepReport
from infrastructure.eventlog.outcomes import translated
from projections.ports import ReportedRow

REPORT: LiteralString = """
    INSERT INTO import_rows (import_id, row, line, outcome, listing_id, code, detail, repairs)
    SELECT %(import_id)s, each.row, each.line, each.outcome, each.listing_id, each.code, each.detail, each.repairs
    FROM json_to_recordset(convert_from(%(reported)s, 'UTF8')::json)
        AS each(row integer, line integer, outcome text, listing_id uuid, code text, detail text, repairs json)
    ON CONFLICT DO NOTHING
"""

ROWS: Mapping[type[Row], LiteralString] = {
    KeepFile: "INSERT INTO import_files (import_id, content) VALUES (%(import_id)s, %(content)s)",
    KeepReport: REPORT,
}

BROUGHT = "SELECT value, owner FROM reservations WHERE space = %s AND value = ANY(%s)"


READ = """
    SELECT row, line, outcome, listing_id, code, detail, repairs::text FROM import_rows
    WHERE import_id = %(import_id)s AND row > %(after)s AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
    ORDER BY row LIMIT %(limit)s
"""


class PostgresImportBook:
    """`application.imports.ports.ImportBook` for those who run imports, `projections.ports.ImportReports` for those who ask."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self.pool = pool

    @contextmanager
    def claim(self, import_id: UUID) -> Generator[bool]:
        """A session's advisory lock: it ends with the process that holds it, however that ends."""
        key = [int.from_bytes(import_id.bytes[8:12], "big", signed=True), int.from_bytes(import_id.bytes[12:], "big", signed=True)]
        with translated(), self.pool.connection() as connection:
            (ours,) = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", key).fetchone() or (False,)
            try:
                yield ours
            finally:
                if ours and not connection.closed:
                    connection.execute("SELECT pg_advisory_unlock(%s, %s)", key)

    def file(self, import_id: UUID) -> BinaryIO:
        (found,) = self._all("SELECT content FROM import_files WHERE import_id = %s", [import_id])
        return io.BytesIO(found[0])

    def last_row(self, import_id: UUID) -> int:
        return self._all("SELECT coalesce(max(row), 0) FROM import_rows WHERE import_id = %s", [import_id])[0][0]

    def brought(self, keys: Sequence[bytes]) -> Mapping[bytes, UUID]:
        return {bytes(value): owner for value, owner in self._all(BROUGHT, [SPACE, list(keys)])} if keys else {}

    def articles(self, keys: Sequence[bytes]) -> Mapping[bytes, UUID]:
        return {bytes(value): owner for value, owner in self._all(BROUGHT, [ARTICLES, list(keys)])} if keys else {}

    def report(self, import_id: UUID, rows: Sequence[Reported]) -> None:
        with translated(), self.pool.connection() as connection:
            connection.execute(REPORT, {"import_id": import_id, "reported": msgspec.json.encode(rows)})

    def totals(self, import_id: UUID) -> Mapping[Outcome, int]:
        return dict(self._all("SELECT outcome, count(*) FROM import_rows WHERE import_id = %s GROUP BY outcome", [import_id]))

    def rows(self, import_id: UUID, outcome: str | None, after: int, limit: int) -> Sequence[ReportedRow]:
        values = {"import_id": import_id, "outcome": outcome, "after": after, "limit": limit}
        return [
            ReportedRow(row, line, outcome, listing_id, code, detail, msgspec.Raw(repairs.encode()))
            for row, line, outcome, listing_id, code, detail, repairs in self._all(READ, values)
        ]

    def _all(self, statement: LiteralString, values: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        with translated(), self.pool.connection() as connection:
            return connection.execute(statement, values).fetchall()

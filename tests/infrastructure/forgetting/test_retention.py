"""Papers are kept for as long as the law wants, and not a year longer."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from psycopg import errors
from psycopg_pool import ConnectionPool

from infrastructure.forgetting.retention import Retention
from infrastructure.invoices.archive import PostgresArchive

KEY, OLD, LAST = bytes(32), UUID(int=1), UUID(int=2)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def test_with_the_end_of_the_tenth_year_papers_are_gone_for_good(pool: ConnectionPool[Any]):
    archive = PostgresArchive(pool, KEY)
    for document, year in ((OLD, 2015), (LAST, 2016)):
        kept = archive.keep(document, year, b"paper")
        with pool.connection() as connection:
            connection.execute("INSERT INTO invoice_files (document_id, year, sealed) VALUES (%s, %s, %s)", [document, year, kept.sealed])
    assert Retention(pool, 10, lambda: datetime(2025, 12, 31, tzinfo=UTC))() == []
    assert archive.read(OLD) == b"paper"
    retention = Retention(pool, 10, lambda: NEW_YEAR)
    assert (retention(), retention()) == ([2015], [])
    assert (archive.read(OLD), archive.read(LAST)) == (None, b"paper")


def test_a_clock_that_is_ahead_destroys_nothing_that_is_still_kept(pool: ConnectionPool[Any]):
    kept = PostgresArchive(pool, KEY).keep(OLD, datetime.now(UTC).year - 1, b"paper")
    assert kept.sealed
    with pytest.raises(errors.InsufficientPrivilege):
        Retention(pool, 10, lambda: datetime(2999, 1, 1, tzinfo=UTC))()

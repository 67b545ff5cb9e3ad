from typing import LiteralString
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from psycopg import errors
from psycopg.sql import SQL
from psycopg_pool import ConnectionPool

from infrastructure.invoices.archive import FILE, ROWS, PostgresArchive
from tests.infrastructure.invoices.conftest import KEY

PAPER, OTHER = UUID(int=1), UUID(int=2)
PDF = b"%PDF-1.7 and more"


def kept(pool: ConnectionPool, document: UUID = PAPER, year: int = 2026) -> PostgresArchive:
    archive = PostgresArchive(pool, KEY)
    row = archive.keep(document, year, PDF)
    with pool.connection() as connection:
        connection.execute(ROWS[type(row)], {"document_id": row.document_id, "year": row.year, "sealed": row.sealed})
    return archive


def test_a_paper_is_kept_as_it_was_made_and_is_nowhere_in_clear(pool: ConnectionPool):
    assert kept(pool).read(PAPER) == PDF
    assert PostgresArchive(pool, KEY).read(PAPER) == PDF
    with pool.connection() as connection:
        found = connection.execute(FILE, [PAPER]).fetchone()
    assert found is not None
    assert PDF[:8] not in found[1]


def test_papers_of_a_year_share_its_key_and_those_of_another_have_their_own(pool: ConnectionPool):
    kept(pool)
    kept(pool, OTHER)
    kept(pool, UUID(int=3), 2027)
    with pool.connection() as connection:
        assert connection.execute("SELECT array_agg(year ORDER BY year) FROM invoice_keys").fetchone() == ([2026, 2027],)


def test_a_year_whose_key_is_destroyed_is_gone(pool: ConnectionPool):
    archive = kept(pool)
    with pool.connection() as connection:
        connection.execute("DELETE FROM invoice_keys WHERE year = 2026")
    assert archive.read(PAPER) is None
    assert archive.read(OTHER) is None


def test_a_file_in_the_place_of_another_does_not_open(pool: ConnectionPool):
    archive = kept(pool)
    with pool.connection() as connection:
        connection.execute("INSERT INTO invoice_files (document_id, year, sealed) SELECT %s, year, sealed FROM invoice_files", [OTHER])
    with pytest.raises(InvalidTag):
        archive.read(OTHER)


@pytest.mark.parametrize("change", ["UPDATE invoice_files SET sealed = ''", "DELETE FROM invoice_files", "TRUNCATE invoice_files"])
def test_a_paper_is_never_changed(pool: ConnectionPool, change: LiteralString):
    kept(pool)
    with pool.connection() as connection, pytest.raises(errors.InsufficientPrivilege, match="never changed"):
        connection.execute(SQL(change))

"""The database's structure: numbered SQL files, each run once, forward only."""

import hashlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import psycopg
from msgspec import Struct

from infrastructure.locks import Lock

FOLDER = Path(__file__).with_name("migrations")
LOCK = (Lock.MIGRATION, 1)


class MigrationError(Exception):
    """The files and the database do not fit together; says which file and why."""


class Migration(Struct, frozen=True):
    """One file: `name` as in `0001_event_log`, ordered by its number."""

    name: str
    sql: bytes

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql).hexdigest()


def migrations(folder: Path = FOLDER) -> Iterator[Migration]:
    for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql")):
        yield Migration(path.stem, path.read_bytes())


def migrate(
    database_url: str, report: Callable[[str], None] = lambda _: None, folder: Path = FOLDER, *, only: Collection[str] | None = None
) -> list[str]:
    """Run what was not run yet and return its names; `report` is told each before it runs.

    With `only`, those of these names: the structure that a dump was made of. Processes that start together wait for each other.
    A file may arrive later with a lower number than one that ran already: files only build on lower numbers. Raises `MigrationError`
    where a file that ran was changed since.
    """
    done: list[str] = []
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
        connection.execute(
            """CREATE TABLE IF NOT EXISTS migrations (
                name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"""
        )
        applied = dict(connection.execute("SELECT name, checksum FROM migrations").fetchall())
        for migration in migrations(folder):
            if only is not None and migration.name not in only:
                continue
            if migration.name in applied:
                if applied[migration.name] != migration.checksum:
                    raise MigrationError(f"{migration.name} was changed after it was applied: restore it and write a new file")
                continue
            report(migration.name)
            _run(connection, migration)
            done.append(migration.name)
    return done


def _run(connection: psycopg.Connection, migration: Migration) -> None:
    try:
        with connection.transaction():
            connection.execute(migration.sql, prepare=False)
            connection.execute("INSERT INTO migrations (name, checksum) VALUES (%s, %s)", [migration.name, migration.checksum])
    except psycopg.Error as reason:
        raise MigrationError(f"{migration.name}: {reason}") from reason

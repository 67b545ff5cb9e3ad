"""A dump brought back into a database that has no history: all of it in one transaction, or nothing."""

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from cryptography.exceptions import InvalidTag
from psycopg import sql

from infrastructure import migrate
from infrastructure.copies.dump import FORMAT, Report
from infrastructure.copies.tables import Contents, Kept
from infrastructure.keys import PersonalKeys
from infrastructure.postgres import Connection

HISTORY = ("events", "commands", "personal_keys", "seals")
"""Where anything lies here, there is a history already."""

KEYS = "SELECT subject FROM personal_keys WHERE wrapped IS NOT NULL LIMIT 20"


class NotRestored(Exception):
    """Says why nothing was written."""


def restore(database_url: str, path: Path, keys: PersonalKeys, report: Report, said: Callable[[str], None] = lambda _: None) -> Contents:
    """Bring the database to the structure that the dump was made of, fill it, and then bring it to the newest structure.

    Raises `NotRestored` where the file is no whole dump, the database has a history, or `keys` do not open the keys in the dump.
    """
    try:
        with gzip.open(path, "rb") as packed, tarfile.open(fileobj=packed, mode="r|") as archive:
            contents = read_contents(archive)
            with psycopg.connect(database_url, autocommit=True, application_name="tradewind restore") as connection:
                make_room(connection, database_url, contents, said)
                with connection.transaction():
                    fill(connection, archive, contents, report)
                    check_keys(connection, keys)
    except (OSError, EOFError, tarfile.TarError, zlib.error, msgspec.DecodeError) as error:
        raise NotRestored(f"{path} is no whole dump: {error}") from error
    migrate.migrate(database_url, said)
    return contents


def read_contents(archive: tarfile.TarFile) -> Contents:
    part = archive.next()
    if part is None or part.name != "contents.json":
        raise NotRestored("The file is no dump.")
    contents = msgspec.json.decode(content(archive, part), type=Contents)
    if contents.format != FORMAT:
        raise NotRestored(f"The dump is of the format {contents.format}; this release reads {FORMAT}.")
    return contents


def make_room(connection: Connection, database_url: str, contents: Contents, said: Callable[[str], None]) -> None:
    known = {each.name: each.checksum for each in migrate.migrations()}
    if unknown := [name for name, checksum in contents.migrations.items() if known.get(name) != checksum]:
        raise NotRestored(f"The dump was made by a release with other migrations: {', '.join(unknown)}. Restore it with that release.")
    if connection.execute("SELECT to_regclass('migrations')").fetchone() == (None,):
        migrate.migrate(database_url, said, only=contents.migrations.keys())
    applied = {name for (name,) in connection.execute("SELECT name FROM migrations").fetchall()}
    if applied != set(contents.migrations):
        differing = ", ".join(sorted(applied ^ set(contents.migrations)))
        raise NotRestored(f"The database has not the structure that the dump was made of ({differing}): restore into an empty database.")
    for table in HISTORY:
        if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone():
            raise NotRestored(
                f"The log is not empty: {table} has rows. A dump is restored into a database of its own, never over a history."
            )


def fill(connection: Connection, archive: tarfile.TarFile, contents: Contents, report: Report) -> None:
    for table in reversed(list(contents.tables)):  # what migrations have put there
        if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    kept: dict[str, Kept] = {}
    part = archive.next()
    for table, columns in contents.tables.items():
        digest = hashlib.sha256()
        with connection.cursor() as cursor, cursor.copy(target(table, columns)) as copy:
            done = 0
            while part is not None and part.name.startswith(f"{table}/"):
                piece = content(archive, part)
                digest.update(piece)
                copy.write(piece)
                done += len(piece)
                report(table, done)
                part = archive.next()
        kept[table] = Kept(cursor.rowcount, digest.hexdigest())
    if part is None or part.name != "end.json":
        raise NotRestored("The dump was cut off: its end is missing.")
    said = msgspec.json.decode(content(archive, part), type=dict[str, Kept])
    if wrong := [table for table, found in kept.items() if said.get(table) != found]:
        raise NotRestored(f"The dump was damaged in {', '.join(wrong)}: its sums do not fit.")
    for name, value in contents.sequences.items():
        connection.execute("SELECT setval(%s::regclass, %s, true)", [name, value])


def target(table: str, columns: Sequence[str]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(table), names)


def content(archive: tarfile.TarFile, part: tarfile.TarInfo) -> bytes:
    file: Any = archive.extractfile(part)
    if file is None:
        raise NotRestored(f"The dump has a part {part.name} that is no file.")
    return file.read()


def check_keys(connection: Connection, keys: PersonalKeys) -> None:
    """Some are opened, so that nobody finds out months later that all personal data of the copy are lost."""
    try:
        keys.for_reading(connection, [subject for (subject,) in connection.execute(KEYS).fetchall()])
    except InvalidTag as error:
        raise NotRestored(
            "TRADEWIND_KEY_ENCRYPTION_KEY does not open the keys of persons in this dump: set the one it was made with."
        ) from error

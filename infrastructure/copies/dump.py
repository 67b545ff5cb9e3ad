"""A dump: a gzipped tar of binary COPYs of every table that is kept, of one moment, written as it is read."""

import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql

from infrastructure.copies.tables import Contents, Kept, copied, kept_tables, sequences
from infrastructure.postgres import Connection

FORMAT = "tradewind-dump/1"
PIECE = 4_000_000
"""Bytes of a part; so much of a table is held in memory. A tar has to know the size of each part before it."""

Report = Callable[[str, int], None]
"""Told a table and how many of its rows were done."""


def dump(database_url: str, path: Path, report: Report) -> int:
    """Write the file, for its owner's eyes only: it holds hashes of passwords and wrapped keys. Return how many events are in it."""
    with psycopg.connect(database_url, application_name="tradewind dump") as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        contents = contents_of(connection)
        # Compressed lightly: what is large in it is cipher.
        with (
            os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
            gzip.open(file, "wb", compresslevel=2) as packed,
            tarfile.open(fileobj=packed, mode="w|") as archive,
        ):
            add(archive, "contents.json", msgspec.json.encode(contents))
            kept = {table: write(connection, archive, table, columns, report) for table, columns in contents.tables.items()}
            # The last part: a file that was cut off lacks it.
            add(archive, "end.json", msgspec.json.encode(kept))
    return contents.events


def contents_of(connection: Connection) -> Contents:
    migrations = dict(connection.execute("SELECT name, checksum FROM migrations ORDER BY name").fetchall())
    ((events,),) = connection.execute("SELECT count(*) FROM events").fetchall()
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    return Contents(FORMAT, made_at, migrations, kept_tables(connection), sequences(connection), events)


def write(connection: Connection, archive: tarfile.TarFile, table: str, columns: Sequence[str], report: Report) -> Kept:
    digest, rows, number = hashlib.sha256(), 0, 0
    query = sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(copied(table, columns))
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for piece, here in pieces(copy):
            digest.update(piece)
            add(archive, f"{table}/{number:08d}", piece)
            rows, number = rows + here, number + 1
            report(table, rows)
    return Kept(cursor.rowcount, digest.hexdigest())


def pieces(copy: psycopg.Copy) -> Iterator[tuple[bytes, int]]:
    """What Postgres sends, a row at a time, gathered; with how many rows are in it."""
    held, size = list[bytes](), 0
    for each in copy:
        held.append(bytes(each))
        size += len(each)
        if size >= PIECE:
            yield b"".join(held), len(held)
            held, size = [], 0
    if held:
        yield b"".join(held), len(held)


def add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mode = 0o600
    archive.addfile(info, io.BytesIO(content))

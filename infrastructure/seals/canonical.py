"""The bytes of an event that seals are made over: everything the log has of it, each field with its length before it."""

from collections.abc import Iterator, Sequence
from struct import Struct
from typing import Any

from psycopg import sql

from infrastructure.postgres import Connection
from infrastructure.seals.merkle import leaf

COLUMNS = sql.SQL(
    "position, stream, version, kind, type, schema, event_id, actor, command_id, correlation_id, causation_id,"
    " (extract(epoch FROM recorded_at) * 1000000)::bigint, data"
)

_SIGNATURE = b"PGCOPY\n\xff\r\n\x00"
_HEADER = len(_SIGNATURE) + 8
_END = b"\xff\xff"
_BEGINS = b"\x00\x0d\x00\x00\x00\x08"
_POSITION = Struct("!q")


def events(connection: Connection, condition: sql.Composable) -> Iterator[tuple[int, bytes]]:
    """The position and the canonical bytes of each event for which `condition` (with its order and limit) holds.

    The canonical form is that of a row of a binary COPY, so that Postgres makes it: the number of fields (2 bytes), and for each
    its length (4 bytes, all ones for null) and its content; numbers big-endian, ids 16 bytes, texts UTF-8, the moment in
    microseconds since 1970 (8 bytes), the data as they are stored.
    """
    query = sql.SQL("COPY (SELECT {} FROM events WHERE {}) TO STDOUT (FORMAT binary)").format(COLUMNS, condition)
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for number, message in enumerate(copy):
            row = bytes(message)
            if not number:
                row = row[_HEADER:] if row.startswith(_SIGNATURE) else row
            if row == _END or not row:
                continue
            if not row.startswith(_BEGINS):
                raise ValueError("Postgres sent something else than one row of 13 fields")
            yield _POSITION.unpack_from(row, 6)[0], row


def between(after: int, upto: int, limit: int | None = None) -> sql.Composable:
    return sql.SQL("position > {} AND position <= {} ORDER BY position LIMIT {}").format(after, upto, limit)


def at(position: int) -> sql.Composable:
    return sql.SQL("position = {}").format(position)


def among(positions: Sequence[int]) -> sql.Composable:
    return sql.SQL("position = ANY({}) ORDER BY position").format(list(positions))


def moved(row: bytes, position: int) -> bytes:
    """The same event as it would be at another position."""
    return row[:6] + _POSITION.pack(position) + row[14:]


def leaves(connection: Connection, condition: sql.Composable) -> Iterator[tuple[int, bytes]]:
    """Position and leaf hash, likewise."""
    for position, row in events(connection, condition):
        yield position, leaf(row)


def unpacked(positions: bytes) -> tuple[Any, ...]:
    return Struct(f"!{len(positions) // 8}q").unpack(positions)


def packed(positions: list[int]) -> bytes:
    return Struct(f"!{len(positions)}q").pack(*positions)

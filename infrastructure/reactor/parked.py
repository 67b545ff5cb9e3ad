"""Events that could not be reacted to: kept aside and counted, until a person has them tried again or passes them over."""

from typing import Any

from msgspec import Struct
from psycopg import Cursor
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from domain.recorded import Recorded

PARK = """
    INSERT INTO parked_reactions (reader, position, event_id, stream, type, error) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (reader, position) DO UPDATE SET error = excluded.error
"""
LIST = """
    SELECT position, type, stream::text AS stream, error, parked_at::text AS parked_at
    FROM parked_reactions WHERE reader = %s ORDER BY position LIMIT %s
"""

ERROR_LENGTH = 500


class Parked(Struct, frozen=True):
    """A parked event, as a person sees it."""

    position: int
    type: str
    stream: str
    error: str
    parked_at: str


def park(cursor: Cursor[Any], reader: str, recorded: Recorded[Any], error: Exception) -> None:
    """In the transaction that moves the reader past the event."""
    what = f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
    cursor.execute(PARK, (reader, recorded.position, recorded.event_id, recorded.stream, recorded.type, what))


def unpark(cursor: Cursor[Any], reader: str, position: int) -> None:
    cursor.execute("DELETE FROM parked_reactions WHERE reader = %s AND position = %s", (reader, position))


def parked(pool: ConnectionPool[Any], reader: str, limit: int = 100) -> list[Parked]:
    """What is parked, oldest first."""
    with pool.connection() as connection, connection.cursor(row_factory=class_row(Parked)) as cursor:
        return cursor.execute(LIST, (reader, limit)).fetchall()

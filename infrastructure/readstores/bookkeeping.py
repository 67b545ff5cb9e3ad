"""The rows every projector keeps in Postgres: how far each read model is, and what was parked."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import psycopg
from psycopg_pool import PoolTimeout

from infrastructure.readstores.store import Parked, Superseded
from projections.ports import Unavailable
from projections.view import Projection

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

SCHEMA_LOCK = 7401
"""First number of the advisory lock under which read-model tables are made."""


@contextmanager
def reaching_postgres() -> Generator[None]:
    """Name a lost connection as what it is to callers: a component that does not answer."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
        raise Unavailable("postgres") from error


def enrol(connection: Connection, projections: Sequence[Projection]) -> dict[str, int]:
    """Give each projection its row of positions where it has none; return the number of its lease by name."""
    names, versions = _identities(projections)
    connection.execute(
        "INSERT INTO projection_positions (name, version) SELECT * FROM unnest(%s::text[], %s::int[]) ON CONFLICT DO NOTHING",
        (names, versions),
    )
    rows = connection.execute(
        "SELECT name, lease FROM projection_positions JOIN unnest(%s::text[], %s::int[]) AS t(name, version) USING (name, version)",
        (names, versions),
    )
    return dict(rows.fetchall())


def positions(connection: Connection, projections: Sequence[Projection]) -> list[int]:
    names, versions = _identities(projections)
    rows = connection.execute(
        "SELECT coalesce(p.position, 0) FROM unnest(%s::text[], %s::int[]) WITH ORDINALITY AS t(name, version, n)"
        " LEFT JOIN projection_positions AS p USING (name, version) ORDER BY n",
        (names, versions),
    )
    return [position for (position,) in rows]


def move(connection: Connection, projections: Sequence[Projection], after: int, upto: int, taken: int = 0) -> None:
    """Compare and set: all projections stand at `after`, or nobody may go on from there."""
    names, versions = _identities(projections)
    moved = connection.execute(
        "UPDATE projection_positions AS p SET position = %s, taken = taken + %s, updated_at = clock_timestamp()"
        " FROM unnest(%s::text[], %s::int[]) AS t(name, version)"
        " WHERE p.name = t.name AND p.version = t.version AND p.position = %s",
        (upto, taken, names, versions, after),
    )
    if moved.rowcount != len(projections):
        raise Superseded


def show(connection: Connection, projections: Sequence[Projection], upto: int, taken: int = 0) -> None:
    """Tell waiters how far projections are whose true position lies in another engine."""
    names, versions = _identities(projections)
    connection.execute(
        "UPDATE projection_positions AS p SET position = %s, taken = taken + %s, updated_at = clock_timestamp()"
        " FROM unnest(%s::text[], %s::int[]) AS t(name, version)"
        " WHERE p.name = t.name AND p.version = t.version AND p.position <> %s",
        (upto, taken, names, versions, upto),
    )


def park(connection: Connection, projection: Projection, parked: Sequence[Parked]) -> None:
    """Keep the events aside. One that fails again counts an attempt; one that comes again behind another changes nothing."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO parked_events (projection, version, position, sequence, stream, stream_version, type, error)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (projection, version, position)"
            " DO UPDATE SET error = excluded.error, attempts = parked_events.attempts + 1 WHERE excluded.error <> ''",
            [
                (
                    projection.name,
                    projection.version,
                    each.recorded.position,
                    each.sequence,
                    each.recorded.stream,
                    each.recorded.version,
                    each.recorded.type,
                    each.error.replace("\0", ""),
                )
                for each in parked
            ],
        )


def blocked(connection: Connection, projection: Projection) -> dict[str, int]:
    """The sequences that have parked events, and the position of the first of each."""
    rows = connection.execute(
        "SELECT sequence, min(position) FROM parked_events WHERE projection = %s AND version = %s GROUP BY sequence",
        (projection.name, projection.version),
    )
    return dict(rows.fetchall())


def _identities(projections: Sequence[Projection]) -> tuple[list[str], list[int]]:
    return [each.name for each in projections], [each.version for each in projections]

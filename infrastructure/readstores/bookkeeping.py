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

CHANNEL = "tradewind_read"
"""Where it is told that positions have moved."""

POSITIONS = (
    "SELECT coalesce(p.position, 0) FROM unnest(%s::text[], %s::int[]) WITH ORDINALITY AS t(name, version, n)"
    " LEFT JOIN projection_positions AS p USING (name, version) ORDER BY n"
)
"""In the order of the names and versions given, 0 where there is none."""


@contextmanager
def reaching_postgres() -> Generator[None]:
    """Name a lost connection as what it is to callers: a component that does not answer."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
        raise Unavailable("postgres") from error


class Busy(Exception):
    """Somebody works there at this moment, and is not waited for any longer."""


@contextmanager
def giving_way() -> Generator[None]:
    """For what is not to hold others up: a lock that is not given in time, or in the wrong order."""
    try:
        yield
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
        raise Busy from error


def enrol(connection: Connection, projections: Sequence[Projection]) -> dict[str, int]:
    """Give each projection its row of positions where it has none; return the number of its lease by name."""
    names, versions = identities(projections)
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
    return [position for (position,) in connection.execute(POSITIONS, identities(projections))]


def move(connection: Connection, projections: Sequence[Projection], after: int, upto: int, taken: int = 0) -> None:
    """Compare and set: all projections stand at `after`, or nobody may go on from there."""
    names, versions = identities(projections)
    moved = connection.execute(
        "UPDATE projection_positions AS p SET position = %s, taken = taken + %s, updated_at = clock_timestamp()"
        " FROM unnest(%s::text[], %s::int[]) AS t(name, version)"
        " WHERE p.name = t.name AND p.version = t.version AND p.position = %s",
        (upto, taken, names, versions, after),
    )
    if moved.rowcount != len(projections):
        raise Superseded


def tell(connection: Connection) -> None:
    """Wake those who wait for positions, outside the transactions that move them."""
    connection.execute(f"NOTIFY {CHANNEL}")


def show(connection: Connection, projections: Sequence[Projection], upto: int, taken: int = 0) -> None:
    """Tell waiters how far projections are whose true position lies in another engine."""
    names, versions = identities(projections)
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
            " DO UPDATE SET error = excluded.error, attempts = parked_events.attempts + 1, retry_at = NULL WHERE excluded.error <> ''",
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


def unpark(connection: Connection, projection: Projection, positions: Sequence[int]) -> None:
    connection.execute(
        "DELETE FROM parked_events WHERE projection = %s AND version = %s AND position = ANY(%s)",
        (projection.name, projection.version, list(positions)),
    )


def generation(connection: Connection, projection: Projection) -> int:
    """Which building of the read model is served."""
    row = connection.execute(
        "SELECT generation FROM projection_positions WHERE name = %s AND version = %s", (projection.name, projection.version)
    ).fetchone()
    return row[0] if row else 1


def hold(connection: Connection, projection: Projection) -> int:
    """The position, which stays until the caller's transaction ends."""
    row = connection.execute(
        "SELECT position FROM projection_positions WHERE name = %s AND version = %s FOR UPDATE", (projection.name, projection.version)
    ).fetchone()
    return row[0] if row else 0


def passed_over(connection: Connection, projection: Projection, upto: int) -> frozenset[int]:
    """Events up to a position that the served read model is without: parked, or let go by a person."""
    rows = connection.execute(
        "SELECT position FROM parked_events WHERE projection = %(name)s AND version = %(version)s AND position <= %(upto)s"
        " UNION SELECT position FROM skipped_events WHERE projection = %(name)s AND version = %(version)s AND position <= %(upto)s",
        {"name": projection.name, "version": projection.version, "upto": upto},
    )
    return frozenset(position for (position,) in rows)


def skipped(connection: Connection, projection: Projection) -> frozenset[int]:
    """Events that a person has let go."""
    rows = connection.execute(
        "SELECT position FROM skipped_events WHERE projection = %s AND version = %s", (projection.name, projection.version)
    )
    return frozenset(position for (position,) in rows)


def orphaned(connection: Connection, projection: Projection) -> None:
    """Have tried again what waits behind an event that is parked no longer: it was parked at the moment when that one went."""
    connection.execute(
        "UPDATE parked_events AS p SET retry_at = clock_timestamp() WHERE projection = %(name)s AND version = %(version)s"
        " AND retry_at IS NULL AND NOT EXISTS (SELECT FROM parked_events AS e"
        " WHERE (e.projection, e.version, e.sequence) = (p.projection, p.version, p.sequence) AND error <> '')",
        {"name": projection.name, "version": projection.version},
    )


def blocked(connection: Connection, projection: Projection) -> dict[str, int]:
    """The sequences that have parked events, and the position of the first of each."""
    rows = connection.execute(
        "SELECT sequence, min(position) FROM parked_events WHERE projection = %s AND version = %s GROUP BY sequence",
        (projection.name, projection.version),
    )
    return dict(rows.fetchall())


def asked(connection: Connection, projections: Sequence[Projection]) -> tuple[set[str], set[str]]:
    """The names of those that are paused, and of those that have parked events to be tried again."""
    names, versions = identities(projections)
    rows = connection.execute(
        "SELECT name, paused, EXISTS (SELECT FROM parked_events AS e"
        " WHERE e.projection = name AND e.version = p.version AND retry_at IS NOT NULL) AS again"
        " FROM projection_positions AS p JOIN unnest(%s::text[], %s::int[]) AS t(name, version) USING (name, version)",
        (names, versions),
    ).fetchall()
    return {name for name, paused, _ in rows if paused}, {name for name, _, again in rows if again}


def identities(projections: Sequence[Projection]) -> tuple[list[str], list[int]]:
    return [each.name for each in projections], [each.version for each in projections]

"""Feeds in Postgres: public events appended in the projection's own transaction, and read on from a position by one statement."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec
import psycopg
from msgspec import Raw
from psycopg.sql import SQL, Composed, Identifier
from psycopg_pool import ConnectionPool

from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from infrastructure.readstores.folding import describe
from infrastructure.readstores.journals.known import create as create_known
from infrastructure.readstores.journals.known import remember, remembered
from infrastructure.readstores.store import Refused, Step
from projections.ports import Reading, Told, Unavailable
from projections.view import Feed, Key, schema_of

Pool: TypeAlias = ConnectionPool[Connection]

PATIENCE = 2.0
"""Seconds that a reader waits for a connection before it says that Postgres does not answer."""

COLUMNS = SQL("position, type, schema, id, subject, time, data")


def create(feed: Feed[Any]) -> list[Composed]:
    """Statements that make the feed's rows, and beside them what it remembers of each thing."""
    return [
        SQL(
            "CREATE TABLE IF NOT EXISTS {} (position bigint PRIMARY KEY, type text NOT NULL, schema integer NOT NULL,"
            " id uuid NOT NULL, subject text NOT NULL, time timestamptz NOT NULL, data text NOT NULL)"
        ).format(Identifier(feed.table)),
        SQL("CREATE INDEX IF NOT EXISTS {} ON {} (type, position)").format(Identifier(f"{feed.table}_type"), Identifier(feed.table)),
        create_known(feed.table),
    ]


def tell(connection: Connection, feed: Feed[Any], step: Step) -> None:
    """Append what is public of the events, in the transaction that moves the position.

    Nothing is parked: consumers who have read past an event would never see it. A feed that fails stands still and shows its lag.
    """
    if step.refused:
        raise ValueError(f"{feed.name} cannot be kept: {step.refused}")
    try:
        told, touched = _fold(connection, feed, step)
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Refused(describe(error)) from error  # the runner then takes singly what comes before the culprit
    if told:
        connection.execute(
            SQL(
                "INSERT INTO {} ({}) SELECT * FROM"
                " unnest(%s::bigint[], %s::text[], %s::int[], %s::uuid[], %s::text[], %s::timestamptz[], %s::text[])"
            ).format(Identifier(feed.table), COLUMNS),
            [list(column) for column in zip(*told, strict=True)],
        )
    remember(connection, feed.table, touched)


def _fold(connection: Connection, feed: Feed[Any], step: Step) -> tuple[list[tuple[Any, ...]], dict[Key, Any]]:
    """The rows to append, and what is remembered from now on of the things that the events concern."""
    keyed = [(key, each) for each in step.events if (key := feed.key(each.event)) is not None]
    known = remembered(connection, feed.table, feed.known, list({key for key, _ in keyed}))
    touched: dict[Key, Any] = {}
    told: list[tuple[Any, ...]] = []
    for key, recorded in keyed:
        payload = feed.public(known.get(key), recorded.event)
        if payload is not None:
            type_, schema = feed.type_of(type(payload)), schema_of(type(payload))
            data = msgspec.json.encode(payload).decode()
            told.append((recorded.position, type_, schema, recorded.event_id, str(key), recorded.recorded_at, data))
        known[key] = touched[key] = feed.evolve(known.get(key), recorded.event)
    return told, touched


class PostgresFeeds:
    """What consumers read. `pool` gives autocommit connections, so that head and rows come from one snapshot."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def read(self, feed: Feed[Any], after: int, limit: int, types: Sequence[str] = ()) -> Reading:
        values = {"name": feed.name, "version": feed.version, "after": after, "limit": limit, "types": list(types)}
        with reaching_postgres():
            try:
                with self._pool.connection(timeout=PATIENCE) as connection:
                    rows = connection.execute(_of_types(feed) if types else _of_all(feed), values).fetchall()
            except psycopg.errors.UndefinedTable as error:
                raise Unavailable("postgres") from error  # no projector has made it yet
        head: int = rows[0][0]
        items = [Told(row[1], row[2], row[3], row[4], row[5], row[6], Raw(row[7].encode())) for row in rows if row[1] is not None]
        # A page that is not full has everything up to the head, also where what lies between is of other types.
        return Reading(items, items[-1].position if len(items) >= limit else max(after, head), head)


_HEAD = SQL(
    "SELECT head, told.* FROM (SELECT coalesce((SELECT position FROM projection_positions"
    " WHERE name = %(name)s AND version = %(version)s), 0) AS head) AS h"
)


def _of_all(feed: Feed[Any]) -> Composed:
    return SQL(
        "{head} LEFT JOIN LATERAL (SELECT {columns} FROM {table} WHERE position > %(after)s"
        " ORDER BY position LIMIT %(limit)s) AS told ON true ORDER BY position"
    ).format(head=_HEAD, columns=COLUMNS, table=Identifier(feed.table))


def _of_types(feed: Feed[Any]) -> Composed:
    """Each type's own first rows, then the first of these: a rare type costs no walk over the others."""
    return SQL(
        "{head} LEFT JOIN LATERAL (SELECT {columns} FROM unnest(%(types)s::text[]) AS wanted CROSS JOIN LATERAL"
        " (SELECT {columns} FROM {table} WHERE type = wanted AND position > %(after)s ORDER BY position LIMIT %(limit)s) AS each"
        " ORDER BY position LIMIT %(limit)s) AS told ON true ORDER BY position"
    ).format(head=_HEAD, columns=COLUMNS, table=Identifier(feed.table))

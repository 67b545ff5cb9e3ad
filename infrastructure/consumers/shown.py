"""How consumer groups stand, for those whose they are and for operators."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Cursor
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from infrastructure.consumers import statements
from infrastructure.consumers.deliveries import PATIENCE, told
from infrastructure.readstores.bookkeeping import reaching_postgres
from projections.feeds.consumers import COUNTED, ConsumerGroups, ConsumerShown, ParkedDelivery
from projections.ports import Unavailable
from projections.view import Feed


class PostgresConsumerGroups(ConsumerGroups):
    """Over a pool of the primary: whoever has just acknowledged sees that."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    def all(self, feed: Feed[Any], owner: UUID | None, after: str, limit: int) -> Sequence[ConsumerShown]:
        return self._shown(feed, owner, None, after, limit)

    def one(self, feed: Feed[Any], name: str, owner: UUID | None) -> ConsumerShown | None:
        return next(iter(self._shown(feed, owner, name, "", 1)), None)

    def parked(self, feed: Feed[Any], name: str, after: int, limit: int) -> Sequence[ParkedDelivery]:
        values = {"feed": feed.feed, "name": name, "after": after, "limit": limit}
        with self._cursor() as cursor:
            rows = cursor.execute(statements.parked_of(feed), values).fetchall()
        return [ParkedDelivery(told(row), *row[7:]) for row in rows]

    def _shown(self, feed: Feed[Any], owner: UUID | None, name: str | None, after: str, limit: int) -> Sequence[ConsumerShown]:
        values = {"feed": feed.feed, "owner": owner, "name": name, "after": after, "limit": limit, "counted": COUNTED}
        with self._cursor() as cursor:
            cursor.row_factory = class_row(ConsumerShown)
            return cursor.execute(statements.shown(feed), {**values, "projection": feed.name, "version": feed.version}).fetchall()

    @contextmanager
    def _cursor(self) -> Generator[Cursor[Any]]:
        with reaching_postgres():
            try:
                with self._pool.connection(timeout=PATIENCE) as connection, connection.cursor() as cursor:
                    yield cursor
            except psycopg.errors.UndefinedTable as error:
                raise Unavailable("postgres") from error  # no projector has made the feed yet

"""What is looked up in the books of consumer groups before a command, and how its rows change them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.sql import Composed
from psycopg_pool import ConnectionPool

from application.commands.consumers import books
from application.commands.consumers.books import ConsumerBooks, Place
from domain.decider import Rejected
from infrastructure.consumers import statements
from infrastructure.consumers.deliveries import PATIENCE
from infrastructure.eventlog.outcomes import translated
from infrastructure.eventlog.rows import RowStatements
from infrastructure.readstores.bookkeeping import reaching_postgres
from projections.feeds.consumers import LogHead
from projections.ports import Unavailable
from projections.view import Feed

ROWS: RowStatements = {
    books.HoldConsumer: statements.HOLD_BY_ID,
    books.OpenConsumer: statements.OPEN,
    books.RewindConsumer: statements.REWIND,
    books.ReviveDelivery: statements.REVIVE,
    books.DropDelivery: statements.DROP,
    books.CloseConsumer: statements.CLOSE,
}


class PostgresLogHead(LogHead):
    """`pool` is of the primary: a replica may not have heard of a position yet that somebody was told."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    def __call__(self) -> int:
        with reaching_postgres(), self._pool.connection(timeout=PATIENCE) as connection:
            ((head,),) = connection.execute(statements.LOG_HEAD).fetchall()
        return head


class PostgresConsumerBooks(ConsumerBooks):
    """`pool` gives connections in autocommit, `feeds` by their names."""

    def __init__(self, pool: ConnectionPool[Any], feeds: Mapping[str, Feed[Any]]) -> None:
        self._pool = pool
        self._feeds = feeds

    def position_of(self, feed: str, place: Place) -> int:
        named = self._feeds[feed]
        values = {"projection": named.name, "version": named.version, "time": place}
        match place:
            case "start":
                return 0
            case "head":
                return self._number(statements.HEAD, values)
            case datetime():
                return self._number(statements.first_since(named), values)
            case int():
                if place > self._number(statements.LOG_HEAD, {}):
                    raise Rejected("position_unknown", "The log has not come that far.")
                return place

    def parked(self, consumer_id: UUID, position: int) -> bool:
        return bool(self._found(statements.PARKED, [consumer_id, position]))

    def _number(self, statement: LiteralString | Composed, values: Mapping[str, Any]) -> int:
        try:
            ((number,),) = self._found(statement, values)
        except psycopg.errors.UndefinedTable as error:
            raise Unavailable("postgres") from error  # no projector has made the feed yet
        return number

    def _found(self, statement: LiteralString | Composed, values: Any) -> Sequence[Any]:
        with translated(), self._pool.connection() as connection:
            return connection.execute(statement, values).fetchall()

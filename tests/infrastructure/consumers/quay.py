"""A feed with a consumer group at it, without the projector that would fill the one and the commands that would make the other."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg import sql
from psycopg_pool import ConnectionPool

from domain.integrations.consumers.consumer import consumer_stream
from domain.values import Actor, Role
from infrastructure.consumers import statements
from infrastructure.consumers.deliveries import PostgresDeliveries
from infrastructure.consumers.shown import PostgresConsumerGroups
from infrastructure.readstores import feeds
from projections.feeds.consumers import ConsumerShown, Delivery
from projections.feeds.stock import stock
from tests.fakes.clock import Moving

BOOKS = Actor(UUID(int=1), frozenset({Role.CONSUMER}))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ENROL = "INSERT INTO projection_positions (name, version, position) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING"
TABLE = sql.Identifier(stock.table)
TELL = sql.SQL("INSERT INTO {} (position, type, schema, id, subject, time, data) VALUES (%s, %s, 1, %s, %s, %s, '{{}}')").format(TABLE)
WAITING = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


class Quay:
    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self.pool = pool
        self.clock = Moving()
        self.deliveries = PostgresDeliveries(pool, self.clock)
        self.head = 0
        self.id = consumer_stream("stock", "booking")
        self.group = stock, "booking", BOOKS
        """As the workers name it: the feed, the group, and who they are."""
        with pool.connection() as connection:
            for statement in feeds.create(stock):
                connection.execute(statement)
            connection.execute(ENROL, [stock.name, stock.version])

    def open(self, *types: str, max_attempts: int = 5, lease_seconds: int = 60, position: int = 0) -> None:
        values = {"consumer_id": self.id, "feed": "stock", "name": "booking", "owner": BOOKS.id, "types": list(types), "position": position}
        self.do(statements.OPEN, **values, max_attempts=max_attempts, lease_seconds=lease_seconds, at=NOON)

    def tell(self, subjects: Iterable[str], type: str = "stock.StockMoved") -> None:
        """Events of these subjects, every third position of the log, as far as the last of them."""
        rows = [(self.head + 3 * number, type, uuid4(), subject) for number, subject in enumerate(subjects, 1)]
        self.head = rows[-1][0]
        with self.pool.connection() as connection, connection.transaction():
            connection.cursor().executemany(TELL, [(*row, NOON + timedelta(seconds=row[0])) for row in rows])
            connection.execute("UPDATE projection_positions SET position = %s WHERE name = %s", [self.head, stock.name])

    def do(self, statement: Any, **values: Any) -> None:
        with self.pool.connection() as connection:
            connection.execute(statement, values)

    def pull(self, limit: int = 10) -> list[Delivery]:
        return list(self.deliveries.pull(*self.group, limit).items)

    def acknowledge(self, given: Iterable[Delivery]) -> None:
        self.deliveries.acknowledge(*self.group, [each.lease for each in given])

    def reject(self, given: Iterable[Delivery], delay: int = 0) -> None:
        self.deliveries.reject(*self.group, [each.lease for each in given], delay, "not now")

    def shown(self) -> ConsumerShown:
        (found,) = PostgresConsumerGroups(self.pool).all(stock, BOOKS.id, "", 10)
        return found

    def await_waiting(self) -> None:
        """Until somebody waits for a lock that somebody else has."""
        with self.pool.connection() as connection:
            while not connection.execute(
                "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            ).fetchall():
                pass

    def open_rows(self) -> int:
        with self.pool.connection() as connection:
            ((count,),) = connection.execute("SELECT count(*) FROM consumer_deliveries").fetchall()
        return count


def subjects(given: Iterable[Delivery]) -> list[str]:
    return [each.told.subject for each in given]

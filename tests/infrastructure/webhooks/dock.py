"""Feeds and endpoints without the projector that would fill the ones and the commands that would make the others."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg import sql
from psycopg_pool import ConnectionPool

from application.webhooks.ports import Answer, Message, Outcome
from application.webhooks.schedule import judged
from infrastructure.readstores import feeds
from infrastructure.webhooks import statements
from infrastructure.webhooks.following import Following
from infrastructure.webhooks.queue import Deliveries
from infrastructure.webhooks.shown import PostgresWebhookEndpoints
from infrastructure.webhooks.signing import WrappedSecrets
from projections.feeds.stock import stock
from projections.feeds.users import users
from projections.webhooks.endpoints import DeliveryShown, EndpointShown
from tests.fakes.clock import Moving

OWNER = UUID(int=1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
FEEDS = {each.feed: each for each in (stock, users)}
ENROL = "INSERT INTO projection_positions (name, version, position) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING"
TELL = "INSERT INTO {} (position, type, schema, id, subject, time, data) VALUES (%s, %s, 1, %s, %s, %s, '{{}}')"
KEYS = [b"k" * 32]


def answer(status: int | None = 200, milliseconds: int = 12, retry_after: str = "") -> Answer:
    return Answer(status, None if status else "timeout", "", retry_after, milliseconds)


class Dock:
    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self.pool = pool
        self.clock = Moving()
        self.secrets = WrappedSecrets(KEYS)
        self.following = Following(pool, FEEDS, self.clock, events=10, waiting=25)
        self.deliveries = Deliveries(pool, FEEDS, self.clock)
        self.shown = PostgresWebhookEndpoints(pool, self.clock)
        self.head = 0
        with pool.connection() as connection:
            connection.execute("INSERT INTO accounts (user_id, roles) VALUES (%s, '{consumer}') ON CONFLICT DO NOTHING", [OWNER])
            for feed in FEEDS.values():
                for statement in feeds.create(feed):
                    connection.execute(statement)
                connection.execute(ENROL, [feed.name, feed.version])

    def do(self, statement: Any, **values: Any) -> None:
        with self.pool.connection() as connection:
            connection.execute(statement, values)

    def open(self, *types: str, url: str = "https://hooks.example/", since: int | None = None) -> UUID:
        """An endpoint that is sent what is told from now on, or from a position."""
        id, secret_id = uuid4(), uuid4()
        values = {"url": url, "types": list(types), "description": "", "secret_id": secret_id, "at": self.clock(), "owner": OWNER}
        self.do(statements.OPEN, endpoint_id=id, wrapped=self.secrets.wrapped(id, b"s" * 32), **values)
        self.do("UPDATE webhook_endpoints SET since = %(since)s WHERE id = %(id)s", id=id, since=self.head if since is None else since)
        return id

    def tell(self, many: int, type: str = "stock.StockMoved") -> None:
        """Events at every third position of the log, all feeds being as far as the last of them."""
        feed = FEEDS[type.partition(".")[0]]
        told = sql.SQL(TELL).format(sql.Identifier(feed.table))
        with self.pool.connection() as connection, connection.transaction():
            for _ in range(many):
                self.head += 3
                connection.execute(told, [self.head, type, uuid4(), f"s{self.head}", NOON + timedelta(seconds=self.head)])
            connection.execute("UPDATE projection_positions SET position = %s", [self.head])

    def replay(self, endpoint: UUID, position: int) -> None:
        self.do(statements.REPLAY, endpoint_id=endpoint, position=position, feeds=list(FEEDS))

    def follow(self) -> int:
        """Until nothing new comes of it."""
        made = 0
        while step := self.following.step():
            made += step
        return made

    def take(self, limit: int = 100, each: int = 100, *, poor: bool = False) -> list[Message]:
        return self.deliveries.take(limit, each, poor=poor)

    def end(self, taken: Iterable[Message], came: Answer) -> list[Outcome]:
        outcomes = [(message, judged(came, message.tries, self.clock(), 0)) for message in taken]
        for message, outcome in outcomes:
            self.deliveries.end(message, outcome)
        return [outcome for _, outcome in outcomes]

    def endpoint(self, id: UUID) -> EndpointShown:
        (found,) = [each for each in self.shown.all(None, None, 100) if each.id == id]
        return found

    def of(self, endpoint: UUID) -> Sequence[DeliveryShown]:
        """In the order of the log."""
        return sorted(self.shown.deliveries(endpoint, None, None, 1000), key=lambda each: each.position)

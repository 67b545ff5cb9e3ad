"""What is looked up in the books of webhook endpoints before a command, and how its rows change them."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.commands.endpoints import books
from application.commands.endpoints.books import EndpointBooks
from infrastructure.eventlog.outcomes import translated
from infrastructure.eventlog.rows import RowStatements
from infrastructure.webhooks import statements
from infrastructure.webhooks.signing import WrappedSecrets

ROWS: RowStatements = {
    books.OpenEndpoint: statements.OPEN,
    books.AlterEndpoint: statements.ALTER,
    books.SwitchOff: statements.SWITCH_OFF,
    books.SwitchOn: statements.SWITCH_ON,
    books.FollowSecret: statements.ROTATE,
    books.QueueTest: statements.TEST,
    books.QueueAgain: statements.AGAIN,
    books.QueueReplay: statements.REPLAY,
    books.CloseEndpoint: statements.CLOSE,
}


class PostgresEndpointBooks(EndpointBooks):
    """`pool` gives connections in autocommit, `feeds` are the names of all."""

    def __init__(self, pool: ConnectionPool[Any], secrets: WrappedSecrets, feeds: Sequence[str]) -> None:
        self._feeds = feeds
        self._pool = pool
        self._secrets = secrets

    def feeds(self) -> Sequence[str]:
        return self._feeds

    def open_of(self, owner: UUID) -> int:
        ((count,),) = self._found(statements.OPEN_OF, [owner])
        return count

    def reached(self, position: int) -> bool:
        ((head,),) = self._found(statements.LOG_HEAD, [])
        return position <= head

    def has_delivery(self, endpoint_id: UUID, delivery_id: UUID) -> bool:
        return bool(self._found(statements.DELIVERY, [endpoint_id, delivery_id]))

    def secret(self, secret_id: UUID) -> bytes | None:
        found = self._found(statements.SIGNING, [secret_id])
        return self._secrets.clear(found[0][0], bytes(found[0][1])) if found else None

    def _found(self, statement: LiteralString, values: Sequence[Any]) -> Sequence[Any]:
        with translated(), self._pool.connection() as connection:
            return connection.execute(statement, values).fetchall()

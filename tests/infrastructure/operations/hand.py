"""What an operator's command does to the workers' books, without the command."""

from typing import Any, LiteralString

from psycopg_pool import ConnectionPool


def by_hand(pool: ConnectionPool[Any], statement: LiteralString, **values: Any) -> bool:
    """Whether there was anything to do it to."""
    with pool.connection() as connection:
        return connection.execute(statement, values).rowcount == 1

"""Connections to Postgres, shared by everything in a process that needs them for a moment."""

from typing import Any

import psycopg
from psycopg_pool import ConnectionPool


def open_pool(database_url: str, size: int, *, name: str = "tradewind", wait_seconds: float = 5) -> ConnectionPool[Any]:
    """A pool of connections in autocommit and UTC; who waits longer than `wait_seconds` for one gets a PoolTimeout.

    It opens in the background, so that a process starts while Postgres is away.
    """
    return ConnectionPool(
        database_url,
        connection_class=psycopg.Connection[Any],
        kwargs={"autocommit": True, "application_name": name, "options": "-c timezone=UTC"},
        min_size=size,
        max_size=size,
        timeout=wait_seconds,
        reconnect_timeout=5,
        name=name,
        open=True,
    )

"""The log over a database of the test's own."""

from collections.abc import Generator
from typing import Any

import pytest
from psycopg_pool import ConnectionPool

from application.handler import Handler
from infrastructure.eventlog.log import PostgresLog
from infrastructure.postgres import open_pool
from tests.infrastructure.eventlog.toys import ALL, keys


@pytest.fixture
def pool(database: str) -> Generator[ConnectionPool[Any]]:
    with open_pool(database, 8) as opened:
        yield opened


@pytest.fixture
def log(pool: ConnectionPool[Any]) -> PostgresLog:
    return PostgresLog(pool, ALL, keys())


@pytest.fixture
def handle(log: PostgresLog) -> Handler:
    return Handler(log, ALL)

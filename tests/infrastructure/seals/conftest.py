"""A log with events in it, a sealer without a thread, and what auditors ask."""

from collections.abc import Callable, Generator
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from infrastructure import clock
from infrastructure.postgres import open_pool
from infrastructure.seals.proofs import PostgresSeals
from infrastructure.seals.sealer import Sealer
from infrastructure.seals.signing import SigningKey
from tests.infrastructure.seals.office import KEY, write

Connection = psycopg.Connection[Any]


@pytest.fixture
def connection(database: str) -> Generator[Connection]:
    with psycopg.connect(database, autocommit=True) as opened:
        yield opened


@pytest.fixture
def sealer(database: str) -> Sealer:
    return Sealer(database, [SigningKey(KEY)], clock.now)


@pytest.fixture
def sealed(connection: Connection, sealer: Sealer) -> Callable[[int], None]:
    """Writes so many events, then closes a block."""

    def write_and_seal(count: int) -> None:
        write(connection, count)
        sealer.step(connection, now=True)

    return write_and_seal


@pytest.fixture
def pool(database: str) -> Generator[ConnectionPool[Any]]:
    with open_pool(database, 2) as opened:
        yield opened


@pytest.fixture
def seals(pool: ConnectionPool[Any]) -> PostgresSeals:
    return PostgresSeals(pool)

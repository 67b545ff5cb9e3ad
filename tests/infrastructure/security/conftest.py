"""Everything that signs people in, over a database of the test's own, and people who use it."""

from collections.abc import Generator
from typing import Any

import pytest
from psycopg_pool import ConnectionPool

from infrastructure.postgres import open_pool
from tests.infrastructure.security.desk import Desk


@pytest.fixture
def pool(database: str) -> Generator[ConnectionPool[Any]]:
    with open_pool(database, 8) as opened:
        yield opened


@pytest.fixture
def desk(pool: ConnectionPool[Any]) -> Generator[Desk]:
    with Desk(pool) as opened:
        yield opened

from collections.abc import Generator
from typing import Any

import pytest
from psycopg_pool import ConnectionPool

from infrastructure.postgres import open_pool
from tests.infrastructure.webhooks.dock import Dock

CONNECTIONS = 8


@pytest.fixture
def pool(database: str) -> Generator[ConnectionPool[Any]]:
    with open_pool(database, CONNECTIONS, wait_seconds=30) as opened:
        yield opened


@pytest.fixture
def dock(pool: ConnectionPool[Any]) -> Dock:
    return Dock(pool)

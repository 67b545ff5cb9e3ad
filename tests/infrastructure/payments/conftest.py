from collections.abc import Generator

import pytest
from psycopg_pool import ConnectionPool

from infrastructure.postgres import open_pool
from tests.infrastructure.payments.till import Till


@pytest.fixture
def pool(database: str) -> Generator[ConnectionPool]:
    with open_pool(database, 6) as pool:
        yield pool


@pytest.fixture
def till(pool: ConnectionPool) -> Till:
    return Till(pool)

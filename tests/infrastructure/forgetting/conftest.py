from collections.abc import Generator
from typing import Any

import pytest
from psycopg_pool import ConnectionPool

from infrastructure.postgres import open_pool


@pytest.fixture
def pool(database: str) -> Generator[ConnectionPool[Any]]:
    with open_pool(database, 4) as opened:
        yield opened

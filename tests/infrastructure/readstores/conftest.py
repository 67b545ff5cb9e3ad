from collections.abc import Iterator

import pytest
from psycopg_pool import ConnectionPool

from infrastructure.readstores.bookkeeping import Connection
from infrastructure.readstores.documents import Pool


@pytest.fixture
def pool(database: str) -> Iterator[Pool]:
    with ConnectionPool[Connection](database, min_size=1, max_size=4, kwargs={"autocommit": True}, open=True) as opened:
        yield opened

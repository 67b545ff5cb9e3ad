from collections.abc import Callable, Generator
from uuid import UUID, uuid4

import pytest
from psycopg_pool import ConnectionPool

from application.effects.job import Job, SendLetter, Work
from infrastructure.jobs.queue import Queue, put
from infrastructure.postgres import open_pool


@pytest.fixture
def pool(database: str) -> Generator[ConnectionPool]:
    with open_pool(database, 6) as pool:
        yield pool


@pytest.fixture
def queue(pool: ConnectionPool) -> Queue:
    return Queue(pool)


@pytest.fixture
def due(pool: ConnectionPool) -> Callable[..., UUID]:
    """Puts one job into the queue and names it."""

    def due(id: UUID | None = None, work: Work | None = None) -> UUID:
        job = Job(id or uuid4(), work or SendLetter("welcome", uuid4(), 1), uuid4(), uuid4())
        with pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            put(cursor, [job])
        return job.id

    return due

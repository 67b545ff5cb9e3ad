from collections.abc import Iterator

import pytest

from infrastructure.readstores import opensearch, redis
from tests.fakes.log import FakeLog
from tests.infrastructure.projector.harbours import Harbour, InJournal, InOpenSearch, InPostgres, InRedis


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture(params=["postgres", "journal", "redis", "opensearch"])
def harbour(request: pytest.FixtureRequest, database: str) -> Iterator[Harbour]:
    """Each engine in turn; only those that a test is run with are started."""
    match request.param:
        case "journal":
            yield InJournal(database)
        case "redis":
            with redis.connect(request.getfixturevalue("redis_url")) as client:
                yield InRedis(database, client)
        case "opensearch":
            yield request.getfixturevalue("in_opensearch")
        case _:
            yield InPostgres(database)


@pytest.fixture
def in_opensearch(database: str, opensearch_url: str, index_prefix: str) -> Iterator[Harbour]:
    client = opensearch.connect(opensearch_url)
    yield InOpenSearch(database, client, index_prefix)
    client.close()

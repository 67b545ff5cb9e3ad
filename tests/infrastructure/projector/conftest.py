from collections.abc import Iterator

import pytest

from infrastructure.readstores import opensearch, redis
from tests.fakes.log import FakeLog
from tests.infrastructure.projector.harbours import Harbour, InOpenSearch, InPostgres, InRedis


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture(params=["postgres", "redis", "opensearch"])
def harbour(request: pytest.FixtureRequest, database: str) -> Iterator[Harbour]:
    """Each engine in turn; only those that a test is run with are started."""
    match request.param:
        case "redis":
            with redis.connect(request.getfixturevalue("redis_url")) as client:
                yield InRedis(database, client)
        case "opensearch":
            client = opensearch.connect(request.getfixturevalue("opensearch_url"))
            yield InOpenSearch(database, client, request.getfixturevalue("index_prefix"))
            client.close()
        case _:
            yield InPostgres(database)

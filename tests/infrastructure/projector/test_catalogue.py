from contextlib import closing

import pytest
from opensearchpy import OpenSearch

from infrastructure.projector.runner import Runner
from infrastructure.readstores import opensearch, redis
from infrastructure.readstores.opensearch import OpenSearchStore
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.readstores.redis import RedisStore
from projections.catalogue import PROJECTIONS
from tests.fakes.log import FakeLog


@pytest.fixture
def client(opensearch_url: str):
    opened = opensearch.connect(opensearch_url)
    yield opened
    opened.close()


def test_every_read_model_there_is_can_be_made_on_its_engine(
    database: str, redis_url: str, client: OpenSearch, index_prefix: str, log: FakeLog
):
    with redis.connect(redis_url) as counts:
        stores = {
            "postgres": PostgresStore,
            "redis": lambda connection: RedisStore(connection, counts),
            "opensearch": lambda connection: OpenSearchStore(connection, client, index_prefix),
        }
        with closing(Runner(PROJECTIONS, log, database, stores)) as runner:
            assert runner.catch_up() == log.stable()
            assert runner.catch_up() == log.stable()


def test_no_two_read_models_share_a_name():
    names = [each.name for each in PROJECTIONS]
    assert len(names) == len(set(names))

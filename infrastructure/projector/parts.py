"""What moves read models forward, put together: a store for each engine, and a site where one is built anew."""

from collections.abc import Callable, Sequence

from opensearchpy import OpenSearch

from infrastructure.projector.rebuilding.opensearch import OpenSearchSite
from infrastructure.projector.rebuilding.postgres import PostgresSite
from infrastructure.projector.rebuilding.redis import RedisSite
from infrastructure.projector.rebuilding.site import Sites
from infrastructure.projector.runner import Runner, Stores
from infrastructure.readstores.opensearch import OpenSearchStore
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.readstores.redis import Client, RedisStore
from projections.ports import LogReader
from projections.view import Projection


def runner(
    projections: Sequence[Projection],
    reader: LogReader,
    database_url: str,
    redis: Callable[[], Client],
    opensearch: Callable[[], OpenSearch],
    index_prefix: str = "",
) -> Runner:
    """The clients are asked for when they are needed."""
    stores: Stores = {
        "postgres": PostgresStore,
        "redis": lambda connection: RedisStore(connection, redis()),
        "opensearch": lambda connection: OpenSearchStore(connection, opensearch(), index_prefix),
    }
    sites: Sites = {
        "postgres": PostgresSite,
        "redis": lambda bench, generation: RedisSite(bench, generation, redis()),
        "opensearch": lambda bench, generation: OpenSearchSite(bench, generation, opensearch(), index_prefix),
    }
    return Runner(projections, reader, database_url, stores, sites=sites)

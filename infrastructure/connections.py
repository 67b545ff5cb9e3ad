"""What a process reaches: its Postgres, Redis and OpenSearch, each connected to when it is first asked for."""

from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from opensearchpy import OpenSearch
from psycopg_pool import ConnectionPool

from application.credentials import RateLimit
from infrastructure.postgres import open_pool
from infrastructure.readstores import opensearch, redis
from infrastructure.security.ratelimit import TIMEOUT, RedisRateLimit, Unlimited
from infrastructure.settings import Settings


class Connections:
    """`closing` holds what is closed with the whole, the latest first."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self.closing.close()

    @cached_property
    def pool(self) -> ConnectionPool[Any]:
        pool = open_pool(self.settings.database_url, self.settings.pool_size)
        self.closing.callback(pool.close)
        return pool

    @cached_property
    def read_pool(self) -> ConnectionPool[Any]:
        """Of a replica, where there is one."""
        if not self.settings.database_read_url:
            return self.pool
        pool = open_pool(self.settings.database_read_url, self.settings.pool_size, name="tradewind read")
        self.closing.callback(pool.close)
        return pool

    @cached_property
    def redis(self) -> redis.Client:
        client = redis.connect(self.settings.redis_url)
        self.closing.callback(client.close)
        return client

    @cached_property
    def opensearch(self) -> OpenSearch:
        client = opensearch.connect(self.settings.opensearch_url)
        self.closing.callback(client.close)
        return client

    @cached_property
    def limits(self) -> RateLimit:
        """Over a connection of its own, which gives up sooner than others: whoever signs in waits for it."""
        if not self.settings.rate_limits:
            return Unlimited()
        client = redis.connect(self.settings.redis_url, timeout=TIMEOUT)
        self.closing.callback(client.close)
        return RedisRateLimit(client)

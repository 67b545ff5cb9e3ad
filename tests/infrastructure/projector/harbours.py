"""The same read models of the same boats in each engine, so that one test can be put to all of them."""

from collections.abc import Callable
from typing import Any, Protocol, cast

import msgspec
import psycopg
from opensearchpy import OpenSearch
from redis import Redis

from domain.recorded import Recorded
from infrastructure.projector.runner import Runner, Stores
from infrastructure.readstores.bookkeeping import Connection
from infrastructure.readstores.opensearch import OpenSearchStore, versioned_name
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.readstores.redis import RedisCounts, RedisStore, keys
from infrastructure.readstores.store import Store
from projections.view import Projection
from tests.fakes.boats import boats, lying, quay
from tests.fakes.log import FakeLog


class Harbour(Protocol):
    """One engine: what it keeps, and what a plain fold of all events says that it should keep."""

    database: str

    @property
    def projection(self) -> Projection: ...

    def store(self, connection: Connection) -> Store: ...

    def contents(self) -> Any: ...

    def expected(self, events: list[Recorded[Any]]) -> Any: ...


def runner(harbour: Harbour, log: FakeLog, batch: int = 3, wrap: Callable[[Store], Store] = lambda store: store) -> Runner:
    stores: Stores = {harbour.projection.engine: lambda connection: wrap(harbour.store(connection))}
    return Runner([harbour.projection], log, harbour.database, stores, batch=batch)


def documents(events: list[Recorded[Any]]) -> dict[str, Any]:
    folded: dict[str, Any] = {}
    for each in events:
        if type(each.event) in boats.events:
            key = str(boats.key(each.event))
            folded[key] = boats.evolve(folded.get(key), each.event)
    return msgspec.json.decode(msgspec.json.encode({key: document for key, document in folded.items() if document is not None}))


class InPostgres:
    projection = boats

    def __init__(self, database: str) -> None:
        self.database = database

    def store(self, connection: Connection) -> Store:
        return PostgresStore(connection)

    def contents(self) -> Any:
        with psycopg.connect(self.database) as connection:
            rows = connection.execute(f"SELECT key, document FROM {boats.table}".encode()).fetchall()
        return {str(key): document for key, document in rows}

    def expected(self, events: list[Recorded[Any]]) -> Any:
        return documents(events)


class InRedis:
    projection = lying

    def __init__(self, database: str, client: Redis) -> None:
        self.database = database
        self.client = client

    def store(self, connection: Connection) -> Store:
        return RedisStore(connection, self.client)

    def contents(self) -> Any:
        kept = cast("dict[bytes, bytes]", cast("Any", self.client).hgetall(keys(lying).state))
        state = {key.decode(): tuple(msgspec.json.decode(groups)) for key, groups in kept.items()}
        return dict(RedisCounts(self.client).read(lying)), state

    def expected(self, events: list[Recorded[Any]]) -> Any:
        state: dict[str, tuple[str, ...]] = {}
        for each in events:
            if type(each.event) in lying.events:
                key = str(lying.key(each.event))
                state[key] = lying.evolve(state.get(key, ()), each.event)
        state = {key: groups for key, groups in state.items() if groups}
        every = [group for groups in state.values() for group in groups]
        return {group: every.count(group) for group in every}, state


class InOpenSearch:
    projection = quay

    def __init__(self, database: str, client: OpenSearch, prefix: str) -> None:
        self.database = database
        self.client = client
        self.prefix = prefix

    def store(self, connection: Connection) -> Store:
        return OpenSearchStore(connection, self.client, self.prefix)

    def contents(self) -> Any:
        name = versioned_name(quay, self.prefix)
        self.client.indices.refresh(index=name)
        query = {"query": {"bool": {"must_not": {"term": {"gone": True}}}}, "size": 1000}
        hits = self.client.search(index=name, body=query)["hits"]["hits"]
        return {hit["_id"]: hit["_source"] for hit in hits}

    def expected(self, events: list[Recorded[Any]]) -> Any:
        return documents(events)

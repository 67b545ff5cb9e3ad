"""The same read models of the same boats in each engine, so that one test can be put to all of them."""

from collections.abc import Callable
from typing import Any, Protocol, cast

import msgspec
import psycopg
from msgspec.structs import astuple
from opensearchpy import OpenSearch
from redis import Redis

from domain.recorded import Recorded
from infrastructure.projector.rebuilding.opensearch import OpenSearchSite
from infrastructure.projector.rebuilding.postgres import PostgresSite
from infrastructure.projector.rebuilding.redis import RedisSite
from infrastructure.projector.rebuilding.site import Bench, Site
from infrastructure.projector.runner import Runner, Stores
from infrastructure.readstores.bookkeeping import Connection
from infrastructure.readstores.opensearch import OpenSearchStore, name_of
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.readstores.redis import RedisCounts, RedisStore, keys
from infrastructure.readstores.store import Store
from projections.view import Projection
from tests.fakes.boats import boats, coats, lying, quay
from tests.fakes.log import FakeLog


class Harbour(Protocol):
    """One engine: what it keeps, and what a plain fold of all events says that it should keep."""

    database: str

    @property
    def projection(self) -> Projection: ...

    def store(self, connection: Connection) -> Store: ...

    def site(self, bench: Bench, generation: int) -> Site: ...

    def contents(self) -> Any: ...

    def expected(self, events: list[Recorded[Any]]) -> Any: ...


def runner(harbour: Harbour, log: FakeLog, batch: int = 3, wrap: Callable[[Store], Store] = lambda store: store) -> Runner:
    stores: Stores = {harbour.projection.engine: lambda connection: wrap(harbour.store(connection))}
    return Runner([harbour.projection], log, harbour.database, stores, sites={harbour.projection.engine: harbour.site}, batch=batch)


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

    def site(self, bench: Bench, generation: int) -> Site:
        return PostgresSite(bench, generation)

    def contents(self) -> Any:
        with psycopg.connect(self.database) as connection:
            rows = connection.execute(f"SELECT key, document FROM {boats.table}".encode()).fetchall()
        return {str(key): document for key, document in rows}

    def expected(self, events: list[Recorded[Any]]) -> Any:
        return documents(events)


class InJournal:
    """The rows themselves, and every kept sum beside what its rows come to."""

    projection = coats

    def __init__(self, database: str) -> None:
        self.database = database

    def store(self, connection: Connection) -> Store:
        return PostgresStore(connection)

    def site(self, bench: Bench, generation: int) -> Site:
        return PostgresSite(bench, generation)

    def contents(self) -> Any:
        fields = "boat_id, name, colour, before, paid, since"
        with psycopg.connect(self.database) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            rows = connection.execute(f"SELECT position, ordinal, {fields} FROM {coats.table} ORDER BY 1, 2".encode()).fetchall()
            colours = connection.execute(f"SELECT colour, paid, before, entries FROM {coats.table}_colours".encode()).fetchall()
            owners = connection.execute(f"SELECT boat_id, name, paid, entries FROM {coats.table}_boats".encode()).fetchall()
        return rows, set(colours), set(owners)

    def expected(self, events: list[Recorded[Any]]) -> Any:
        known: dict[Any, Any] = {}
        rows: list[Any] = []
        for each in events:
            if type(each.event) in coats.events:
                boat = known.get(each.event.boat_id)
                rows += [(each.position, number, *astuple(row)) for number, row in enumerate(coats.rows(boat, each.event))]
                known[each.event.boat_id] = coats.evolve(boat, each.event)
        colours = {(row[4], *totals(rows, 4, 6, 5, row)) for row in rows}
        return rows, colours, {(row[2], row[3], *totals(rows, 2, 6, None, row)) for row in rows}


def totals(rows: list[Any], by: int, first: int, second: int | None, like: Any) -> Any:
    same = [row for row in rows if row[by] == like[by] and (second is not None or row[3] == like[3])]
    paid = sum(row[first] for row in same)
    return (paid, len(same)) if second is None else (paid, sum(row[second] for row in same), len(same))


class InRedis:
    projection = lying

    def __init__(self, database: str, client: Redis) -> None:
        self.database = database
        self.client = client

    def store(self, connection: Connection) -> Store:
        return RedisStore(connection, self.client)

    def site(self, bench: Bench, generation: int) -> Site:
        return RedisSite(bench, generation, self.client)

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

    def site(self, bench: Bench, generation: int) -> Site:
        return OpenSearchSite(bench, generation, self.client, self.prefix)

    def contents(self) -> Any:
        name = name_of(quay, self.prefix)
        self.client.indices.refresh(index=name)
        query = {"query": {"bool": {"must_not": {"term": {"gone": True}}}}, "size": 1000}
        hits = self.client.search(index=name, body=query)["hits"]["hits"]
        return {hit["_id"]: hit["_source"] for hit in hits}

    def expected(self, events: list[Recorded[Any]]) -> Any:
        return documents(events)

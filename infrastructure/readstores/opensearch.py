"""Search indices in OpenSearch: whole documents under external versions, so that an event that comes again changes nothing."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException, RequestError

from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from infrastructure.readstores.folding import folded, keyed
from infrastructure.readstores.generations.books import SERVED, Books
from infrastructure.readstores.generations.indices import name_of, point, replaced, versioned_name
from infrastructure.readstores.store import Parked, Refused, States, Step, Superseded
from projections.ports import Unavailable
from projections.view import Index, Key, Projection

REFRESH = "500ms"
"""How often new documents become searchable."""

TOMBSTONE = b'{"gone":true}'
"""What stands for a document that is no more, so that its version goes on counting; queries filter it out."""


def connect(url: str, *, timeout: float = 10.0) -> OpenSearch:
    return OpenSearch(hosts=[url], timeout=timeout, max_retries=1)


@contextmanager
def reaching_opensearch() -> Generator[None]:
    """A request that is wrong stays an error; everything else means that OpenSearch cannot serve us now."""
    try:
        yield
    except RequestError:
        raise
    except OpenSearchException as error:
        raise Unavailable("opensearch") from error


class OpenSearchStore:
    """Indices, with their positions and parked events in Postgres.

    A document's version is the position of the last event in it. Events that a stored document already holds are left out of the
    fold, so a batch may come again in any other cut.
    """

    def __init__(self, connection: Connection, client: OpenSearch, prefix: str = "", books: Books = SERVED) -> None:
        self._connection = connection
        self._client = client
        self._prefix = prefix
        self._books = books

    def prepare(self, projection: Projection) -> None:
        index = in_opensearch(projection)
        alias, name = name_of(index, self._prefix), self._name(index)
        served = self._books is SERVED
        with reaching_opensearch():
            if self._client.indices.exists(index=name):
                if served:
                    point(self._client, index, self._prefix, name)
                return
            body: dict[str, Any] = {
                "settings": {"index": {"refresh_interval": REFRESH, "auto_expand_replicas": "0-1"}, **index.settings},
                "mappings": {"dynamic": "strict", "properties": {**index.mapping, "gone": {"type": "boolean"}}},
            }
            if served and not self._client.indices.exists_alias(name=alias):
                body["aliases"] = {alias: {}}
            # The new index is empty, whatever was read for one that is lost.
            with reaching_postgres():
                self._books.show(self._connection, [index], 0)
            self._client.indices.create(index=name, body=body)
            if served:
                point(self._client, index, self._prefix, name)

    def positions(self, projections: Sequence[Projection]) -> Sequence[int]:
        with reaching_postgres():
            return self._books.positions(self._connection, projections)

    def advance(self, projections: Sequence[Projection], after: int, upto: int) -> None:
        with reaching_postgres(), self._connection.transaction():
            self._books.move(self._connection, projections, after, upto)

    def apply(self, projection: Projection, step: Step) -> Sequence[Parked]:
        index = in_opensearch(projection)
        these = keyed(index, step)
        # The row of the position is held while documents are written: nobody switches or restates meanwhile.
        with reaching_postgres(), self._connection.transaction():
            self._books.move(self._connection, [index], step.after, step.upto, len(step.events))
            name = self._name(index)
            stored, since = self._stored(name, these.keys)
            after = folded(index, these, stored, lambda source: None if source is None else msgspec.convert(source, index.document), since)
            lines: list[bytes] = []
            for key, (document, last) in after.states.items():
                if document is None and key not in since:
                    continue
                action = {"index": {"_id": str(key), "version": last.position, "version_type": "external"}}
                lines += (msgspec.json.encode(action), TOMBSTONE if document is None else msgspec.json.encode(document))
            self._write(name, lines)
            self._books.put_aside(self._connection, index, step, after.parked)
        return after.parked

    def restate(self, projection: Projection, at: int, states: States) -> None:
        index = in_opensearch(projection)
        with reaching_postgres(), self._connection.transaction():
            self._books.move(self._connection, [index], at, at)
            name = self._name(index)
            _, since = self._stored(name, list(states))
            if any(version > at for version in since.values()):
                raise Superseded  # written by a worker that died before it moved the position: its events come again
            lines: list[bytes] = []
            for key, (document, last) in states.items():
                if document is None and key not in since:
                    continue
                version = max(since.get(key, 0), last.position if last else 0)
                action = {"index": {"_id": str(key), "version": version, "version_type": "external_gte"}}
                lines += (msgspec.json.encode(action), TOMBSTONE if document is None else msgspec.json.encode(document))
            self._write(name, lines)
        if self._books is SERVED:
            self._forget_replaced(index, list(states))

    def settle(self, projections: Sequence[Projection]) -> None:
        with reaching_postgres():
            names = ",".join(self._name(in_opensearch(each)) for each in projections)
        with reaching_opensearch():
            self._client.indices.refresh(index=names)

    def _name(self, index: Index[Any]) -> str:
        return versioned_name(index, self._prefix, self._books.generation(self._connection, index))

    def _forget_replaced(self, index: Index[Any], keys: Sequence[Key]) -> None:
        """What was replaced is not kept up: documents that are stated anew go from it."""
        if not keys:
            return
        with reaching_opensearch(), reaching_postgres():
            for name in replaced(self._client, self._connection, index, self._prefix):
                found = {"query": {"ids": {"values": [str(key) for key in keys]}}}
                self._client.delete_by_query(index=name, body=found, params={"refresh": "true"})

    def _stored(self, name: str, keys: Sequence[Key]) -> tuple[Mapping[Key, Mapping[str, Any]], Mapping[Key, int]]:
        """The documents as they are at this moment, refreshed or not, and every version, of tombstones too."""
        if not keys:
            return {}, {}
        with reaching_opensearch():
            answer = self._client.mget(index=name, body={"ids": [str(key) for key in keys]})
        documents: dict[Key, Mapping[str, Any]] = {}
        versions: dict[Key, int] = {}
        for key, got in zip(keys, answer["docs"], strict=True):
            if "error" in got:  # the index is lost, or a shard of it is: prepare anew
                raise Unavailable("opensearch")
            if got["found"]:
                versions[key] = got["_version"]
                if not got["_source"].get("gone"):
                    documents[key] = got["_source"]
        return documents, versions

    def _write(self, name: str, lines: Sequence[bytes]) -> None:
        if not lines:
            return
        with reaching_opensearch():
            answer = self._client.bulk(index=name, body=b"\n".join((*lines, b"")))
        if not answer["errors"]:
            return
        for item in answer["items"]:
            outcome = item["index"]
            if outcome["status"] == 400:
                raise Refused(f"{outcome['error']['type']}: {outcome['error']['reason']}")
            if outcome["status"] >= 300 and outcome["status"] != 409:  # 409: a later version is there already
                raise Unavailable("opensearch")


def in_opensearch(projection: Projection) -> Index[Any]:
    if not isinstance(projection, Index):
        raise TypeError(f"{projection.name} is not kept in OpenSearch")
    return projection

"""Building in OpenSearch: an index beside the served one, which the alias stands for from the switch on."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from opensearchpy import OpenSearch

from infrastructure.projector.rebuilding import books
from infrastructure.projector.rebuilding.site import SHOWN, Bench, Comparison, Difference, differing
from infrastructure.readstores import bookkeeping
from infrastructure.readstores.bookkeeping import reaching_postgres
from infrastructure.readstores.generations.books import Building
from infrastructure.readstores.generations.indices import point, replaced, versioned_name
from infrastructure.readstores.opensearch import REFRESH, OpenSearchStore, in_opensearch, reaching_opensearch
from projections.view import Projection

AT_ONCE = 1000
KEEP = "5m"
"""How long OpenSearch keeps a scroll for its next page."""


class OpenSearchSite:
    """Indices, with the bookkeeping in Postgres."""

    def __init__(self, bench: Bench, generation: int, client: OpenSearch, prefix: str = "") -> None:
        self._connection = bench.served
        self._client = client
        self._prefix = prefix
        self._generation = generation
        self._unsettled: set[str] | None = None
        self._found: list[Difference] = []
        self._rows = 0
        self.store = OpenSearchStore(bench.served, client, prefix, Building(generation, bench.schema))

    def begin(self, projection: Projection) -> None:
        name = self._name(projection)
        with reaching_opensearch():
            if self._client.indices.exists(index=name):
                self._client.indices.delete(index=name)
        self.store.prepare(projection)
        self._refreshing(name, "-1")  # nobody searches what is built

    def finish(self, projection: Projection) -> None:
        name = self._name(projection)
        self._refreshing(name, REFRESH)
        with reaching_opensearch():
            self._client.indices.refresh(index=name)

    def switch(self, projection: Projection) -> bool:
        index, name = in_opensearch(projection), self._name(projection)
        with reaching_opensearch():
            self._client.indices.refresh(index=name)
        with reaching_postgres(), self._connection.transaction():
            # While the row is held the worker writes nothing. Searches see the new index a moment before the books say so:
            # whoever dies in between leaves an alias that this, coming again, sets once more.
            served = bookkeeping.hold(self._connection, index)
            position = books.wanted(self._connection, index, self._generation)
            if position is None or position < served:
                return False
            with reaching_opensearch():
                point(self._client, index, self._prefix, name)
            books.serve(self._connection, index, self._generation, position)
        return True

    @contextmanager
    def still(self, projection: Projection) -> Generator[int]:
        """A document has its own version, so both may move while they are compared."""
        with reaching_postgres():
            (served,) = bookkeeping.positions(self._connection, [projection])
        yield served

    def compare(self, projection: Projection) -> Comparison | None:
        """First all documents, then again those that the worker had already taken further than what is built."""
        index, beside = in_opensearch(projection), self._name(projection)
        (at,) = self.store.positions([index])
        with reaching_postgres():
            served = versioned_name(index, self._prefix, bookkeeping.generation(self._connection, index))
        with reaching_opensearch():
            unsettled = self._unsettled
            keys = self._every(served, beside) if unsettled is None else _paged(unsettled)
            self._unsettled = set()
            for page in keys:
                if unsettled is None:
                    self._rows += len(page)
                self._weigh(served, beside, page, at)
        if self._unsettled:
            return None
        compared = Comparison(at, self._rows, len(self._found), self._found[:SHOWN])
        self._unsettled, self._found, self._rows = None, [], 0
        return compared

    def clear(self, projection: Projection) -> None:
        index, name = in_opensearch(projection), self._name(projection)
        with reaching_postgres(), self._connection.transaction():
            bookkeeping.hold(self._connection, index)
            served = versioned_name(index, self._prefix, bookkeeping.generation(self._connection, index))
            if served == name:
                return
            with reaching_opensearch():
                point(self._client, index, self._prefix, served)
                self._client.indices.delete(index=name, params={"ignore_unavailable": "true"})

    def drop(self, projection: Projection) -> None:
        index = in_opensearch(projection)
        with reaching_postgres(), reaching_opensearch():
            for name in replaced(self._client, self._connection, index, self._prefix):
                self._client.indices.delete(index=name)

    def _name(self, projection: Projection) -> str:
        return versioned_name(in_opensearch(projection), self._prefix, self._generation)

    def _refreshing(self, name: str, every: str) -> None:
        with reaching_opensearch():
            self._client.indices.put_settings(index=name, body={"index": {"refresh_interval": every}})

    def _weigh(self, served: str, beside: str, page: Sequence[str], at: int) -> None:
        ones, others = self._documents(served, page), self._documents(beside, page)
        for key in page:
            version, one = ones.get(key, (0, None))
            _, other = others.get(key, (0, None))
            if one == other:
                continue
            if version > at and self._unsettled is not None:
                self._unsettled.add(key)
            elif one is None or other is None:
                self._found.append(Difference(served, key, "missing" if one is None else "extra"))
            else:
                self._found.append(Difference(served, key, "differs", differing(one, other)))

    def _documents(self, name: str, keys: Sequence[str]) -> Mapping[str, tuple[int, Mapping[str, Any] | None]]:
        """As they are at this moment, with their versions; one that is gone is None."""
        answer = self._client.mget(index=name, body={"ids": list(keys)})
        found = (each for each in answer["docs"] if each.get("found"))
        return {each["_id"]: (each["_version"], None if each["_source"].get("gone") else each["_source"]) for each in found}

    def _every(self, *names: str) -> Iterator[Sequence[str]]:
        """The keys of all documents, page by page; those of the second index only where the first has none."""
        first = names[0]
        for name in names:
            self._client.indices.refresh(index=name)
            for page in self._scrolled(name):
                if name == first:
                    yield page
                else:
                    there = self._documents(first, page)
                    if alone := [key for key in page if key not in there]:
                        yield alone

    def _scrolled(self, name: str) -> Iterator[Sequence[str]]:
        body = {"query": {"match_all": {}}, "sort": ["_doc"], "_source": False, "size": AT_ONCE}
        answer = self._client.search(index=name, body=body, params={"scroll": KEEP})
        try:
            while hits := answer["hits"]["hits"]:
                yield [each["_id"] for each in hits]
                answer = self._client.scroll(body={"scroll_id": answer["_scroll_id"], "scroll": KEEP})
        finally:
            self._client.clear_scroll(body={"scroll_id": [answer["_scroll_id"]]})


def _paged(keys: Iterable[str]) -> Iterator[Sequence[str]]:
    every = sorted(keys)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]

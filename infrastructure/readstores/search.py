"""Searches are run by OpenSearch, each as one request that must be answered in time."""

import math
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any

import msgspec
from opensearchpy import AsyncOpenSearch
from opensearchpy.serializer import JSONSerializer

from infrastructure.readstores.opensearch import name_of, reaching_opensearch
from projections.ports import Unavailable
from projections.search import Answer
from projections.view import Index

PATIENCE = 3.0
"""Seconds until a search without an answer counts as unanswered."""

KNOWN = 10.0
"""Seconds that the values of a field are remembered."""

CACHED = {"request_cache": "true"}


class AnswerSerializer(JSONSerializer):
    """Reads answers straight into what is used of them; the documents in them stay bytes."""

    def __init__(self) -> None:
        self._decoder = msgspec.json.Decoder(Answer)

    def loads(self, s: str) -> Answer:
        return self._decoder.decode(s)

    def dumps(self, data: Any) -> str:
        return data if isinstance(data, str) else msgspec.json.encode(data).decode()


def connect(url: str, at_once: int) -> AsyncOpenSearch:
    """A client for searches only; it belongs to the event loop that it first searches in, and is closed there.

    Whoever searches while so many are under way waits here for his turn: a node that is asked more than it has cores for answers
    all of them late.
    """
    return AsyncOpenSearch(hosts=[url], timeout=PATIENCE, max_retries=1, maxsize=at_once, serializer=AnswerSerializer())


@contextmanager
def searching() -> Generator[None]:
    """To a caller it is the search that does not answer, whatever it runs on."""
    try:
        with reaching_opensearch():
            yield
    except Unavailable as error:
        raise Unavailable("search") from error


class OpenSearchEngine:
    def __init__(self, client: AsyncOpenSearch, prefix: str = "") -> None:
        self._client = client
        self._prefix = prefix
        self._values: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}

    async def search(self, index: Index[Any], request: Mapping[str, Any]) -> Answer:
        with searching():
            # What was asked before is answered from OpenSearch's own cache, as long as the index is the same.
            answer: Any = await self._client.search(index=name_of(index, self._prefix), body=dict(request), params=CACHED)
        return answer

    async def close(self) -> None:
        await self._client.close()

    async def refresh(self, index: Index[Any]) -> None:
        with searching():
            await self._client.indices.refresh(index=name_of(index, self._prefix))

    async def values(self, index: Index[Any], field: str) -> frozenset[str]:
        known, values = self._values.get((index.name, field), (-math.inf, frozenset[str]()))
        if monotonic() - known > KNOWN:
            counted = await self.search(index, {"size": 0, "aggs": {"values": {"terms": {"field": field, "size": 1000}}}})
            values = frozenset(bucket["key"] for bucket in counted.aggregations["values"]["buckets"])
            self._values[index.name, field] = (monotonic(), values)
        return values

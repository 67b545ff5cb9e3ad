"""The search engine as queries see it: a request of its query language in, hits and counts out."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from msgspec import Raw, Struct, field

from projections.view import Index

LONGEST = 2**63 - 1
"""OpenSearch's `long` has no more."""

TIE: dict[str, Any] = {"tie": "asc"}
"""What orders end with, so that each is total."""


def tie(key: UUID) -> int:
    """What tells apart documents that an order would leave equal, as a field that is compared much faster than an id's text."""
    return key.int & LONGEST


class Total(Struct, frozen=True):
    """`relation` is eq for an exact count, gte where counting stopped."""

    value: int
    relation: str


class Hit(Struct, frozen=True):
    source: Raw = field(name="_source")
    sort: Sequence[float | int | str | None] = ()


class Hits(Struct, frozen=True):
    hits: Sequence[Hit] = ()
    total: Total | None = None


class Option(Struct, frozen=True):
    text: str


class Options(Struct, frozen=True):
    options: Sequence[Option]


class Answer(Struct, frozen=True):
    """The parts of OpenSearch's answer that are read; documents stay the bytes that were indexed."""

    hits: Hits = Hits()
    aggregations: Mapping[str, Any] = {}
    suggest: Mapping[str, Sequence[Options]] = {}


@runtime_checkable
class SearchEngine(Protocol):
    async def search(self, index: Index[Any], request: Mapping[str, Any]) -> Answer:
        """One request, one answer. Raises `projections.ports.Unavailable` («search») where none comes in time."""
        ...

    async def refresh(self, index: Index[Any]) -> None:
        """Let what was indexed be found at once, instead of within the index's interval. Raises `Unavailable`."""
        ...

    async def values(self, index: Index[Any], field: str) -> frozenset[str]:
        """The values of a keyword field in the whole index, some seconds old at most. Raises `Unavailable`."""
        ...

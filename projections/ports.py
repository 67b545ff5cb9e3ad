"""What projections and queries need of the outside: the log's reader, the read stores, and the rates of exchange."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable
from uuid import UUID

from msgspec import Raw, Struct

from domain.recorded import Recorded
from domain.values import Value
from projections.sql import ALL, NEWEST_KEY_FIRST, Order, Where
from projections.view import Count, Feed, Journal, Key, Sum, View

R = TypeVar("R", bound=Value)


class Batch(Struct, frozen=True):
    """Events in order of position; `upto` is how far the log was read for them, also where the last events are of other types.

    `under_way`: appends are, behind which there may be events already. Where they come to nothing, nobody tells.
    """

    events: Sequence[Recorded[Any]]
    upto: int
    under_way: bool = False


@runtime_checkable
class LogReader(Protocol):
    """The log as everything that follows it sees it."""

    def stable(self) -> int:
        """The stable position: nothing can still commit at or below it."""
        ...

    def read(self, after: int, limit: int, types: Sequence[type[Value]] = ()) -> Batch:
        """At most `limit` events of these types (none: all) after a position and never past the stable one."""
        ...

    def stream(self, stream: UUID, upto_version: int | None = None) -> Sequence[Recorded[Any]]:
        """One stream's events, oldest first; for auditors only."""
        ...


class Found(Struct, frozen=True):
    """A row of a read model: the document as stored JSON, and the columns it is filtered by.

    `version` is the stream version of the last event folded into it; it serves as the ETag of things that are one stream.
    """

    key: Key
    version: int
    document: Raw
    columns: Mapping[str, Any]


class Page(Struct, frozen=True):
    """`next` is an opaque cursor, or None where nothing follows."""

    items: Sequence[Found]
    next: str | None


@runtime_checkable
class Documents(Protocol):
    """Postgres read models."""

    def one(self, view: View[Any], key: Key, where: Where = ALL) -> Found | None:
        """The row under the key, if `where` lets it be seen. One statement."""
        ...

    def page(self, view: View[Any], where: Where = ALL, *, limit: int, cursor: str | None = None, order: Order = NEWEST_KEY_FIRST) -> Page:
        """Rows in order, by keyset: one statement, whatever the page. Raises `BadCursor`."""
        ...

    def position(self, projection: str) -> int:
        """How far the projection of this name (view, index, count or table) has come."""
        ...


class Entry(Struct, Generic[R], frozen=True):
    """A row of a journal; position and ordinal are its key."""

    position: int
    ordinal: int
    row: R


class Entries(Struct, Generic[R], frozen=True):
    """`next` is an opaque cursor, or None where nothing follows."""

    items: Sequence[Entry[R]]
    next: str | None


class Total(Struct, frozen=True):
    """What the rows of one group come to; `group` has the values that they share, `entries` says how many they are."""

    group: Mapping[str, Any]
    of: Mapping[str, int]
    entries: int


class Totals(Struct, frozen=True):
    """`next` is an opaque cursor, or None where nothing follows."""

    items: Sequence[Total]
    next: str | None


BY_GROUP = Order(descending=False)
"""Groups in the order of their own values."""


@runtime_checkable
class Journals(Protocol):
    """Rows that are only ever added, and their sums."""

    def page(
        self, journal: Journal[R], where: Where = ALL, *, limit: int, cursor: str | None = None, newest_first: bool = True
    ) -> Entries[R]:
        """Rows in the order of the log or against it, by keyset: one statement, whatever the page. Raises `BadCursor`."""
        ...

    def every(self, journal: Journal[R], where: Where = ALL) -> Iterator[Entry[R]]:
        """All rows there are when the first is asked for, in the order of the log, read piece by piece: for files, not for pages."""
        ...

    def totals(
        self, journal: Journal[Any], sums: Sum, where: Where = ALL, *, limit: int, cursor: str | None = None, order: Order = BY_GROUP
    ) -> Totals:
        """Groups in order of their own columns, totals or `entries`, by keyset: one statement. Raises `BadCursor`.

        A sum with the name of one that the journal keeps is made from the groups of that one, by some or all of its columns, and `where`
        speaks of these. Any other is made from the rows, and `where` speaks of theirs: an index should then bound how many they are.
        """
        ...


class Told(Struct, frozen=True):
    """One public event of a feed; `id` is that of the event on the log, `data` the payload as stored JSON."""

    position: int
    type: str
    schema: int
    id: UUID
    subject: str
    time: datetime
    data: Raw


class Reading(Struct, frozen=True):
    """`head` is how far the feed has come: nothing can still appear at or below it. `next` is where to read on."""

    items: Sequence[Told]
    next: int
    head: int


@runtime_checkable
class Feeds(Protocol):
    def read(self, feed: Feed[Any], after: int, limit: int, types: Sequence[str] = ()) -> Reading:
        """At most `limit` public events of these types (none: all) after a position, oldest first. One statement."""
        ...


class BadCursor(Exception):
    """A cursor that this list did not hand out."""


@runtime_checkable
class Counts(Protocol):
    """Redis counts."""

    def read(self, count: Count) -> Mapping[str, int]: ...


class Unavailable(Exception):
    """An engine that a query needs did not answer: `component` is postgres, redis, opensearch or search."""

    def __init__(self, component: str) -> None:
        super().__init__(component)
        self.component = component


@runtime_checkable
class Papers(Protocol):
    """The files of invoices and credit notes, as they were made."""

    def read(self, document_id: UUID) -> bytes | None:
        """The file of this paper; None where there is none, or it need no longer be kept."""
        ...


class ReportedRow(Value, frozen=True):
    """What became of one row of an imported file."""

    row: int
    line: int
    outcome: str
    listing_id: UUID | None
    code: str
    detail: str
    repairs: Raw


@runtime_checkable
class ImportReports(Protocol):
    """What became of the rows of imports, as it is written down while they run."""

    def totals(self, import_id: UUID) -> Mapping[str, int]:
        """Rows by outcome: accepted, repaired, refused, known. One statement."""
        ...

    def rows(self, import_id: UUID, outcome: str | None, after: int, limit: int) -> Sequence[ReportedRow]:
        """Rows after a row number, in order of the file. One statement."""
        ...


@runtime_checkable
class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, in UTC."""
        ...

"""What the application needs of the outside: the event log, clocks and ids, and the rows written in the append's transaction."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

from domain.decider import Decider
from domain.recorded import Recorded
from domain.values import Value


class Meta(Struct, frozen=True):
    """Who and what stands behind a command. `fingerprint` tells two different requests under one command id apart."""

    command_id: UUID
    actor: UUID
    correlation_id: UUID
    causation_id: UUID | None = None
    fingerprint: bytes = b""


class Row(Struct, frozen=True):
    """A row beside the log (a reservation, a credential), written in the append's own transaction or not at all."""


class Change(Struct, frozen=True):
    """New events for one stream that stood at `version` when they were decided."""

    stream: UUID
    decider: Decider[Any, Any, Any]
    version: int
    events: Sequence[Value]


class Result(Struct, frozen=True):
    """Where a command left one stream: `position` is that of its last event, 0 for a stream without any."""

    stream: UUID
    version: int
    position: int


class Snapshot(Struct, frozen=True):
    """What a stream of this kind had come to at a version: it stands for the events up to there."""

    kind: str
    version: int
    state: Any


class Loaded(Struct, frozen=True):
    """The streams asked for, oldest event first, and what the command did if it ran before (one result per stream, in order).

    Of a stream with a snapshot there are only the events after it.
    """

    streams: Mapping[UUID, list[Recorded[Any]]]
    before: Sequence[Result] = ()
    snapshots: Mapping[UUID, Snapshot] = {}


class Conflict(Exception):
    """Another append came first, or the same command is being run at this moment: load and decide again."""


ANY_VERSION = -1
"""In place of a pinned version: whichever it is, but there must be one."""


class StaleVersion(Exception):
    """The caller pinned a version that is no longer the stream's; 0 is the version of what does not exist."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"expected version {expected}, found {actual}")
        self.expected = expected
        self.actual = actual


class CommandReused(Exception):
    """The command id was used before for a different request."""


class Unavailable(Exception):
    """An engine did not answer: `component` is postgres, redis, opensearch or smtp. Whether a write happened is unknown."""

    def __init__(self, component: str) -> None:
        super().__init__(component)
        self.component = component


@runtime_checkable
class EventLog(Protocol):
    """The log as commands see it."""

    def load(
        self,
        streams: Sequence[UUID],
        command_id: UUID,
        fingerprint: bytes = b"",
        kinds: Sequence[str] = (),
        known: Mapping[UUID, Snapshot] = {},
    ) -> Loaded:
        """All events of the streams and the command's earlier results, in one statement.

        What is `known` of a stream, or a later snapshot if it is one of these `kinds`, stands for the events up to there. Where the
        command ran before, the streams of those results are loaded too, since a repeated creation proposes another new id, and from
        their beginning where they have gone further meanwhile.

        Raises `CommandReused` when the id was used with another fingerprint, `Unavailable` when the log cannot be reached.
        """
        ...

    def append(self, changes: Sequence[Change], meta: Meta, rows: Sequence[Row] = ()) -> list[Result]:
        """Write all changes, the rows and the command's results in one transaction, or nothing.

        Raises `Conflict` where a stream moved on or the command ran meanwhile, `domain.decider.Rejected` where a reservation is
        taken, `Unavailable` where the answer was lost.
        """
        ...

    def locked(self, streams: Sequence[UUID]) -> AbstractContextManager["EventLog"]:
        """The same log in one transaction that holds these streams (of kinds declared contended) from before they are loaded."""
        ...


@runtime_checkable
class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, in UTC."""
        ...


@runtime_checkable
class Ids(Protocol):
    def __call__(self) -> UUID:
        """A new UUIDv7."""
        ...

"""What auditors ask of the log itself: which events there were, and what a stream's state was at any point of its history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

MASK = "personal"
"""What stands in place of personal data, whether it can still be read by others or was erased."""


class Entry(Struct, frozen=True, rename="camel"):
    """An event as stored, but that personal fields read `"personal"`. `kind` is the kind of its stream."""

    position: int
    stream: UUID
    version: int
    kind: str
    type: str
    schema: int
    event_id: UUID
    actor: UUID
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID | None
    recorded_at: datetime
    data: Any


class Sought(Struct, frozen=True):
    """What is not set is not asked for; `since` is included, `until` is not, and `upto` is a position."""

    after: int = 0
    upto: int | None = None
    type: str | None = None
    types: list[str] | None = None
    actor: UUID | None = None
    correlation: UUID | None = None
    stream: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


class StreamState(Struct, frozen=True, rename="camel"):
    """The state that the stream's decider folds from its first `version` events; personal fields read `"personal"`."""

    stream: UUID
    kind: str
    version: int
    position: int
    recorded_at: datetime
    state: Any


class Moment(Struct, frozen=True, rename="camel"):
    """A point of a stream's history: after a version, or of what stood at or below a position or was recorded by a time.

    Without any it is the last. Of several the earliest counts.
    """

    version: int | None = None
    position: int | None = None
    at: datetime | None = None


class Changed(Struct, frozen=True, rename="camel"):
    """What differs at a place in the state; `path` is a JSON pointer (RFC 6901). What was not there, or is no longer, is left out."""

    path: str
    was: Any | UnsetType = UNSET
    became: Any | UnsetType = UNSET


class Point(Struct, frozen=True, rename="camel"):
    version: int
    position: int
    recorded_at: datetime


class Step(Struct, frozen=True, rename="camel"):
    """An event that lies between two points of its stream."""

    version: int
    position: int
    event_id: UUID
    type: str
    actor: UUID
    recorded_at: datetime


class Difference(Struct, frozen=True, rename="camel"):
    """What a stream's state became between two of its points; `before` is null where nothing was there yet.

    `steps` are the events that made it so, the first thousand of `events`.
    """

    stream: UUID
    kind: str
    before: Point | None
    after: Point | None
    changes: Sequence[Changed]
    events: int
    steps: Sequence[Step]


class Cause(Struct, frozen=True, rename="camel"):
    """An event in a chain of causes: where it was recorded, and which command of whom led to it.

    `through` is the process that gave the command, null where a person or a service did; `command` is its name, where it can be told
    again from the cause. `depth` counts from the chain's first event, `caused_by` is the event before it.
    """

    depth: int
    position: int
    event_id: UUID
    stream: UUID
    version: int
    kind: str
    type: str
    recorded_at: datetime
    actor: UUID
    command_id: UUID
    command: str | None
    through: str | None
    caused_by: UUID | None


class Causes(Struct, frozen=True, rename="camel"):
    """The whole chain around an event.

    `up` goes from the first event to its own cause, `together` is what the same command recorded beside it, and `down` everything that
    follows from it, each thing before what follows from it in turn.

    `cut` says that more follows than is shown.
    """

    correlation_id: UUID
    up: Sequence[Cause]
    event: Cause
    together: Sequence[Cause]
    down: Sequence[Cause]
    cut: bool


class Read(Struct, frozen=True, rename="camel"):
    """Somebody's look at history; `found` is how many events, states or proofs were given out."""

    number: int
    reader: UUID
    what: str
    parameters: Any
    found: int
    read_at: datetime


@runtime_checkable
class AuditLog(Protocol):
    """No keys of persons are used here: auditors verify what happened, and read nobody's private words."""

    def events(self, sought: Sought, limit: int) -> Sequence[Entry]:
        """Oldest first, never past the stable position."""
        ...

    def stream(self, stream: UUID, after: int, limit: int) -> Sequence[Entry]:
        """One stream's events behind a version."""
        ...

    def state(self, stream: UUID, when: Moment) -> StreamState | None:
        """The state at that point; None where there was nothing yet."""
        ...

    def difference(self, stream: UUID, before: Moment, after: Moment) -> Difference | None:
        """What changed from one point to the other, whichever is the later; None where there is no such stream."""
        ...

    def causes(self, event_id: UUID) -> Causes | None:
        """The chain that an event is part of; None where there is no such event."""
        ...


@runtime_checkable
class AuditReads(Protocol):
    def record(self, reader: UUID, what: str, parameters: Mapping[str, Any], found: int) -> None:
        """Write down a read, before its answer is given. Raises `Unavailable`: what cannot be recorded is not read."""
        ...

    def page(self, after: int, limit: int, reader: UUID | None) -> Sequence[Read]:
        """Newest first; `after` is a number, 0 for the beginning of the list."""
        ...

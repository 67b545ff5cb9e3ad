"""What auditors ask of the log itself: which events there were, and what a stream's state was at any point of its history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

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
    """What is not set is not asked for; `since` is included, `until` is not."""

    after: int = 0
    type: str | None = None
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


@runtime_checkable
class AuditLog(Protocol):
    """No keys of persons are used here: auditors verify what happened, and read nobody's private words."""

    def events(self, sought: Sought, limit: int) -> Sequence[Entry]:
        """Oldest first, never past the stable position."""
        ...

    def stream(self, stream: UUID, after: int, limit: int) -> Sequence[Entry]:
        """One stream's events behind a version."""
        ...

    def state(self, stream: UUID, version: int | None, at: datetime | None) -> StreamState | None:
        """The state after that version, and of what was recorded by that moment; None where there was nothing yet."""
        ...

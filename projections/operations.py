"""How the workers' own books stand, for those who operate them: read models, what is parked, jobs, and whether commands are taken."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable
from uuid import UUID

from msgspec import Raw, Struct

JobState = Literal["due", "done", "skipped", "dead", "discarded"]


class Building(Struct, frozen=True, rename="camel"):
    """A read model built beside the served one, to replace it (`rebuild`) or to be compared with it (`check`).

    `rate` is in events per second since it began, `seconds_left` what is left at that rate; null where it is not known. Of a check
    `differences` counts rows that are not the same, and `report` names the first of them with the fields that differ.
    """

    generation: int
    purpose: Literal["rebuild", "check"]
    state: str
    position: int
    goal: int
    events: int
    rate: float | None
    seconds_left: float | None
    differences: int | None
    report: Any
    error: str | None
    requested_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class ReadModel(Struct, frozen=True, rename="camel"):
    """`position` is how far it is, `lag_events` and `lag_seconds` what it lacks of what can be read of the log (`stable`).

    `rate` is in events per second over the last minute or less, null until it was looked at twice. `replaced`: what the last
    rebuild has replaced is still kept.
    """

    name: str
    version: int
    generation: int
    engine: str
    paused: bool
    head: int
    stable: int
    position: int
    lag_events: int
    lag_seconds: float
    parked: int
    oldest_parked_seconds: float
    taken: int
    rate: float | None
    building: Building | None
    replaced: bool


class ParkedEvent(Struct, frozen=True, rename="camel"):
    """`sequence` is what keeps its order; an event with no `error` waits behind one that has."""

    position: int
    sequence: str
    stream: UUID
    stream_version: int
    type: str
    error: str
    attempts: int
    parked_at: datetime
    retry_at: datetime | None


class ParkedReaction(Struct, frozen=True, rename="camel"):
    """An event of which it could not be said what follows from it."""

    position: int
    event_id: UUID
    stream: UUID
    type: str
    error: str
    parked_at: datetime
    retry_at: datetime | None


class JobShown(Struct, frozen=True, rename="camel"):
    """`work` is what is to be done, ids only; `note` says how the last attempt ended; `due_at` of one in work is the end of its lease."""

    id: UUID
    kind: str
    state: JobState
    work: Raw
    event_id: UUID
    correlation_id: UUID
    attempts: int
    due_at: datetime
    taken_by: str | None
    note: str
    created_at: datetime
    ended_at: datetime | None


class Maintenance(Struct, frozen=True, rename="camel"):
    """Whether only operators' commands are taken, why, and since when it is as it is."""

    read_only: bool
    reason: str
    since: datetime


@runtime_checkable
class Operations(Protocol):
    """Everything raises `projections.ports.Unavailable` where Postgres does not answer."""

    def read_models(self) -> Sequence[ReadModel]:
        """Those that are served, by name."""
        ...

    def read_model(self, name: str) -> ReadModel | None: ...

    def buildings(self, name: str, limit: int) -> Sequence[Building]:
        """Of the served version, the latest first."""
        ...

    def parked(self, name: str, after: int, limit: int) -> Sequence[ParkedEvent]:
        """In order of position, behind `after`."""
        ...

    def parked_reactions(self, after: int, limit: int) -> Sequence[ParkedReaction]:
        """In order of position, behind `after`."""
        ...

    def jobs(self, state: JobState, kind: str | None, after: UUID | None, limit: int) -> Sequence[JobShown]:
        """The latest first, by the order of their making, behind the job `after`."""
        ...

    def job(self, id: UUID) -> JobShown | None: ...

    def maintenance(self) -> Maintenance: ...

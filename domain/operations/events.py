"""What operators have done, and why; reasons are words for other operators and auditors, never about persons."""

from datetime import datetime
from uuid import UUID

from domain.values import Value


class ProjectionPaused(Value, frozen=True):
    """The read model stands still until it is resumed; queries go on answering with what it was."""

    projection: str
    reason: str
    by: UUID
    at: datetime


class ProjectionResumed(Value, frozen=True):
    projection: str
    by: UUID
    at: datetime


class RebuildRequested(Value, frozen=True):
    """It is built from zero beside the served one, which it replaces once it has caught up."""

    projection: str
    generation: int
    by: UUID
    at: datetime


class CheckRequested(Value, frozen=True):
    """It is built from zero beside the served one, compared with it, and dropped."""

    projection: str
    generation: int
    by: UUID
    at: datetime


class RebuildCancelled(Value, frozen=True):
    """Of a rebuild or a check under way; the served one is as it was."""

    projection: str
    by: UUID
    at: datetime


class OldGenerationDropped(Value, frozen=True):
    """What a rebuild had replaced is gone for good."""

    projection: str
    by: UUID
    at: datetime


class ParkedEventRetried(Value, frozen=True):
    projection: str
    position: int
    by: UUID
    at: datetime


class ParkedEventSkipped(Value, frozen=True):
    """The read model goes on without the event, also when it is built anew."""

    projection: str
    position: int
    reason: str
    by: UUID
    at: datetime


class ReactionRetried(Value, frozen=True):
    """An event that could not be reacted to is tried again."""

    position: int
    by: UUID
    at: datetime


class ReactionSkipped(Value, frozen=True):
    """What would have followed from the event does not."""

    position: int
    reason: str
    by: UUID
    at: datetime


class JobRetried(Value, frozen=True):
    """A job that was given up is due again, as if for the first time."""

    job_id: UUID
    by: UUID
    at: datetime


class JobDiscarded(Value, frozen=True):
    job_id: UUID
    reason: str
    by: UUID
    at: datetime


class MaintenanceBegun(Value, frozen=True):
    """From now on the service only reads, but for operators."""

    reason: str
    by: UUID
    at: datetime


class MaintenanceEnded(Value, frozen=True):
    by: UUID
    at: datetime


ProjectionEvent = (
    ProjectionPaused
    | ProjectionResumed
    | RebuildRequested
    | CheckRequested
    | RebuildCancelled
    | OldGenerationDropped
    | ParkedEventRetried
    | ParkedEventSkipped
)
ReactionEvent = ReactionRetried | ReactionSkipped
JobEvent = JobRetried | JobDiscarded
MaintenanceEvent = MaintenanceBegun | MaintenanceEnded

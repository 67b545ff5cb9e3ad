"""What operators may ask for. That there is such a parked event, job or rebuild is looked up before."""

from datetime import datetime
from uuid import UUID

from domain.values import Actor, Value


class PauseProjection(Value, frozen=True):
    projection: str
    reason: str
    by: Actor
    now: datetime


class ResumeProjection(Value, frozen=True):
    projection: str
    by: Actor
    now: datetime


class RequestRebuild(Value, frozen=True):
    """`generation` is the next one that is free."""

    projection: str
    generation: int
    by: Actor
    now: datetime


class RequestCheck(Value, frozen=True):
    """`generation` is the next one that is free: what is compared has to be built."""

    projection: str
    generation: int
    by: Actor
    now: datetime


class CancelRebuild(Value, frozen=True):
    projection: str
    by: Actor
    now: datetime


class DropOldGeneration(Value, frozen=True):
    projection: str
    by: Actor
    now: datetime


class RetryParkedEvent(Value, frozen=True):
    projection: str
    position: int
    by: Actor
    now: datetime


class SkipParkedEvent(Value, frozen=True):
    projection: str
    position: int
    reason: str
    by: Actor
    now: datetime


class RetryReaction(Value, frozen=True):
    position: int
    by: Actor
    now: datetime


class SkipReaction(Value, frozen=True):
    position: int
    reason: str
    by: Actor
    now: datetime


class RetryJob(Value, frozen=True):
    job_id: UUID
    by: Actor
    now: datetime


class DiscardJob(Value, frozen=True):
    job_id: UUID
    reason: str
    by: Actor
    now: datetime


class BeginMaintenance(Value, frozen=True):
    reason: str
    by: Actor
    now: datetime


class EndMaintenance(Value, frozen=True):
    by: Actor
    now: datetime


ProjectionCommand = (
    PauseProjection
    | ResumeProjection
    | RequestRebuild
    | RequestCheck
    | CancelRebuild
    | DropOldGeneration
    | RetryParkedEvent
    | SkipParkedEvent
)
ReactionCommand = RetryReaction | SkipReaction
JobCommand = RetryJob | DiscardJob
MaintenanceCommand = BeginMaintenance | EndMaintenance

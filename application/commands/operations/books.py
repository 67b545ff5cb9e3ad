"""The workers' books as operators' commands know them: what is looked up in them before, and what is written beside the event."""

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from application.ports import Row


class WorkersBooks(Protocol):
    """What stands in them now; by the time of the append it may have changed, and the row then does nothing."""

    def parked(self, projection: str, position: int) -> bool:
        """Whether the served version has parked an event there."""
        ...

    def next_generation(self, projection: str) -> int | None:
        """What a building asked for now is numbered; None where there is no such read model."""
        ...

    def building(self, projection: str) -> bool:
        """Whether it is being built beside the served one."""
        ...

    def replaced(self, projection: str) -> bool:
        """Whether what a rebuild has replaced is still kept."""
        ...

    def reaction_parked(self, position: int) -> bool: ...

    def job_state(self, job_id: UUID) -> str | None:
        """`due`, `done`, `skipped`, `dead` or `discarded`; None where there is no such job."""
        ...


class AskRetry(Row, frozen=True):
    projection: str
    position: int


class ForgetParked(Row, frozen=True):
    """What was parked behind it is tried again."""

    projection: str
    position: int


class SetPaused(Row, frozen=True):
    projection: str
    paused: bool


class AskRebuild(Row, frozen=True):
    """Refused as `rebuild_running` where one is under way by then."""

    projection: str
    generation: int
    purpose: Literal["rebuild", "check"]


class CancelBuilding(Row, frozen=True):
    projection: str


class DropOld(Row, frozen=True):
    projection: str


class AskReaction(Row, frozen=True):
    position: int


class ForgetReaction(Row, frozen=True):
    position: int


class ReviveJob(Row, frozen=True):
    job_id: UUID
    at: datetime


class DropJob(Row, frozen=True):
    job_id: UUID
    at: datetime


class SetReadOnly(Row, frozen=True):
    read_only: bool
    reason: str

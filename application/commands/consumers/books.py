"""The books of consumer groups as commands know them: what is looked up in them before, and what is written beside the event."""

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from application.ports import Row

Place = int | datetime | Literal["start", "head"]
"""Where to go on in a feed: behind a position, from a moment on, with the first event there is, or with those still to come."""


class ConsumerBooks(Protocol):
    """What stands in them now; by the time of the append it may have changed, and the row then does nothing."""

    def position_of(self, feed: str, place: Place) -> int:
        """The position behind which to read. Rejected as `position_unknown` where the log has not come that far."""
        ...

    def parked(self, consumer_id: UUID, position: int) -> bool: ...


class HoldConsumer(Row, frozen=True):
    """Nothing is given, acknowledged or rejected until the append is done."""

    consumer_id: UUID


class OpenConsumer(Row, frozen=True):
    consumer_id: UUID
    feed: str
    name: str
    owner: UUID
    position: int
    types: list[str]
    max_attempts: int
    lease_seconds: int
    at: datetime


class RewindConsumer(Row, frozen=True):
    """What was given of what lies behind the position counts as not given."""

    consumer_id: UUID
    position: int


class ReviveDelivery(Row, frozen=True):
    consumer_id: UUID
    position: int
    at: datetime


class DropDelivery(Row, frozen=True):
    """What waited behind it may be given."""

    consumer_id: UUID
    position: int
    at: datetime


class CloseConsumer(Row, frozen=True):
    consumer_id: UUID

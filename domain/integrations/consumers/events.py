"""What has become of a consumer group. What its workers fetch and acknowledge is no history: it is kept beside the feeds."""

from datetime import datetime
from uuid import UUID

from domain.values import Value


class ConsumerCreated(Value, frozen=True):
    """It is given what its feed tells behind `position`, of these types (none: of all)."""

    consumer_id: UUID
    feed: str
    name: str
    position: int
    types: tuple[str, ...]
    max_attempts: int
    lease_seconds: int
    by: UUID
    at: datetime


class ConsumerReplayed(Value, frozen=True):
    """Everything behind the position is given again; leases of it end."""

    consumer_id: UUID
    position: int
    by: UUID
    at: datetime


class ParkedDeliveryRetried(Value, frozen=True):
    """An event that was given up is given again, as if for the first time."""

    consumer_id: UUID
    position: int
    by: UUID
    at: datetime


class ParkedDeliverySkipped(Value, frozen=True):
    """The group goes on without an event that was given up."""

    consumer_id: UUID
    position: int
    reason: str
    by: UUID
    at: datetime


class ConsumerDeleted(Value, frozen=True):
    consumer_id: UUID
    by: UUID
    at: datetime


ConsumerEvent = ConsumerCreated | ConsumerReplayed | ParkedDeliveryRetried | ParkedDeliverySkipped | ConsumerDeleted

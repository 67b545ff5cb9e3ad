"""What may be asked of a consumer group. Which positions there are, and what is parked, is looked up before."""

from datetime import datetime
from uuid import UUID

from domain.values import Actor, Value


class CreateConsumer(Value, frozen=True):
    """Events behind `position` are given; `types` empty: of all types."""

    consumer_id: UUID
    feed: str
    name: str
    position: int
    types: tuple[str, ...]
    max_attempts: int
    lease_seconds: int
    by: Actor
    now: datetime


class ReplayConsumer(Value, frozen=True):
    """Give everything behind the position again."""

    consumer_id: UUID
    position: int
    by: Actor
    now: datetime


class RetryParkedDelivery(Value, frozen=True):
    consumer_id: UUID
    position: int
    by: Actor
    now: datetime


class SkipParkedDelivery(Value, frozen=True):
    consumer_id: UUID
    position: int
    reason: str
    by: Actor
    now: datetime


class DeleteConsumer(Value, frozen=True):
    consumer_id: UUID
    by: Actor
    now: datetime


ConsumerCommand = CreateConsumer | ReplayConsumer | RetryParkedDelivery | SkipParkedDelivery | DeleteConsumer

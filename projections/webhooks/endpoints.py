"""How webhook endpoints stand, what was sent to them, and what came of each attempt."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

COUNTED = 100_000
"""Up to how many deliveries are counted."""

DeliveryState = Literal["pending", "delivered", "failed"]


class EndpointShown(Struct, frozen=True, rename="camel"):
    """`types` empty: all. `disabledBecause`: somebody asked for it, it answered 410, or nothing has got through for five days.

    `failingSince`: nothing but failures since then. `pending` deliveries are due or wait for another try, counted up to 100,000, the
    oldest of them made at `oldestPendingAt`. `replaying`: events of the past are still to be sent again. Until `bothSecretsUntil`
    messages are signed with an older secret too.
    """

    id: UUID
    owner: UUID
    url: str
    types: list[str]
    description: str
    enabled: bool
    disabled_because: Literal["asked", "gone", "failing"] | None
    disabled_at: datetime | None
    failing_since: datetime | None
    pending: int
    oldest_pending_at: datetime | None
    replaying: bool
    both_secrets_until: datetime | None
    created_at: datetime


class Attempt(Struct, frozen=True, rename="camel"):
    """`status` is that of the answer, of which `answer` is the first 1,024 bytes; without one, `error` says why there was none."""

    number: int
    at: datetime
    milliseconds: int
    status: int | None
    error: str | None
    answer: str


class DeliveryShown(Struct, frozen=True, rename="camel"):
    """`id` is what its receiver is given as `webhook-id`, the same whenever it is sent. A test has no `feed` and position 0.

    `dueAt` is when it is tried next, null once it has ended: delivered, or given up. `attempts` are in order.
    """

    id: UUID
    feed: str
    position: int
    type: str
    state: DeliveryState
    made_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    attempts: list[Attempt]


class Figures(Struct, frozen=True):
    """`pending` deliveries of all enabled endpoints, how many of these are `failing`, and for how long the oldest delivery was due."""

    pending: int
    failing: int
    oldest_seconds: float


@runtime_checkable
class WebhookEndpoints(Protocol):
    """`owner`: only this one's endpoints are seen; None: all. Everything raises `projections.ports.Unavailable`."""

    def all(self, owner: UUID | None, after: UUID | None, limit: int) -> Sequence[EndpointShown]:
        """The newest first, behind `after`."""
        ...

    def one(self, endpoint_id: UUID, owner: UUID | None) -> EndpointShown | None: ...

    def deliveries(
        self, endpoint_id: UUID, state: DeliveryState | None, before: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[DeliveryShown]:
        """The newest first. Two statements, however many."""
        ...

    def delivery(self, endpoint_id: UUID, delivery_id: UUID) -> DeliveryShown | None: ...

    def figures(self) -> Figures: ...

"""What is shown of payments beside their history: where a payer has to go, what providers have sent, how the books compared."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from msgspec import Raw

from domain.values import Value


class ReceivedMessage(Value, frozen=True):
    """`handling` is `received`, `done`, `ignored`, `unknown` (about no payment of ours) or `refused`; `note` says more."""

    id: UUID
    provider: str
    event_id: str
    kind: str
    received_at: datetime
    handling: str
    note: str
    payment_id: UUID | None
    handled_at: datetime | None


class Comparison(Value, frozen=True):
    """How a provider's books compared with ours; `differences` is a list of what was repaired and of what was left."""

    id: UUID
    provider: str
    since: datetime
    until: datetime
    checked: int
    differences: Raw


@runtime_checkable
class PaymentDesk(Protocol):
    """Each method is one statement."""

    def action_url(self, payment_id: UUID, attempt: int) -> str:
        """Where the payer has to go, or nothing."""
        ...

    def messages(
        self, provider: str | None, handling: str | None, before: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[ReceivedMessage]:
        """The newest first."""
        ...

    def body(self, message_id: UUID) -> bytes | None:
        """A message as it came."""
        ...

    def comparisons(self, provider: str | None, before: tuple[datetime, UUID] | None, limit: int) -> Sequence[Comparison]:
        """The newest first."""
        ...

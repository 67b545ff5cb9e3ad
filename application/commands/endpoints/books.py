"""The books of webhook endpoints as commands know them: what is looked up in them before, and what is written beside the event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from application.ports import Row


class EndpointBooks(Protocol):
    """What stands in them now; by the time of the append it may have changed, and the row then does nothing."""

    def feeds(self) -> Sequence[str]:
        """The names of all there are."""
        ...

    def open_of(self, owner: UUID) -> int:
        """How many endpoints are his."""
        ...

    def reached(self, position: int) -> bool:
        """Whether the log has come that far."""
        ...

    def has_delivery(self, endpoint_id: UUID, delivery_id: UUID) -> bool: ...

    def secret(self, secret_id: UUID) -> bytes | None:
        """In clear, as long as messages are signed with it."""
        ...


class Secrets(Protocol):
    """Makes what messages are signed with."""

    def made(self) -> bytes:
        """A new one, in clear."""
        ...

    def wrapped(self, endpoint_id: UUID, secret: bytes) -> bytes:
        """As it is stored."""
        ...


class OpenEndpoint(Row, frozen=True):
    """Sent what is told from this append on. `wrapped` is its secret."""

    endpoint_id: UUID
    owner: UUID
    url: str
    types: list[str]
    description: str
    secret_id: UUID
    wrapped: bytes
    at: datetime


class AlterEndpoint(Row, frozen=True):
    """None leaves as it is. At another address it counts as if nothing had ever failed."""

    endpoint_id: UUID
    url: str | None
    types: list[str] | None
    description: str | None


class SwitchOff(Row, frozen=True):
    endpoint_id: UUID
    because: Literal["asked", "gone", "failing"]
    at: datetime


class SwitchOn(Row, frozen=True):
    """As if nothing had ever failed; what waits is due."""

    endpoint_id: UUID
    at: datetime


class FollowSecret(Row, frozen=True):
    """The present secret goes on to sign until then, beside the new one."""

    endpoint_id: UUID
    secret_id: UUID
    wrapped: bytes
    both_until: datetime
    at: datetime


class QueueTest(Row, frozen=True):
    endpoint_id: UUID
    delivery_id: UUID
    at: datetime


class QueueAgain(Row, frozen=True):
    """What is being sent at this moment is left to that."""

    endpoint_id: UUID
    delivery_id: UUID
    at: datetime


class QueueReplay(Row, frozen=True):
    """Of all feeds, what lies behind the position and was passed by."""

    endpoint_id: UUID
    feeds: list[str]
    position: int


class CloseEndpoint(Row, frozen=True):
    """Nothing is sent any more; what was sent is removed little by little."""

    endpoint_id: UUID
    at: datetime

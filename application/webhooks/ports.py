"""What sending needs: a message that is due, somebody who posts it, and books in which the outcome is kept."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from msgspec import Struct


class Message(Struct, frozen=True):
    """One delivery that nobody else is sending until its lease ends.

    `tries` counts earlier ones on the schedule. `failing_since`: nothing has got through to the endpoint from then on. `secrets` are as
    they are stored, the present one first.
    """

    id: UUID
    endpoint_id: UUID
    lease: UUID
    url: str
    body: bytes
    tries: int
    failing_since: datetime | None
    secrets: tuple[bytes, ...]


Fault = Literal[
    "timeout",
    "host_unknown",
    "address_refused",
    "connection_failed",
    "connection_lost",
    "tls_failed",
    "answer_invalid",
    "payload_too_large",
]
"""Why there was no answer."""


class Answer(Struct, frozen=True):
    """`status` is that of HTTP, None where there was no answer because of a `fault`. `text` is the beginning of the answer."""

    status: int | None
    fault: Fault | None
    text: str
    retry_after: str
    milliseconds: int

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Poster(Protocol):
    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post it once, following no redirect, within a bounded time. Never raises for what the other side does."""
        ...


Sign = Callable[[Message, datetime], Mapping[str, str]]
"""The headers by which its receiver knows that a message is ours, and that it is no old one."""

State = Literal["pending", "delivered", "failed"]


class Outcome(Struct, frozen=True):
    """What becomes of a delivery: `due_at` is set where it is tried again. Until `hold_until` the endpoint is sent nothing at all.

    `ours`: it failed without the endpoint having been asked.
    """

    state: State
    answer: Answer
    at: datetime
    due_at: datetime | None = None
    hold_until: datetime | None = None
    ours: bool = False


class Addresses(Protocol):
    def check(self, url: str) -> None:
        """Rejected where nothing may be sent there: `url_insecure`, `address_refused`, or `host_unknown`, all at `/url`."""
        ...

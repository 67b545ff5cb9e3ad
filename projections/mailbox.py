"""The local mailbox: mails and texts that were sent while no server is set for them, for a person or a test to read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from domain.values import Value


class Enclosed(Value, frozen=True):
    """A file that came with a mail."""

    name: str
    content: bytes


class Received(Value, frozen=True):
    """A mail as its list shows it; mails are numbered in the order of their arrival."""

    number: int
    id: UUID
    to: str
    subject: str
    at: datetime
    text: str
    html: str
    source: str
    links: tuple[str, ...]
    files: tuple[Enclosed, ...] = ()


@runtime_checkable
class Mailbox(Protocol):
    def newest(self, limit: int, before: int | None = None, to: str | None = None) -> Sequence[Received]:
        """Mails to this address (or all), newest first, those before a number only."""
        ...

    def one(self, id: UUID) -> Received | None: ...


class ReceivedText(Value, frozen=True):
    """A text message; numbered in the order of their arrival."""

    number: int
    id: UUID
    to: str
    text: str
    at: datetime


@runtime_checkable
class Textbox(Protocol):
    def newest(self, limit: int, before: int | None = None, to: str | None = None) -> Sequence[ReceivedText]:
        """Texts to this number (or all), newest first, those before a number only."""
        ...

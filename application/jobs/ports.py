"""What jobs need of the outside: the history an event stands in, wording, and a way to send mail."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from application.ports import EventLog, Snapshot
from domain.recorded import Recorded
from domain.values import Value


class Refused(Exception):
    """The other side will never take it: trying again is of no use."""


class Skipped(Exception):
    """There is nothing left to do, such as a letter to a person who is gone; `reason` is a snake_case code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Interrupted(Exception):
    """This process is to end, and the work can be left here: whoever takes the job next goes on."""


class Attachment(Value, frozen=True):
    """A file that comes with a mail; `kind` is its media type."""

    name: str
    kind: str
    content: bytes


class Mail(Value, frozen=True):
    """One message to one person; a second sending of the same `id` is recognisable as such by its Message-ID.

    `unsubscribe` is the address at which its reader ends this kind of mail (RFC 8058), empty where there is nothing to end.
    """

    id: UUID
    address: str
    name: str
    subject: str
    text: str
    html: str
    unsubscribe: str = ""
    attached: tuple[Attachment, ...] = ()


class Sms(Value, frozen=True):
    """One text message to one number, in E.164."""

    id: UUID
    number: str
    text: str


class Wording(Value, frozen=True):
    subject: str
    text: str
    html: str


@runtime_checkable
class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Hand the mail over. Raises `Refused`, or `application.ports.Unavailable` where it may be taken later.

        After `Unavailable` it may have been taken all the same: what is sent again has the same Message-ID.
        """
        ...


@runtime_checkable
class Letters(Protocol):
    def write(self, letter: str, facts: Mapping[str, str]) -> Wording:
        """The words of a letter; facts are text as people wrote it and are escaped where that is needed."""
        ...

    def text(self, letter: str, facts: Mapping[str, str]) -> str:
        """The same in a line or two, for a text message."""
        ...


@runtime_checkable
class Texter(Protocol):
    def send(self, sms: Sms) -> None:
        """Hand the message over. Raises `Refused`, or `application.ports.Unavailable` where it may be taken later."""
        ...


@runtime_checkable
class History(Protocol):
    def stream(self, stream: UUID, upto_version: int | None = None) -> Sequence[Recorded[Any]]:
        """One stream's events, oldest first."""
        ...

    def event(self, stream: UUID, version: int) -> Recorded[Any]:
        """One event that is known to be there."""
        ...


@runtime_checkable
class Snapshots(EventLog, Protocol):
    """The log, with what its long streams have come to."""

    def keep(self, stream: UUID, snapshot: Snapshot) -> None:
        """Keep it in the place of an earlier one; none is kept of a stream about somebody who was erased."""
        ...

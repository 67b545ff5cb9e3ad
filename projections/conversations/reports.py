"""Messages that were reported and that no moderator has looked at since."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.conversations.events import (
    AnnouncementMade,
    MessageEdited,
    MessageEvent,
    MessageKept,
    MessagePosted,
    MessageRemoved,
    MessageReported,
)
from domain.values import Value, clear
from projections.sql import Order, Where
from projections.view import View


class Report(Value, frozen=True):
    """`reason` is empty once its author is forgotten."""

    reporter_id: UUID
    reason: str
    at: datetime


class ReportedMessage(Value, frozen=True):
    """`reported_at` is the moment of the first report that waits, null where none does."""

    id: UUID
    group_id: UUID
    author_id: UUID
    text: str
    posted_at: datetime
    reports: tuple[Report, ...] = ()
    reported_at: datetime | None = None


def evolve(message: ReportedMessage | None, event: MessageEvent) -> ReportedMessage | None:
    match event, message:
        case ((MessagePosted() | AnnouncementMade()), _):
            return ReportedMessage(event.message_id, event.group_id, event.author_id, clear(event.text), event.at)
        case MessageEdited(), ReportedMessage():
            return replace(message, text=clear(event.text))
        case MessageReported(), ReportedMessage():
            report = Report(event.reporter_id, clear(event.reason), event.at)
            return replace(message, reports=(*message.reports, report), reported_at=message.reported_at or event.at)
        case MessageKept(), ReportedMessage():
            return replace(message, reported_at=None)
        case _:
            return None if isinstance(event, MessageRemoved) else message


def message_of(event: MessageEvent) -> UUID:
    return event.message_id


view = View(
    "reported_messages",
    ReportedMessage,
    key=message_of,
    evolve=evolve,
    events=(MessagePosted, AnnouncementMade, MessageEdited, MessageReported, MessageKept, MessageRemoved),
    columns={"reported_at": "timestamptz", "author_id": "uuid", "posted_at": "timestamptz"},
    indexes=("reported_at, key",),
)

WAITING = Where("reported_at IS NOT NULL")
LONGEST_WAIT_FIRST = Order(("reported_at",), descending=False)

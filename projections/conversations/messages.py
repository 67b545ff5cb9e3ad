"""What was said in a group, as its people read it: what was removed is gone, but that it was there is told."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from domain.conversations.events import (
    AnnouncementMade,
    Attachment,
    MessageEdited,
    MessageEvent,
    MessageKept,
    MessagePosted,
    MessageRemoved,
    MessageReported,
    Status,
    Voice,
)
from domain.values import Erased, Value, clear
from projections.sql import Order, Where, equals
from projections.view import View


class MessageKind(StrEnum):
    MESSAGE = "message"
    ANNOUNCEMENT = "announcement"


class Message(Value, frozen=True):
    """`text` is empty once the message is removed or its author forgotten; `removed_by` is null where the author did it.

    `gone` says that it was removed.
    """

    id: UUID
    group_id: UUID
    author_id: UUID
    kind: MessageKind
    text: str
    attachments: tuple[Attachment, ...]
    posted_at: datetime
    edited_at: datetime | None = None
    gone: bool = False
    removed_by: Voice | None = None


def evolve(message: Message | None, event: MessageEvent) -> Message | None:
    match event, message:
        case ((MessagePosted() | AnnouncementMade()), _):
            kind = MessageKind.ANNOUNCEMENT if isinstance(event, AnnouncementMade) else MessageKind.MESSAGE
            attached = () if isinstance(event.attachments, Erased) else event.attachments
            return Message(event.message_id, event.group_id, event.author_id, kind, clear(event.text), attached, event.at)
        case MessageEdited(), Message():
            return replace(message, text=clear(event.text), edited_at=event.at)
        case MessageRemoved(), Message():
            return replace(message, text="", attachments=(), gone=True, removed_by=event.voice)
        case _:
            return message


def message_of(event: MessageEvent) -> UUID:
    return event.message_id


# Every event of the stream, so that the row's version is the stream's and serves as its ETag.
EVENTS = (MessagePosted, AnnouncementMade, MessageEdited, MessageReported, MessageKept, MessageRemoved)

view = View(
    "messages",
    Message,
    key=message_of,
    evolve=evolve,
    events=EVENTS,
    columns={"group_id": "uuid", "author_id": "uuid", "posted_at": "timestamptz", "gone": "boolean", "kind": "text"},
    indexes=("group_id, posted_at DESC, key DESC",),
)

NEWEST_FIRST = Order(("posted_at",))
OLDEST_FIRST = Order(("posted_at",), descending=False)


def said_in(group_id: UUID) -> Where:
    return equals("group_id", group_id)


def said_between(group_id: UUID, since: datetime, until: datetime) -> Where:
    """What was said in a group in that time and is still there, but for announcements, which everybody is told of by themselves."""
    when = Where("posted_at >= %(since)s AND posted_at < %(until)s AND NOT gone AND kind = 'message'", {"since": since, "until": until})
    return said_in(group_id) & when


def status_of(*, gone: bool) -> Status:
    """Whether a message was reported is the moderators' business."""
    return Status.REMOVED if gone else Status.POSTED

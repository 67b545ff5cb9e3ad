"""What has been said in groups, and what became of it. A message is a stream of its own, the channel holds who may not write."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.values import Erased, Personal, Value


class Status(StrEnum):
    POSTED = "posted"
    REPORTED = "reported"
    REMOVED = "removed"


class Voice(StrEnum):
    """What gives somebody a say in a group's conversation."""

    MEMBER = "member"
    ORGANISER = "organiser"
    SUPPLIER = "supplier"
    MODERATOR = "moderator"


class Attachment(Value, frozen=True):
    """Something that lies elsewhere: at `url`, or the listing."""

    name: str
    media_type: str
    url: str = ""
    listing_id: UUID | None = None


class MessagePosted(Value, frozen=True):
    message_id: UUID
    channel_id: UUID
    group_id: UUID
    author_id: UUID
    text: Personal[str | Erased, "author_id"]
    attachments: Personal[tuple[Attachment, ...] | Erased, "author_id"]
    at: datetime


class AnnouncementMade(Value, frozen=True):
    """A message of the organiser's that every member is told of at once."""

    message_id: UUID
    channel_id: UUID
    group_id: UUID
    author_id: UUID
    text: Personal[str | Erased, "author_id"]
    attachments: Personal[tuple[Attachment, ...] | Erased, "author_id"]
    at: datetime


class MessageEdited(Value, frozen=True):
    message_id: UUID
    group_id: UUID
    author_id: UUID
    text: Personal[str | Erased, "author_id"]
    at: datetime


class MessageReported(Value, frozen=True):
    """Said again by somebody else; nobody reports a message twice."""

    message_id: UUID
    group_id: UUID
    reporter_id: UUID
    reason: Personal[str | Erased, "reporter_id"]
    at: datetime


class MessageKept(Value, frozen=True):
    """A moderator found nothing wrong with what was reported."""

    message_id: UUID
    group_id: UUID
    by: UUID
    at: datetime


class MessageRemoved(Value, frozen=True):
    """`voice` is None where the author took it back himself."""

    message_id: UUID
    group_id: UUID
    author_id: UUID
    voice: Voice | None
    reason: Personal[str | Erased, "by"]
    by: UUID
    at: datetime


class MemberMuted(Value, frozen=True):
    """Reads on, and writes no more in this group."""

    channel_id: UUID
    group_id: UUID
    member_id: UUID
    by: UUID
    at: datetime


class MemberUnmuted(Value, frozen=True):
    channel_id: UUID
    group_id: UUID
    member_id: UUID
    by: UUID
    at: datetime


MessageEvent = MessagePosted | AnnouncementMade | MessageEdited | MessageReported | MessageKept | MessageRemoved
ChannelEvent = MemberMuted | MemberUnmuted

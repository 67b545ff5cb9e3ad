"""What can be asked of a group's conversation.

`voices` are what gives the caller a say, and `muted` whether he was told to be silent: looked up in the group, its supplier and the
channel right before the command is decided.
"""

from datetime import datetime
from uuid import UUID

from domain.conversations.events import Attachment, Voice
from domain.values import Actor, Value


class PostMessage(Value, frozen=True):
    message_id: UUID
    channel_id: UUID
    group_id: UUID
    text: str
    attachments: tuple[Attachment, ...]
    by: Actor
    now: datetime
    voices: frozenset[Voice] = frozenset()
    muted: bool = False


class Announce(Value, frozen=True):
    message_id: UUID
    channel_id: UUID
    group_id: UUID
    text: str
    attachments: tuple[Attachment, ...]
    by: Actor
    now: datetime
    voices: frozenset[Voice] = frozenset()
    muted: bool = False


class EditMessage(Value, frozen=True):
    message_id: UUID
    group_id: UUID
    text: str
    by: Actor
    now: datetime
    voices: frozenset[Voice] = frozenset()
    muted: bool = False


class ReportMessage(Value, frozen=True):
    message_id: UUID
    group_id: UUID
    reason: str
    by: Actor
    now: datetime
    voices: frozenset[Voice] = frozenset()
    muted: bool = False


class KeepMessage(Value, frozen=True):
    message_id: UUID
    group_id: UUID
    by: Actor
    now: datetime
    voices: frozenset[Voice] = frozenset()
    muted: bool = False


class RemoveMessage(Value, frozen=True):
    """An author need not say why."""

    message_id: UUID
    group_id: UUID
    reason: str
    by: Actor
    now: datetime
    voices: frozenset[Voice] = frozenset()
    muted: bool = False


class MuteMember(Value, frozen=True):
    channel_id: UUID
    group_id: UUID
    member_id: UUID
    by: Actor
    now: datetime
    voices: frozenset[Voice] = frozenset()
    muted: bool = False


class UnmuteMember(Value, frozen=True):
    channel_id: UUID
    group_id: UUID
    member_id: UUID
    by: Actor
    now: datetime
    voices: frozenset[Voice] = frozenset()
    muted: bool = False


Say = PostMessage | Announce
ChangeMessage = EditMessage | ReportMessage | KeepMessage | RemoveMessage
MessageCommand = Say | ChangeMessage
ChannelCommand = MuteMember | UnmuteMember

"""A message in a group's conversation: said, edited while it is fresh, reported, kept or removed."""

import re
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.conversations.commands import (
    Announce,
    ChangeMessage,
    EditMessage,
    KeepMessage,
    MessageCommand,
    PostMessage,
    RemoveMessage,
    ReportMessage,
    Say,
)
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
from domain.conversations.lifecycle import EDITABLE, LIFECYCLE, moderating, next_actions, relations
from domain.decider import Decider, Rejected
from domain.text import line, lines, said
from domain.values import Actor, Erased, Value

TEXT_LIMIT = 2000
REASON_LIMIT = 500
ATTACHMENTS = 5
NAME_LIMIT = 120
MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}", re.ASCII)
URL = re.compile(r"https://[!-~]{3,492}", re.ASCII)


class Unsaid(Value, frozen=True, tag=True):
    pass


class Said(Value, frozen=True, tag=True):
    message_id: UUID
    group_id: UUID
    author_id: UUID
    text: str | Erased
    posted_at: datetime
    status: Status = Status.POSTED
    reporters: frozenset[UUID] = frozenset()


Message = Unsaid | Said


def decide(command: MessageCommand, message: Message) -> list[MessageEvent]:
    match command, message:
        case ((PostMessage() | Announce()), Unsaid()):
            return [say(command)]
        case ((PostMessage() | Announce()), Said()):
            return []  # asked twice: already so
        case _, Unsaid():
            raise Rejected("message_not_found")
        case _, Said():
            if command.group_id != message.group_id:
                raise Rejected("message_not_found")
            LIFECYCLE.check(
                command, message.status, relations(message.author_id, message.posted_at, command.voices, command.by, command.now)
            )
            return change(command, message)


def say(command: Say) -> MessageEvent:
    heard(command.voices, muted=command.muted)
    if isinstance(command, Announce) and Voice.ORGANISER not in command.voices:
        raise Rejected("not_yours", "Announcements are the organiser's.")
    text, attached = said(command.text, TEXT_LIMIT, "/text"), attachments(command.attachments)
    made = AnnouncementMade if isinstance(command, Announce) else MessagePosted
    return made(command.message_id, command.channel_id, command.group_id, command.by.id, text, attached, command.now)


def heard(voices: frozenset[Voice], *, muted: bool) -> None:
    """Moderators are never muted."""
    if not voices:
        raise Rejected("not_yours", "Only people of the group talk here.")
    if muted and Voice.MODERATOR not in voices:
        raise Rejected("muted", "You may read on, but not write in this group.")


def attachments(given: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    if len(given) > ATTACHMENTS:
        raise Rejected("attachment_invalid", f"At most {ATTACHMENTS}.", pointer="/attachments")
    return tuple(attached(each, f"/attachments/{index}") for index, each in enumerate(given))


def attached(given: Attachment, pointer: str) -> Attachment:
    """By reference: either an address of the web or a listing."""
    if bool(given.url) == (given.listing_id is not None):
        raise Rejected("attachment_invalid", "Give either an address or a listing.", pointer=pointer)
    if given.url and not URL.fullmatch(given.url):
        raise Rejected("attachment_invalid", "This is no https address.", pointer=f"{pointer}/url")
    if not MEDIA_TYPE.fullmatch(given.media_type):
        raise Rejected("attachment_invalid", "Such as image/jpeg.", pointer=f"{pointer}/mediaType")
    return replace(given, name=line(given.name, NAME_LIMIT, f"{pointer}/name", "attachment_invalid"))


def change(command: ChangeMessage, message: Said) -> list[MessageEvent]:
    id, group, by, now = message.message_id, message.group_id, command.by.id, command.now
    match command:
        case EditMessage():
            return edit(command, message)
        case ReportMessage(reason=reason):
            if by in message.reporters:
                return []
            return [MessageReported(id, group, by, said(reason, REASON_LIMIT, "/reason"), now)]
        case KeepMessage():
            return [MessageKept(id, group, by, now)]
        case RemoveMessage():
            own = by == message.author_id
            reason = lines(command.reason, REASON_LIMIT, "/reason") if own else said(command.reason, REASON_LIMIT, "/reason")
            voice = None if own else Voice.MODERATOR if Voice.MODERATOR in command.voices else Voice.ORGANISER
            return [MessageRemoved(id, group, message.author_id, voice, reason, by, now)]


def edit(command: EditMessage, message: Said) -> list[MessageEvent]:
    heard(command.voices, muted=command.muted)
    if command.now >= message.posted_at + EDITABLE:
        raise Rejected("message_too_old", f"It can be edited for {EDITABLE.seconds // 60} minutes.")
    text = said(command.text, TEXT_LIMIT, "/text")
    return [] if text == message.text else [MessageEdited(message.message_id, message.group_id, message.author_id, text, command.now)]


def evolve(message: Message, event: MessageEvent) -> Message:
    match event, message:
        case ((MessagePosted() | AnnouncementMade()), _):
            return Said(event.message_id, event.group_id, event.author_id, event.text, event.at)
        case _, Unsaid():
            return message
        case MessageEdited(), Said():
            return replace(message, text=event.text)
        case MessageReported(), Said():
            return replace(message, status=Status.REPORTED, reporters=message.reporters | {event.reporter_id})
        case MessageKept(), Said():
            return replace(message, status=Status.POSTED)
        case MessageRemoved(), Said():
            return replace(message, status=Status.REMOVED)


def actions(message: Message, by: Actor) -> list[str]:
    """Right after a command of `by`: what else he is in the group is not known here, and the list of messages tells it."""
    if isinstance(message, Unsaid):
        return []
    voices = moderating(by) or frozenset({Voice.MEMBER})
    return next_actions(message.author_id, message.status, message.posted_at, voices, by, message.posted_at)


messages = Decider("message", Unsaid(), decide, evolve, actions=actions)

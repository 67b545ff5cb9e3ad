"""Who may do what with a message, and when: declared once, asked by its decider and by every query."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from domain.conversations.commands import EditMessage, KeepMessage, RemoveMessage, ReportMessage
from domain.conversations.events import Status, Voice
from domain.lifecycle import UNASKED, Lifecycle, step
from domain.values import Actor, Role

EDITABLE = timedelta(minutes=15)

AUTHOR = "author"
EDITOR = "author while it is fresh"
OTHER = "somebody else of the conversation"

SHOWN = {Status.POSTED, Status.REPORTED}

LIFECYCLE = Lifecycle(
    "message",
    [
        step("edit", EditMessage, SHOWN, {EDITOR}, "message_removed"),
        step(UNASKED, EditMessage, SHOWN, {AUTHOR}, "message_removed"),
        step("remove", RemoveMessage, SHOWN, {AUTHOR, Voice.ORGANISER, Voice.MODERATOR}, "message_removed"),
        step("report", ReportMessage, SHOWN, {OTHER}, "message_removed"),
        step("keep", KeepMessage, {Status.REPORTED}, {Voice.MODERATOR}, "message_not_reported"),
    ],
)


def relations(author_id: UUID, posted_at: datetime, voices: Iterable[Voice], by: Actor, now: datetime) -> frozenset[str]:
    """What `by` is to a message; whoever has no voice left in the group may still take back what he said."""
    found: set[str] = set(voices)
    if by.id != author_id:
        return frozenset({*found, OTHER} if found else found)
    return frozenset({*found, AUTHOR, EDITOR} if found and now < posted_at + EDITABLE else {*found, AUTHOR})


def moderating(by: Actor) -> frozenset[Voice]:
    """The voice that a role gives in every group."""
    return frozenset({Voice.MODERATOR} if by.is_any(Role.MODERATOR, Role.ADMIN) else ())


def next_actions(author_id: UUID, status: str, posted_at: datetime, voices: Iterable[Voice], by: Actor, now: datetime) -> list[str]:
    """What `by` may do next with a message: for queries, from a read model's row."""
    return LIFECYCLE.actions(status, relations(author_id, posted_at, voices, by, now))

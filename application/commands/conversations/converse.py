"""Whatever is said in a group: who has a say in it stands in the group, its supplier's people and the channel."""

from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from application.attempts import Attempts
from application.handler import Appended, Handler
from application.ports import Meta
from domain.conversations.channel import channels
from domain.conversations.commands import Announce, ChannelCommand, EditMessage, MessageCommand, PostMessage
from domain.conversations.events import Voice
from domain.conversations.lifecycle import moderating
from domain.decider import Rejected
from domain.groups.group import groups
from domain.groups.ids import channel_id
from domain.groups.standing import Opened
from domain.suppliers.seat import Seat, seat_id, seats
from domain.values import Actor

C = TypeVar("C", bound=MessageCommand | ChannelCommand)


class Converse:
    """Refuses `group_not_found`. Raises `TooManyAttempts` for who writes more than twenty messages a minute."""

    def __init__(self, handle: Handler, attempts: Attempts) -> None:
        self.handle = handle
        self.attempts = attempts

    def __call__(self, stream: UUID, command: MessageCommand | ChannelCommand, meta: Meta, expected: int | None = None) -> Appended:
        if isinstance(command, PostMessage | Announce | EditMessage):
            self.attempts("message", str(command.by.id))
        return self.handle(stream, self._with_say(command), meta, expected)

    def _with_say(self, command: C) -> C:
        group_id, by = command.group_id, command.by
        seat, channel = seat_id(by.id), channel_id(group_id)
        found = self.handle.states([(group_id, groups), (seat, seats), (channel, channels)])
        group = found[group_id]
        if not isinstance(group, Opened):
            raise Rejected("group_not_found")
        return replace(command, voices=voices(group, found[seat], by), muted=by.id in found[channel].muted)


def voices(group: Opened, seat: Seat, by: Actor) -> frozenset[Voice]:
    """What gives the caller a say; the waiting list has none."""
    found = set(moderating(by))
    if by.id == group.organiser_id:
        found.add(Voice.ORGANISER)
    if by.id in group.members:
        found.add(Voice.MEMBER)
    if seat.supplier_id == group.supplier_id:
        found.add(Voice.SUPPLIER)
    return frozenset(found)

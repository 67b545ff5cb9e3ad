"""Where the people of one group talk: it knows who was told to be silent. What is said are streams of their own."""

from uuid import UUID

from msgspec.structs import replace

from domain.conversations.commands import ChannelCommand, MuteMember
from domain.conversations.events import ChannelEvent, MemberMuted, MemberUnmuted, Voice
from domain.decider import Decider, Rejected
from domain.values import Value


class Channel(Value, frozen=True, tag=True):
    muted: frozenset[UUID] = frozenset()


def decide(command: ChannelCommand, channel: Channel) -> list[ChannelEvent]:
    if command.voices.isdisjoint({Voice.ORGANISER, Voice.MODERATOR}):
        raise Rejected("not_yours")
    if command.member_id == command.by.id:
        raise Rejected("own_account", "Nobody mutes himself.")
    muting = isinstance(command, MuteMember)
    if (command.member_id in channel.muted) == muting:
        return []
    happened = MemberMuted if muting else MemberUnmuted
    return [happened(command.channel_id, command.group_id, command.member_id, command.by.id, command.now)]


def evolve(channel: Channel, event: ChannelEvent) -> Channel:
    match event:
        case MemberMuted(member_id=member):
            return replace(channel, muted=channel.muted | {member})
        case MemberUnmuted(member_id=member):
            return replace(channel, muted=channel.muted - {member})


channels = Decider("channel", Channel(), decide, evolve)

"""The people and moments that tests of conversations speak of: Ana organises, Ben is a member, Sam supplies, Mo moderates."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.conversations import commands as c
from domain.conversations import events as e
from domain.conversations.events import Voice
from domain.groups.ids import channel_id
from domain.values import Actor, Role

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
FRESH, STALE = NOON + timedelta(minutes=14), NOON + timedelta(minutes=15)
GROUP, OTHER_GROUP, HELLO = (UUID(int=number) for number in (70, 71, 80))
CHANNEL = channel_id(GROUP)
ANA, BEN, SAM, EVE = (Actor(UUID(int=number), frozenset({Role.CUSTOMER})) for number in (1, 2, 3, 4))
MO = Actor(UUID(int=5), frozenset({Role.MODERATOR}))

VOICES = {
    ANA.id: frozenset({Voice.ORGANISER, Voice.MEMBER}),
    BEN.id: frozenset({Voice.MEMBER}),
    SAM.id: frozenset({Voice.SUPPLIER}),
    MO.id: frozenset({Voice.MODERATOR}),
}

posted = e.MessagePosted(HELLO, CHANNEL, GROUP, BEN.id, "Hello", (), NOON)
reported = e.MessageReported(HELLO, GROUP, SAM.id, "Rude", NOON)
removed = e.MessageRemoved(HELLO, GROUP, BEN.id, None, "", BEN.id, NOON)


def voices(by: Actor) -> frozenset[Voice]:
    return VOICES.get(by.id, frozenset())


def say(by: Actor, text: str = "Hello", *attached: e.Attachment, muted: bool = False) -> c.PostMessage:
    return c.PostMessage(HELLO, CHANNEL, GROUP, text, attached, by, NOON, voices(by), muted)


def announce(by: Actor) -> c.Announce:
    return c.Announce(HELLO, CHANNEL, GROUP, "We lock on Friday.", (), by, NOON, voices(by))


def edit(by: Actor, text: str = "Good morning", now: datetime = FRESH, *, muted: bool = False) -> c.EditMessage:
    return c.EditMessage(HELLO, GROUP, text, by, now, voices(by), muted)


def remove(by: Actor, reason: str = "") -> c.RemoveMessage:
    return c.RemoveMessage(HELLO, GROUP, reason, by, NOON, voices(by))


def report(by: Actor, reason: str = "Rude", group: UUID = GROUP) -> c.ReportMessage:
    return c.ReportMessage(HELLO, group, reason, by, NOON, voices(by))


def keep(by: Actor) -> c.KeepMessage:
    return c.KeepMessage(HELLO, GROUP, by, NOON, voices(by))

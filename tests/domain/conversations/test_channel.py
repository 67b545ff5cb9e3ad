"""Organiser and moderators tell members to be silent, and let them speak again."""

from domain.conversations import commands as c
from domain.conversations import events as e
from domain.conversations.channel import channels
from domain.values import Actor
from tests.bdd import Given
from tests.domain.conversations.talk import ANA, BEN, CHANNEL, EVE, GROUP, MO, NOON, SAM, voices

muted = e.MemberMuted(CHANNEL, GROUP, BEN.id, ANA.id, NOON)


def mute(by: Actor, whom: Actor = BEN) -> c.MuteMember:
    return c.MuteMember(CHANNEL, GROUP, whom.id, by, NOON, voices(by))


def unmute(by: Actor) -> c.UnmuteMember:
    return c.UnmuteMember(CHANNEL, GROUP, BEN.id, by, NOON, voices(by))


def test_organiser_and_moderators_mute_and_unmute():
    Given(channels).when(mute(ANA)).then(muted)
    Given(channels, muted).when(mute(MO)).then()
    Given(channels, muted).when(unmute(MO)).then(e.MemberUnmuted(CHANNEL, GROUP, BEN.id, MO.id, NOON))
    Given(channels).when(unmute(ANA)).then()


def test_nobody_else_does_and_nobody_mutes_himself():
    for other in (BEN, SAM, EVE):
        Given(channels).when(mute(other, SAM)).rejected("not_yours")
    Given(channels).when(mute(ANA, ANA)).rejected("own_account")

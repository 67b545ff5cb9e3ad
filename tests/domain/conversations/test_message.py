"""Members, organiser, the supplier's people and moderators talk; nobody else does."""

from uuid import uuid4

import pytest

from domain.conversations import events as e
from domain.conversations.events import Attachment, Status, Voice
from domain.conversations.lifecycle import next_actions
from domain.conversations.message import messages
from domain.values import Actor
from tests.bdd import Given
from tests.domain.conversations.talk import (
    ANA,
    BEN,
    CHANNEL,
    EVE,
    FRESH,
    GROUP,
    HELLO,
    MO,
    NOON,
    OTHER_GROUP,
    SAM,
    STALE,
    announce,
    edit,
    keep,
    posted,
    remove,
    removed,
    report,
    reported,
    say,
    voices,
)

PHOTO = Attachment("The lorry", "image/jpeg", "https://example.org/lorry.jpg")


@pytest.mark.parametrize("by", [ANA, BEN, SAM, MO])
def test_people_of_the_group_talk(by: Actor):
    said = e.MessagePosted(HELLO, CHANNEL, GROUP, by.id, "Hello", (PHOTO,), NOON)
    Given(messages).when(say(by, " Hello ", PHOTO)).then(said)
    Given(messages, said).when(say(by, "Hello", PHOTO)).then()


def test_nobody_else_talks_and_who_is_muted_only_reads():
    Given(messages).when(say(EVE)).rejected("not_yours")
    Given(messages).when(say(BEN, muted=True)).rejected("muted")
    Given(messages, posted).when(edit(BEN, muted=True)).rejected("muted")


def test_announcements_are_the_organisers():
    made = e.AnnouncementMade(HELLO, CHANNEL, GROUP, ANA.id, "We lock on Friday.", (), NOON)
    Given(messages).when(announce(ANA)).then(made)
    for other in (BEN, SAM, MO):
        Given(messages).when(announce(other)).rejected("not_yours")


@pytest.mark.parametrize("text", ["", " \n", "a\x00b", "a" * 2001])
def test_what_cannot_be_said_is_refused(text: str):
    Given(messages).when(say(BEN, text)).rejected("text_invalid", pointer="/text")


@pytest.mark.parametrize(
    ("attached", "pointer"),
    [
        (Attachment("both", "image/png", "https://a.example/b", uuid4()), "/attachments/0"),
        (Attachment("none", "image/png"), "/attachments/0"),
        (Attachment("plain", "image/png", "http://a.example/b"), "/attachments/0/url"),
        (Attachment("script", "image/png", "javascript:alert(1)"), "/attachments/0/url"),
        (Attachment("odd", "image", "https://a.example/b"), "/attachments/0/mediaType"),
        (Attachment("two\nlines", "image/png", "https://a.example/b"), "/attachments/0/name"),
    ],
)
def test_attachments_are_references_that_can_be_followed(attached: Attachment, pointer: str):
    Given(messages).when(say(BEN, "See", attached)).rejected("attachment_invalid", pointer=pointer)


def test_five_attachments_are_enough():
    Given(messages).when(say(BEN, "See", *[PHOTO] * 6)).rejected("attachment_invalid", pointer="/attachments")


def test_a_message_is_edited_by_its_author_for_a_quarter_of_an_hour():
    Given(messages, posted).when(edit(BEN)).then(e.MessageEdited(HELLO, GROUP, BEN.id, "Good morning", FRESH))
    Given(messages, posted).when(edit(BEN, "Hello")).then()
    Given(messages, posted).when(edit(BEN, now=STALE)).rejected("message_too_old")
    for other in (ANA, SAM, MO, EVE):
        Given(messages, posted).when(edit(other)).rejected("not_yours")


def test_author_organiser_and_moderator_take_a_message_away_and_others_say_why():
    Given(messages, posted).when(remove(BEN)).then(removed)
    Given(messages, posted).when(remove(ANA, "Off topic")).then(
        e.MessageRemoved(HELLO, GROUP, BEN.id, Voice.ORGANISER, "Off topic", ANA.id, NOON)
    )
    Given(messages, posted).when(remove(MO, "Abuse")).then(e.MessageRemoved(HELLO, GROUP, BEN.id, Voice.MODERATOR, "Abuse", MO.id, NOON))
    Given(messages, posted).when(remove(ANA)).rejected("text_invalid", pointer="/reason")
    for other in (SAM, EVE):
        Given(messages, posted).when(remove(other, "No")).rejected("not_yours")


def test_a_report_waits_until_a_moderator_keeps_or_removes_the_message():
    Given(messages, posted).when(report(SAM)).then(reported)
    Given(messages, posted, reported).when(report(SAM)).then()
    Given(messages, posted).when(report(BEN)).rejected("not_yours")
    Given(messages, posted).when(report(EVE)).rejected("not_yours")
    Given(messages, posted, reported).when(keep(MO)).then(e.MessageKept(HELLO, GROUP, MO.id, NOON))
    Given(messages, posted, reported).when(keep(ANA)).rejected("not_yours")
    Given(messages, posted).when(keep(MO)).rejected("message_not_reported")


def test_what_was_removed_stays_so():
    for again in (edit(BEN), remove(BEN), report(SAM)):
        Given(messages, posted, removed).when(again).rejected("message_removed")


def test_a_message_is_found_in_its_own_group_only():
    Given(messages, posted).when(report(SAM, group=OTHER_GROUP)).rejected("message_not_found")
    Given(messages).when(report(SAM)).rejected("message_not_found")


def test_actions_are_what_would_be_done():
    def offered(by: Actor, status: Status = Status.POSTED) -> list[str]:
        return next_actions(BEN.id, status, NOON, voices(by), by, FRESH)

    assert [offered(each) for each in (BEN, ANA, SAM, MO, EVE)] == [
        ["edit", "remove"],
        ["remove", "report"],
        ["report"],
        ["remove", "report"],
        [],
    ]
    assert offered(MO, Status.REPORTED) == ["remove", "report", "keep"]
    assert offered(BEN, Status.REMOVED) == []
    assert next_actions(BEN.id, Status.POSTED, NOON, voices(BEN), BEN, STALE) == ["remove"]
    Given(messages, posted).offers(BEN, "edit", "remove")

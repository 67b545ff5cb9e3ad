"""What a group's people read, and what moderators see of it."""

from msgspec.structs import replace

from domain.conversations import events as e
from projections.conversations import messages, reports
from projections.conversations.messages import Message, MessageKind
from projections.conversations.reports import Report, ReportedMessage
from tests.bdd import Shown, erased
from tests.domain.conversations.talk import BEN, FRESH, GROUP, HELLO, MO, NOON, SAM, posted, removed, reported

hello = Message(HELLO, GROUP, BEN.id, MessageKind.MESSAGE, "Hello", (), NOON)
kept = e.MessageKept(HELLO, GROUP, MO.id, NOON)


def test_a_message_is_read_as_it_was_last_said():
    edited = e.MessageEdited(HELLO, GROUP, BEN.id, "Good morning", FRESH)
    Shown(messages.view, posted, reported, edited, kept).then(replace(hello, text="Good morning", edited_at=FRESH))


def test_of_what_was_removed_only_the_place_is_left():
    Shown(messages.view, posted, removed).then(replace(hello, text="", gone=True))


def test_the_words_of_who_is_forgotten_are_empty():
    Shown(messages.view, *map(erased, [posted, reported])).then(replace(hello, text=""))
    assert Shown(reports.view, *map(erased, [posted, reported])).one.reports == (Report(SAM.id, "", NOON),)


def test_a_reported_message_waits_until_it_is_kept_or_gone():
    waiting = ReportedMessage(HELLO, GROUP, BEN.id, "Hello", NOON, (Report(SAM.id, "Rude", NOON),), NOON)
    Shown(reports.view, posted, reported).then(waiting)
    Shown(reports.view, posted, reported, kept).then(replace(waiting, reported_at=None))
    Shown(reports.view, posted, reported, removed).then()

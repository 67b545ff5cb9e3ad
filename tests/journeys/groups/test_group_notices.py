"""Everybody in a group hears of the steps that concern him: by mail, or by text where there is only a telephone."""

from collections.abc import Generator
from datetime import timedelta
from uuid import UUID

import pytest

from domain.groups.ids import quote_id
from tests.journeys.groups import gatherings
from tests.journeys.groups.bazaar import CHIPO, FARAI, RUDO, TARIRO, Bazaar, opened

SEKAI = "+263773456789"


@pytest.fixture
def bazaar(database: str) -> Generator[Bazaar]:
    with opened(database) as found:
        yield found


@pytest.fixture
def group(bazaar: Bazaar) -> UUID:
    """Farai organises it, Tariro's mill supplies."""
    return gatherings.opened(bazaar, bazaar.farai, UUID(bazaar.tariro.id), supplier_id=UUID(bazaar.supplier))


def mails(town: Bazaar, to: str) -> list[str]:
    """Subjects of what came about the group, oldest first, once everything owed was done."""
    town.settle()
    return [each.subject for each in reversed(town.container.mailbox.newest(50, to=to)) if "Maize meal" in each.subject]


def texts(town: Bazaar, to: str = SEKAI) -> list[str]:
    town.settle()
    return [each.text for each in reversed(town.container.messaging.textbox.newest(50, to=to)) if "Maize meal" in each.text]


def heard(subjects: list[str]) -> list[str]:
    return [each.split(":")[0] for each in subjects]


def test_members_hear_of_their_place_their_money_and_the_price(bazaar: Bazaar, group: UUID):
    gatherings.paid(bazaar.rudo, group, 20)
    assert sorted(heard(mails(bazaar, RUDO))) == ["It will come about", "Paid", "The price is fixed", "You are in"]
    assert sorted(heard(mails(bazaar, FARAI))) == ["It will come about", "The price is fixed"]
    assert heard(mails(bazaar, TARIRO)) == ["A group asks for your quote"]
    assert mails(bazaar, CHIPO) == []
    locked = bazaar.container.mailbox.newest(50, to=RUDO)
    fixed = next(each for each in locked if each.subject.startswith("The price is fixed"))
    assert "with 20 pieces, at 8.00 USD each; 20 of them are yours" in " ".join(fixed.text.split())


def test_who_has_only_a_telephone_is_texted(bazaar: Bazaar, group: UUID):
    sekai = bazaar.by_phone(SEKAI, "Sekai")
    gatherings.joined(sekai, group, 4)
    (reserved,) = texts(bazaar)
    assert reserved.startswith("Tradewind: 4 of «Maize meal, 10 kg» are reserved for you. Pay by ")
    assert f"https://tradewind.example/g/{group}" in reserved
    bazaar.later(timedelta(minutes=31))
    assert texts(bazaar)[1].startswith("Tradewind: your place for «Maize meal, 10 kg» was not paid in time and has lapsed.")


def test_who_has_both_gets_mail_and_texts_only_where_he_asked_for_them(bazaar: Bazaar, group: UUID):
    bazaar.rudo.patch("/v1/me/profile", {"phone": SEKAI})
    gatherings.joined(bazaar.rudo, group, 1)
    assert (len(mails(bazaar, RUDO)), texts(bazaar)) == (1, [])
    bazaar.rudo.put("/v1/me/preferences", {"notices": {"groups": ["sms"]}})
    bazaar.rudo.post(f"/v1/groups/{group}/leave", {})
    gatherings.joined(bazaar.rudo, group, 2)
    assert (len(mails(bazaar, RUDO)), len(texts(bazaar))) == (1, 1)
    bazaar.rudo.put("/v1/me/preferences", {"notices": {"groups": []}})
    gatherings.pay(bazaar, group, UUID(bazaar.rudo.id))
    assert (len(mails(bazaar, RUDO)), len(texts(bazaar))) == (1, 1)


def test_the_next_in_the_queue_hears_that_there_is_room(bazaar: Bazaar, group: UUID):
    gatherings.joined(bazaar.rudo, group, 20)
    gatherings.joined(bazaar.chipo, group, 3)
    assert heard(mails(bazaar, CHIPO)) == ["You are on the waiting list"]
    bazaar.rudo.post(f"/v1/groups/{group}/leave", {})
    assert heard(mails(bazaar, CHIPO)) == ["You are on the waiting list", "There is room for you"]
    assert heard(mails(bazaar, RUDO)) == ["You are in"]


def test_a_day_before_the_deadline_and_when_it_is_put_off(bazaar: Bazaar, group: UUID):
    gatherings.paid(bazaar.rudo, group, 1)
    later = bazaar.clock() + timedelta(days=4)
    bazaar.farai.post(f"/v1/groups/{group}/extend", {"deadline": later.isoformat()})
    assert heard(mails(bazaar, RUDO))[2:] == ["More time"]
    bazaar.later(timedelta(days=2, minutes=1))
    assert "One day left" not in heard(mails(bazaar, RUDO)), "of the first deadline nobody is told any more"
    bazaar.later(timedelta(days=1))
    assert heard(mails(bazaar, RUDO)).count("One day left") == 1
    assert heard(mails(bazaar, FARAI)).count("One day left") == 1


def test_a_group_that_fails_tells_everybody_why(bazaar: Bazaar, group: UUID):
    gatherings.paid(bazaar.rudo, group, 1)
    bazaar.later(timedelta(days=3, minutes=1))
    failed = next(each for each in bazaar.container.mailbox.newest(50, to=RUDO) if each.subject.startswith("It came to nothing"))
    assert "because not enough was paid for by the deadline" in " ".join(failed.text.split())
    assert "It came to nothing" in heard(mails(bazaar, FARAI))


def test_announcements_reach_every_member_at_once_and_talk_once_a_day(bazaar: Bazaar, group: UUID):
    for each in (bazaar.rudo, bazaar.chipo):
        gatherings.paid(each, group, 1)
    bazaar.farai.post(f"/v1/groups/{group}/announcements", {"text": "The lorry is booked."}, 201)
    bazaar.settle()
    told = next(each for each in bazaar.container.mailbox.newest(50, to=CHIPO) if each.subject.startswith("Word from the organiser"))
    assert "The lorry is booked." in told.text
    for text in ("Hello", "Good morning"):
        bazaar.rudo.post(f"/v1/groups/{group}/messages", {"text": text}, 201)
    assert digests(bazaar, CHIPO) == []
    bazaar.later(timedelta(days=1))
    (digest,) = digests(bazaar, CHIPO)
    assert "2 who joined, 2 new messages" in digest
    assert len(digests(bazaar, RUDO)) == len(digests(bazaar, FARAI)) == 1
    bazaar.later(timedelta(days=1))
    assert len(digests(bazaar, CHIPO)) == 1


def test_a_digest_can_be_turned_off_and_nobody_reads_of_himself_alone(bazaar: Bazaar, group: UUID):
    gatherings.paid(bazaar.rudo, group, 1)
    bazaar.farai.put("/v1/me/preferences", {"notices": {"group_digest": []}})
    bazaar.later(timedelta(days=1))
    assert (digests(bazaar, RUDO), digests(bazaar, FARAI)) == ([], [])


def test_each_is_told_of_one_thing_once_however_often_the_jobs_are_done(bazaar: Bazaar, group: UUID):
    gatherings.paid(bazaar.rudo, group, 20)
    before = mails(bazaar, RUDO)
    with bazaar.container.pool.connection() as connection:
        connection.execute("UPDATE jobs SET state = 'due', due_at = now() WHERE kind = 'tell_group'")
    assert mails(bazaar, RUDO) == before


def test_a_refused_quote_is_told_to_group_and_supplier(bazaar: Bazaar, group: UUID):
    gatherings.paid(bazaar.rudo, group, 20)
    bazaar.settle()
    quote = quote_id(group)
    valid = (bazaar.clock() + timedelta(days=2)).isoformat()
    body = {"price": 800, "quantity": 20, "leadDays": 7, "validUntil": valid}
    bazaar.tariro.post(f"/v1/quotes/{quote}/submit", body)
    assert heard(mails(bazaar, FARAI))[-1] == "The supplier has answered"
    bazaar.farai.post(f"/v1/quotes/{quote}/reject", {"reason": "Too late for us"})
    assert heard(mails(bazaar, TARIRO))[-1] == "The quote was refused"
    assert "It came to nothing" in heard(mails(bazaar, RUDO))


def digests(town: Bazaar, to: str) -> list[str]:
    town.settle()
    return [" ".join(each.text.split()) for each in town.container.mailbox.newest(50, to=to) if each.subject.startswith("Today in")]

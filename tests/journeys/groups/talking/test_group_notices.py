"""Everybody in a group hears of the steps that concern him: by mail, or by text where there is only a telephone."""

from collections.abc import Generator
from datetime import timedelta
from uuid import UUID

import pytest

from domain.groups.ids import quote_id
from tests.journeys.groups import gatherings
from tests.journeys.groups.bazaar import ACCOUNT, CHIPO, COMPANY, FARAI, PAPER, RUDO, TARIRO, Bazaar, opened

SEKAI = "+263773456789"
DIGEST = "News in"


@pytest.fixture
def bazaar(database: str) -> Generator[Bazaar]:
    with opened(database) as found:
        yield found


@pytest.fixture
def group(bazaar: Bazaar) -> UUID:
    """Farai organises it, Tariro's mill supplies."""
    return gatherings.opened(bazaar, bazaar.farai, UUID(bazaar.tariro.id), supplier_id=UUID(bazaar.supplier))


def mails(town: Bazaar, to: str) -> list[str]:
    """Subjects of what came about the group, oldest first, once everything owed was done; who joined is told by digests."""
    town.settle()
    subjects = [each.subject for each in reversed(town.container.mailbox.newest(50, to=to))]
    return [each for each in subjects if "Maize meal" in each and not each.startswith(DIGEST)]


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


def test_announcements_reach_every_member_at_once(bazaar: Bazaar, group: UUID):
    for each in (bazaar.rudo, bazaar.chipo):
        gatherings.paid(each, group, 1)
    bazaar.farai.post(f"/v1/groups/{group}/announcements", {"text": "The lorry is booked."}, 201)
    bazaar.settle()
    told = next(each for each in bazaar.container.mailbox.newest(50, to=CHIPO) if each.subject.startswith("Word from the organiser"))
    assert "The lorry is booked." in told.text


def test_after_a_quiet_hour_the_first_word_is_told_at_once_and_further_ones_when_the_hour_is_over(bazaar: Bazaar, group: UUID):
    gatherings.paid(bazaar.rudo, group, 1)
    gatherings.paid(bazaar.chipo, group, 1)
    bazaar.later(timedelta(hours=3))
    told = len(digests(bazaar, CHIPO))
    until_the_full_hour(bazaar, minutes=30)
    says(bazaar, group, "Who brings a lorry?")
    assert news(bazaar, CHIPO, told) == ["1 new message"]
    for text in ("Mine is broken.", "I have one."):
        bazaar.later(timedelta(minutes=5))
        says(bazaar, group, text)
    assert news(bazaar, CHIPO, told) == ["1 new message"]
    until_the_full_hour(bazaar)
    assert news(bazaar, CHIPO, told) == ["1 new message", "2 new messages"]
    bazaar.later(timedelta(minutes=20))
    says(bazaar, group, "At six, then.")
    bazaar.later(timedelta(minutes=15))
    assert len(news(bazaar, CHIPO, told)) == 2, "the hour before was not quiet"
    until_the_full_hour(bazaar)
    assert news(bazaar, CHIPO, told)[2:] == ["1 new message"]
    bazaar.later(timedelta(hours=2))
    assert len(news(bazaar, CHIPO, told)) == 3
    says(bazaar, group, "Thank you all.")
    assert news(bazaar, CHIPO, told)[3:] == ["1 new message"]
    bazaar.later(timedelta(hours=2))
    assert len(news(bazaar, CHIPO, told)) == 4


def test_many_who_join_in_an_hour_are_told_of_together(bazaar: Bazaar, group: UUID):
    until_the_full_hour(bazaar, minutes=20)
    gatherings.joined(bazaar.rudo, group, 1)
    bazaar.later(timedelta(minutes=1))
    gatherings.joined(bazaar.chipo, group, 1)
    assert news(bazaar, FARAI) == ["1 joined"]
    until_the_full_hour(bazaar)
    assert news(bazaar, FARAI) == ["1 joined", "1 joined"]
    assert (news(bazaar, RUDO), news(bazaar, CHIPO)) == (["1 joined"], [])


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


def test_a_supplier_hears_of_each_step_of_its_verification(bazaar: Bazaar):
    sekai = bazaar.by_phone(SEKAI, "Sekai")
    company = bazaar.farai.post("/v1/suppliers", {**COMPANY, "name": "Farai's Farm", "registration": "77/2020"}, 201)["id"]
    path = f"/v1/suppliers/{company}"
    bazaar.farai.put(f"{path}/bank-details", ACCOUNT)
    bazaar.farai.post(f"{path}/documents", PAPER)
    bazaar.farai.post(f"{path}/members", {"userId": sekai.id, "role": "manager"})
    sekai.post(f"{path}/members/accept")
    bazaar.farai.put("/v1/me/preferences", {"notices": {"groups": []}})
    steps = (bazaar.farai, "request", None), (bazaar.stan, "review", None), (bazaar.stan, "ask", {"reason": "The licence is missing."})
    for by, step, body in (*steps, (bazaar.farai, "request", None), (bazaar.stan, "review", None), (bazaar.stan, "verify", None)):
        by.post(f"{path}/verification/{step}", body)
        bazaar.settle()
    bazaar.stan.post(f"{path}/verification/refuse", {"reason": "The papers are forged."})
    bazaar.settle()
    letters = [each for each in reversed(bazaar.container.mailbox.newest(50, to=FARAI)) if "Farai's Farm" in each.subject]
    asked, verified, refused = "We look at Farai's Farm", "Farai's Farm is verified", "Farai's Farm was refused"
    more = "Something is still needed of Farai's Farm"
    assert [each.subject for each in letters] == [asked, more, asked, verified, refused]
    assert ("> The licence is missing." in letters[1].text, "> The papers are forged." in letters[-1].text) == (True, True)
    (_, wanting, *_, last) = [each.text for each in reversed(bazaar.container.messaging.textbox.newest(5, to=SEKAI))]
    assert wanting == "Tradewind: to verify Farai's Farm we need more: The licence is missing."
    assert last == "Tradewind: the verification of Farai's Farm was refused: The papers are forged."


def says(bazaar: Bazaar, group: UUID, text: str) -> None:
    bazaar.rudo.post(f"/v1/groups/{group}/messages", {"text": text}, 201)
    bazaar.settle()


def until_the_full_hour(bazaar: Bazaar, minutes: int = 0) -> None:
    """Until just after the next one, or until so many minutes before it."""
    now = bazaar.clock()
    end = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1, seconds=1) - timedelta(minutes=minutes)
    bazaar.later(end - now if end > now else end - now + timedelta(hours=1))


def news(bazaar: Bazaar, to: str, after: int = 0) -> list[str]:
    """What each digest told, oldest first."""
    return [each.partition("kg»: ")[2].partition(".")[0] for each in reversed(digests(bazaar, to))][after:]


def digests(town: Bazaar, to: str) -> list[str]:
    town.settle()
    return [" ".join(each.text.split()) for each in town.container.mailbox.newest(50, to=to) if each.subject.startswith(DIGEST)]

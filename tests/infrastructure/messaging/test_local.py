from collections.abc import Generator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from psycopg_pool import ConnectionPool

from application.jobs.ports import Mail
from infrastructure.messaging.local import LocalMailbox

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def mailbox(database: str) -> Generator[LocalMailbox]:
    with ConnectionPool(database, min_size=1, kwargs={"autocommit": True}) as pool:
        yield LocalMailbox(pool, "Tradewind <no-reply@tradewind.example>", lambda: NOON)


def letter(address: str = "ana@example.org", subject: str = "Hello", id: UUID | None = None) -> Mail:
    return Mail(id or uuid4(), address, "Ana", subject, "Grüße: https://tw.example/x?token=a.b&y=1\n", "<p>Grüße</p>")


def test_a_mail_is_read_as_it_was_sent(mailbox: LocalMailbox):
    mailbox.send(sent := letter())
    found = mailbox.one(sent.id)
    assert found
    assert (found.to, found.subject, found.text.strip(), found.html.strip()) == ("ana@example.org", "Hello", sent.text.strip(), sent.html)
    assert found.links == ("https://tw.example/x?token=a.b&y=1",)
    assert f"Message-ID: <{sent.id}@tradewind.example>" in found.source


def test_the_same_mail_sent_again_is_one(mailbox: LocalMailbox):
    sent = letter()
    mailbox.send(sent)
    mailbox.send(sent)
    assert len(mailbox.newest(10)) == 1


def test_mails_are_listed_newest_first_by_page_and_by_recipient(mailbox: LocalMailbox):
    for number in range(5):
        mailbox.send(letter("Ana@example.org" if number % 2 else "ben@example.org", str(number)))
    assert [mail.subject for mail in mailbox.newest(3)] == ["4", "3", "2"]
    assert [mail.subject for mail in mailbox.newest(3, before=mailbox.newest(3)[-1].number)] == ["1", "0"]
    assert [mail.subject for mail in mailbox.newest(9, to="ana@EXAMPLE.org")] == ["3", "1"]


def test_a_mail_that_never_came_is_not_there(mailbox: LocalMailbox):
    assert mailbox.one(uuid4()) is None

"""From a command over the real log to a letter that a person can open."""

from collections.abc import Generator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from psycopg_pool import ConnectionPool

from application.effects import job as job_kinds
from application.effects.due import EVENTS, due
from application.effects.job import Job
from application.handler import Handler
from application.jobs.letters.drafts import Drafts
from application.jobs.sending.letter import SendLetter
from application.ports import Meta
from domain.registry import DECIDERS
from domain.users.commands import RegisterUser, VerifyEmail
from domain.users.links import Purpose
from domain.values import SYSTEM, Value
from infrastructure.eventlog.log import PostgresLog
from infrastructure.invoices.archive import PostgresArchive
from infrastructure.jobs.queue import Queue
from infrastructure.jobs.worker import Worker
from infrastructure.keys import PersonalKeys
from infrastructure.messaging.local import LocalMailbox
from infrastructure.messaging.wording import written_letters
from infrastructure.postgres import open_pool
from infrastructure.reactor.reactor import Reactor
from infrastructure.security.codes import DeliveryCodes
from infrastructure.security.links import SignedLinks
from infrastructure.security.signed_ids import SignedIds

ANA = uuid4()
NOW = datetime.now(UTC)
SITE = "https://tw.example"


class Town:
    """A log, what follows from it, and the mailbox where it ends."""

    def __init__(self, pool: ConnectionPool) -> None:
        self.log = PostgresLog(pool, DECIDERS, PersonalKeys(bytes(32)))
        self.handle = Handler(self.log, DECIDERS)
        self.links = SignedLinks(bytes(32))
        self.mailbox = LocalMailbox(pool, "Tradewind <no-reply@tradewind.example>", lambda: NOW)
        self.queue = Queue(pool)
        self.reactor = Reactor(pool, self.log, due, EVENTS)
        drafts = Drafts(
            self.log, self.links, SignedIds(bytes(32)), DeliveryCodes(bytes(32)), PostgresArchive(pool, bytes(32)), SITE, lambda: NOW
        )
        send = SendLetter(drafts, written_letters(), self.mailbox)

        def do(job: Job) -> None:
            assert isinstance(job.work, job_kinds.SendLetter)
            send(job.id, job.work)

        self.worker = Worker(self.queue, do)

    def give(self, command: Value) -> None:
        self.handle(ANA, command, Meta(uuid4(), ANA, uuid4()))

    def deliver(self) -> None:
        self.reactor.catch_up()
        self.worker.empty()


@pytest.fixture
def town(database: str) -> Generator[Town]:
    with open_pool(database, 4) as pool:
        yield Town(pool)


def registration(request: UUID) -> RegisterUser:
    return RegisterUser(ANA, "ana@example.org", "Ana", request, NOW)


def test_who_registers_finds_a_link_in_the_mailbox_that_can_be_followed(town: Town):
    request = uuid4()
    town.give(registration(request))
    town.deliver()
    (mail,) = town.mailbox.newest(10, to="ana@example.org")
    assert mail.subject == "Confirm your e-mail address"
    link = town.links.read(mail.links[0].partition("?token=")[2])
    assert (link.purpose, link.user_id, link.request_id) == (Purpose.EMAIL_VERIFICATION, ANA, request)
    town.give(VerifyEmail(ANA, link.request_id, link.expires_at, SYSTEM, NOW))
    town.deliver()
    assert [each.subject for each in town.mailbox.newest(10)] == ["Welcome to Tradewind", "Confirm your e-mail address"]


def test_the_job_rows_hold_nobody_s_data(town: Town, database: str):
    town.give(registration(uuid4()))
    town.reactor.catch_up()
    with open_pool(database, 1) as pool, pool.connection() as connection:
        rows = connection.execute("SELECT jobs::text FROM jobs").fetchall()
    assert rows
    assert not any("ana" in row[0].lower() or "@" in row[0] for row in rows)


def test_a_person_whose_key_is_gone_gets_no_letter(town: Town, database: str):
    town.give(registration(uuid4()))
    town.reactor.catch_up()
    with open_pool(database, 1) as pool, pool.connection() as connection:
        connection.execute("UPDATE personal_keys SET wrapped = NULL")
        town.worker.empty()
        assert connection.execute("SELECT state, note FROM jobs").fetchall() == [("skipped", "person_erased")]
    assert town.mailbox.newest(10) == []

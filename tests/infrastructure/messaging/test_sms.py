"""Text messages by a gateway, and in the local box."""

from collections.abc import Callable, Generator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from psycopg_pool import ConnectionPool

from application.effects.job import Job, SendText
from application.jobs.ports import Refused, Sms
from application.ports import Unavailable
from infrastructure.environ import Secret, SmsGateway, sms
from infrastructure.jobs.queue import Queue, Taken
from infrastructure.jobs.worker import Worker
from infrastructure.messaging.sms import LocalTexts, TriedBefore, TwilioTexter
from infrastructure.postgres import open_pool
from tests.infrastructure.messaging.gateway import ACCOUNT, FAULT, NOT_LET_IN, SENDER, TOKEN, TOO_MANY, UNSUBSCRIBED, Gateway

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ANA, BEN = "+351910000001", "+351910000002"


def text(number: str = ANA, words: str = "Tradewind: «Müsli» & more is on its way.", id: UUID | None = None) -> Sms:
    return Sms(id or uuid4(), number, words)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def gateway() -> Generator[Gateway]:
    opened = Gateway()
    yield opened
    opened.close()


@pytest.fixture
def tried() -> dict[UUID, datetime]:
    """The texts that somebody has tried to send, and since when."""
    return {}


@pytest.fixture
def texter(gateway: Gateway, tried: dict[UUID, datetime]) -> Generator[TwilioTexter]:
    with closing(reaching(gateway, tried.get)) as opened:
        yield opened


def reaching(gateway: Gateway, begun: Callable[[UUID], datetime | None], token: str = TOKEN) -> TwilioTexter:
    return TwilioTexter(SmsGateway(gateway.url, ACCOUNT, Secret(token)), SENDER, now, begun, seconds=5)


def test_a_text_reaches_the_gateway_word_for_word(gateway: Gateway, texter: TwilioTexter):
    texter.send(text())
    assert gateway.taken == [{"To": ANA, "From": SENDER, "Body": "Tradewind: «Müsli» & more is on its way."}]


def test_what_the_gateway_will_never_take_is_refused_for_good(gateway: Gateway, texter: TwilioTexter):
    with pytest.raises(Refused, match="21211 Something"):
        texter.send(text("nowhere"))
    gateway.trouble = (400, UNSUBSCRIBED)
    with pytest.raises(Refused, match="21610"):
        texter.send(text())


@pytest.mark.parametrize("trouble", [(401, NOT_LET_IN), (429, TOO_MANY), (500, FAULT), (503, FAULT), (0, 0)])
def test_what_can_be_mended_or_waited_for_is_tried_again(gateway: Gateway, texter: TwilioTexter, trouble: tuple[int, int]):
    gateway.trouble = trouble
    with pytest.raises(Unavailable) as reason:
        texter.send(text())
    assert reason.value.component == "sms"
    gateway.trouble = None
    texter.send(text())
    assert len(gateway.taken) == 1


def test_a_text_that_was_taken_though_its_answer_was_lost_is_sent_no_more(gateway: Gateway, texter: TwilioTexter):
    gateway.trouble, gateway.deaf = (0, 0), True
    texter.send(text())
    assert len(gateway.taken) == 1


@pytest.mark.parametrize("trouble", [(0, 0), (503, FAULT)])
def test_what_the_gateway_did_not_say_at_once_is_asked_for_before_it_is_sent_again(
    gateway: Gateway, texter: TwilioTexter, tried: dict[UUID, datetime], trouble: tuple[int, int]
):
    lost = text()
    gateway.trouble, gateway.deaf, gateway.mute = trouble, True, True
    with pytest.raises(Unavailable):
        texter.send(lost)
    tried[lost.id] = now()
    with pytest.raises(Unavailable):
        texter.send(lost)
    gateway.trouble = None
    texter.send(lost)
    assert len(gateway.taken) == 1
    texter.send(text())
    assert len(gateway.taken) == 2  # the same words again are another message


def test_the_same_words_of_yesterday_are_another_message(gateway: Gateway, texter: TwilioTexter, tried: dict[UUID, datetime]):
    texter.send(text())
    gateway.ago, gateway.trouble = timedelta(days=1), (0, 0)
    lost = text()
    with pytest.raises(Unavailable):
        texter.send(lost)
    gateway.trouble, tried[lost.id] = None, now()
    texter.send(lost)
    assert len(gateway.taken) == 2


def test_a_text_whose_sender_was_killed_before_its_job_ended_is_sent_once(pool: ConnectionPool, gateway: Gateway):
    sent = text()
    with closing(reaching(gateway, TriedBefore(pool))) as texter:

        def send(job: Taken) -> None:
            texter.send(Sms(job.id, sent.number, sent.text))

        queue = Queue(pool, lease=timedelta(0))
        queue.put([Job(sent.id, SendText("dispatched", uuid4(), 1), uuid4(), uuid4())])
        [job] = queue.take("the one that is killed")
        send(job)
        assert Worker(queue, send).empty() == 1
        assert gateway.taken == [{"To": ANA, "From": SENDER, "Body": sent.text}]
        queue.put([Job(uuid4(), SendText("dispatched", uuid4(), 1), uuid4(), uuid4())])
        Worker(queue, send).empty()
    assert len(gateway.taken) == 2  # the same words of another job are another message


def test_a_wrong_password_is_for_the_operator_to_mend(gateway: Gateway):
    with closing(reaching(gateway, {}.get, "another")) as texter, pytest.raises(Unavailable):
        texter.send(text())


def test_a_gateway_that_is_away_is_unavailable(gateway: Gateway, texter: TwilioTexter):
    gateway.close()
    with pytest.raises(Unavailable):
        texter.send(text())


def test_the_gateway_is_told_by_one_address_with_account_and_token():
    found = sms(f"https://{ACCOUNT}:{quote(TOKEN, safe='')}@api.twilio.com/")
    assert (found.url, found.account, found.token.reveal()) == ("https://api.twilio.com", ACCOUNT, TOKEN)
    for wrong in ("https://api.twilio.com", f"https://{ACCOUNT}@api.twilio.com", f"smtp://{ACCOUNT}:x@api.twilio.com"):
        with pytest.raises(ValueError, match="account:token"):
            sms(wrong)


@pytest.fixture
def pool(database: str) -> Generator[ConnectionPool]:
    with open_pool(database, 2) as pool:
        yield pool


def test_the_local_box_keeps_texts_and_the_same_one_once(pool: ConnectionPool):
    box = LocalTexts(pool, lambda: NOON)
    first = text(words="one")
    for each in (first, first, text(BEN, "two"), text(words="three")):
        box.send(each)
    assert [(each.to, each.text, each.at) for each in box.newest(10)] == [(ANA, "three", NOON), (BEN, "two", NOON), (ANA, "one", NOON)]
    assert [each.text for each in box.newest(10, to=ANA)] == ["three", "one"]
    newest = box.newest(1)[0]
    assert [each.text for each in box.newest(10, before=newest.number)] == ["two", "one"]

"""Deliveries at rest: each is one worker's for a while, no endpoint keeps another waiting, and every attempt is written down."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import LiteralString
from uuid import UUID, uuid4

import pytest

from application.webhooks.ports import Answer
from infrastructure.webhooks import statements
from infrastructure.webhooks.queue import LEASE
from tests.infrastructure.webhooks.dock import Dock, answer

SWITCH = "UPDATE maintenance SET read_only = %(on)s"


@pytest.fixture
def hook(dock: Dock) -> UUID:
    return dock.open()


def told(dock: Dock, many: int = 1) -> None:
    dock.tell(many)
    dock.follow()


def test_a_message_is_the_event_as_feeds_tell_it(dock: Dock, hook: UUID):
    told(dock)
    (message,) = dock.take()
    event = json.loads(message.body)
    assert {**event, "id": ""} == {
        "specversion": "1.0",
        "id": "",
        "source": "/v1/feeds/stock",
        "type": "stock.StockMoved",
        "subject": "s3",
        "time": "2026-06-01T12:00:03Z",
        "datacontenttype": "application/json",
        "schemaversion": 1,
        "position": "3",
        "data": {},
    }
    assert (message.endpoint_id, message.url, message.tries) == (hook, "https://hooks.example/", 0)


def test_what_somebody_has_is_nobody_elses_until_his_lease_ends(dock: Dock, hook: UUID):
    told(dock, 3)
    lost = dock.take()
    assert len(lost) == 3
    dock.clock.ahead += LEASE - timedelta(seconds=1)
    assert dock.take() == []
    dock.clock.ahead += timedelta(seconds=2)
    again = dock.take()
    assert [each.id for each in again] == [each.id for each in lost]
    dock.end(lost, answer())
    assert {each.state for each in dock.of(hook)} == {"pending"}
    dock.end(again, answer())
    assert {(each.state, len(each.attempts)) for each in dock.of(hook)} == {("delivered", 1)}


def test_many_who_take_never_have_the_same(dock: Dock):
    for _ in range(5):
        dock.open()
    told(dock, 40)
    with ThreadPoolExecutor(6) as many:
        taken = [
            message.id for found in many.map(lambda _: [m for _ in range(30) for m in dock.take(5, 100)], range(6)) for message in found
        ]
    assert len(taken) == len(set(taken)) == 200


@pytest.mark.usefixtures("hook")
def test_of_one_endpoint_no_more_than_so_many_are_out(dock: Dock):
    told(dock, 10)
    first = dock.take(100, 4)
    assert len(first) == 4
    assert dock.take(100, 4) == []
    dock.end(first[:1], answer())
    assert len(dock.take(100, 4)) == 1


def test_a_heap_of_one_endpoint_does_not_keep_another_waiting(dock: Dock, hook: UUID):
    told(dock, 50)
    other = dock.open()
    told(dock)
    dock.clock.ahead += timedelta(seconds=1)
    assert {each.endpoint_id for each in dock.take(4, 8)} == {hook, other}


def test_whoever_fails_or_is_slow_goes_by_a_lane_of_his_own(dock: Dock, hook: UUID):
    slow = dock.open()
    told(dock, 2)
    for message in dock.take():
        dock.end([message], answer(500) if message.endpoint_id == hook else answer(200, milliseconds=9000))
    told(dock)
    dock.clock.ahead += timedelta(seconds=1)
    assert dock.take() == []
    poor = dock.take(100, 1, poor=True)
    assert {each.endpoint_id for each in poor} == {hook, slow}
    assert dock.take(100, 1, poor=True) == []
    dock.end(poor, answer())
    dock.clock.ahead += timedelta(seconds=5)
    assert len(dock.take()) == 2
    assert dock.endpoint(hook).failing_since is None


def test_what_was_not_taken_is_tried_again_on_time(dock: Dock, hook: UUID):
    told(dock)
    began = dock.clock()
    pauses: list[float] = []
    while True:
        taken = [*dock.take(), *dock.take(poor=True)]
        if not taken:
            break
        (outcome,) = dock.end(taken, answer(None, milliseconds=15_000))
        if outcome.due_at is not None:
            pauses.append(round((outcome.due_at - outcome.at).total_seconds()))
            dock.clock.ahead += outcome.due_at - outcome.at
    assert pauses == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    assert timedelta(days=3) < dock.clock() - began < timedelta(days=3, hours=4)
    (shown,) = dock.of(hook)
    assert (shown.state, shown.due_at) == ("failed", None)
    assert [(each.number, each.status, each.error) for each in shown.attempts] == [(number, None, "timeout") for number in range(1, 11)]


def test_who_is_overrun_is_left_alone_with_everything(dock: Dock, hook: UUID):
    other = dock.open()
    told(dock, 3)
    (first, *_) = [each for each in dock.take(2, 1) if each.endpoint_id == hook]
    dock.end([first], answer(429, retry_after="600"))
    dock.clock.ahead += timedelta(minutes=9)
    assert {each.endpoint_id for each in (*dock.take(), *dock.take(poor=True))} == {other}
    dock.clock.ahead += timedelta(minutes=2)
    assert {each.endpoint_id for each in dock.take(poor=True)} == {hook}


@pytest.mark.usefixtures("hook")
def test_who_fails_again_and_again_is_left_alone_for_longer_but_never_for_long(dock: Dock):
    told(dock, 30)
    waits: list[float] = []
    for _ in range(12):
        dock.end(dock.take(1, 1) or dock.take(1, 1, poor=True), answer(500))
        with dock.pool.connection() as connection:
            ((held,),) = connection.execute("SELECT held_until FROM webhook_endpoints").fetchall()
        waits.append(round((held - dock.clock()).total_seconds(), 1))
        dock.clock.ahead += held - dock.clock()
    assert waits == [0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


def test_nothing_goes_to_who_is_disabled_and_what_waits_goes_when_he_is_enabled(dock: Dock, hook: UUID):
    told(dock, 2)
    dock.end(dock.take(1), answer(500))
    dock.do(statements.SWITCH_OFF, endpoint_id=hook, because="asked", at=dock.clock())
    dock.clock.ahead += timedelta(days=9)
    assert [*dock.take(), *dock.take(poor=True)] == []
    dock.do(statements.SWITCH_ON, endpoint_id=hook)
    assert len(dock.take()) == 2
    assert dock.endpoint(hook).failing_since is None


STANDINGS = ["suspended = true", "roles = '{customer}'"]


@pytest.mark.parametrize("standing", STANDINGS)
def test_nothing_goes_to_an_owner_who_might_not_read_it_himself_any_more(dock: Dock, hook: UUID, standing: LiteralString):
    told(dock)
    dock.do(f"UPDATE accounts SET {standing}")
    assert dock.take() == []
    assert not dock.following.anybody()
    told(dock)
    assert len(dock.of(hook)) == 1
    dock.do("UPDATE accounts SET suspended = false, roles = '{admin}'")
    assert len(dock.take()) == 1


@pytest.mark.usefixtures("hook")
def test_nothing_goes_out_while_the_service_is_only_read(dock: Dock):
    told(dock)
    dock.do(SWITCH, on=True)
    assert dock.take() == []
    dock.do(SWITCH, on=False)
    assert len(dock.take()) == 1


def test_what_was_asked_for_again_begins_anew_on_the_schedule(dock: Dock, hook: UUID):
    told(dock)
    (message,) = dock.take()
    dock.end([message], answer(500))
    dock.do(statements.AGAIN, endpoint_id=hook, delivery_id=message.id, at=dock.clock())
    dock.clock.ahead += timedelta(seconds=1)
    (again,) = dock.take(poor=True)
    assert (again.id, again.tries) == (message.id, 0)
    dock.end([again], answer())
    dock.do(statements.AGAIN, endpoint_id=hook, delivery_id=message.id, at=dock.clock())
    dock.end(dock.take(), answer(201))
    (shown,) = dock.of(hook)
    assert [each.status for each in shown.attempts] == [500, 200, 201]


def test_an_endpoint_tests_with_an_event_that_tells_nothing(dock: Dock, hook: UUID):
    id = uuid4()
    dock.do(statements.TEST, endpoint_id=hook, delivery_id=id, at=dock.clock())
    (message,) = dock.take()
    event = json.loads(message.body)
    assert (message.id, event["id"], event["type"], event["data"]) == (id, str(id), "webhooks.EndpointTested", {"endpointId": str(hook)})


def test_messages_are_signed_by_the_secret_before_as_well_until_it_ends(dock: Dock, hook: UUID):
    old_ends = dock.clock() + timedelta(hours=24)
    new = dock.secrets.wrapped(hook, b"n" * 32)
    dock.do(statements.ROTATE, endpoint_id=hook, secret_id=uuid4(), wrapped=new, both_until=old_ends, at=dock.clock())
    told(dock, 2)
    (message,) = dock.take(1, 1)
    assert [dock.secrets.clear(hook, each) for each in message.secrets] == [b"n" * 32, b"s" * 32]
    assert len(dock.secrets.headers(message, dock.clock())["webhook-signature"].split(" ")) == 2
    dock.clock.ahead += timedelta(hours=24, seconds=1)
    (message, _) = dock.take()
    assert [dock.secrets.clear(hook, each) for each in message.secrets] == [b"n" * 32]


def test_however_often_somebody_rotates_no_more_than_four_sign(dock: Dock, hook: UUID):
    for number in range(8):
        secret = dock.secrets.wrapped(hook, bytes([number]) * 32)
        until = dock.clock() + timedelta(hours=24)
        dock.do(statements.ROTATE, endpoint_id=hook, secret_id=uuid4(), wrapped=secret, both_until=until, at=dock.clock())
        dock.clock.ahead += timedelta(minutes=1)
    told(dock)
    (message,) = dock.take()
    assert [dock.secrets.clear(hook, each)[0] for each in message.secrets] == [7, 6, 5, 4]


def test_what_an_answer_says_is_kept_with_its_attempt(dock: Dock, hook: UUID):
    told(dock)
    dock.end(dock.take(), Answer(418, None, "I am a teapot", "", 77))
    (shown,) = dock.of(hook)
    (attempt,) = shown.attempts
    assert (attempt.number, attempt.status, attempt.error, attempt.answer, attempt.milliseconds) == (1, 418, None, "I am a teapot", 77)


def test_operators_are_told_how_much_waits_who_fails_and_how_late_it_is(dock: Dock, hook: UUID):
    assert dock.shown.figures().pending == 0
    told(dock, 3)
    dock.end(dock.take(1), answer(500))
    dock.clock.ahead += timedelta(minutes=10)
    figures = dock.shown.figures()
    assert (figures.pending, figures.failing, round(figures.oldest_seconds / 60)) == (3, 1, 10)
    dock.do(statements.SWITCH_OFF, endpoint_id=hook, because="asked", at=dock.clock())
    figures = dock.shown.figures()
    assert (figures.pending, figures.failing, figures.oldest_seconds) == (0, 0, 0.0)

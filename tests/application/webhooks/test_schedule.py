"""When what was not taken is tried again, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest

from application.webhooks.ports import Answer, Fault
from application.webhooks.schedule import JITTER, LONGEST_WISH, PAUSES, judged, wish

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HALF = timedelta(minutes=30)


def answer(status: int | None, retry_after: str = "", fault: Fault | None = None) -> Answer:
    return Answer(status, fault, "", retry_after, 12)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_what_is_taken_is_delivered(status: int):
    outcome = judged(answer(status), 3, NOON, 0.5)
    assert (outcome.state, outcome.due_at, outcome.hold_until) == ("delivered", None, None)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 429, 500, 503, 599])
def test_anything_else_is_tried_again(status: int):
    outcome = judged(answer(status), 0, NOON, 0)
    assert (outcome.state, outcome.due_at) == ("pending", NOON + timedelta(seconds=5))


def test_ten_tries_take_three_days():
    assert len(PAUSES) == 9
    assert timedelta(days=3) < sum(PAUSES, timedelta(0)) < timedelta(days=3, hours=4)
    assert judged(answer(500), 8, NOON, 0).due_at == NOON + timedelta(hours=24)
    last = judged(answer(500), 9, NOON, 0)
    assert (last.state, last.due_at) == ("failed", None)


def test_deliveries_that_failed_together_part():
    times = {judged(answer(500), 2, NOON, spread).due_at for spread in (0, 0.25, 1)}
    assert times == {NOON + HALF, NOON + HALF * (1 + JITTER / 4), NOON + HALF * (1 + JITTER)}


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("Mon, 01 Jun 2026 12:02:00 GMT", 120),
        ("Mon, 01 Jun 2026 11:00:00 GMT", 0),
        ("Mon, 01 Jun 2026 12:02:00 -0000", 120),
        ("1e9", 0),
        ("-5", 0),
        ("soon", 0),
        ("", 0),
        ("9" * 400, 3600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
    ],
)
def test_the_other_side_says_for_how_long_it_wants_to_be_left_alone(said: str, seconds: int):
    assert wish(said, NOON) == timedelta(seconds=seconds) <= LONGEST_WISH


def test_such_a_wish_puts_a_try_off_but_never_brings_one_forward():
    assert judged(answer(500, "60"), 0, NOON, 0).due_at == NOON + timedelta(seconds=60)
    assert judged(answer(500, "60"), 2, NOON, 0).due_at == NOON + HALF


@pytest.mark.parametrize(("status", "held"), [(429, True), (503, True), (500, False), (404, False)])
def test_whoever_is_overrun_is_sent_nothing_at_all_until_then(status: int, held: bool):
    hold = judged(answer(status, "60"), 0, NOON, 0).hold_until
    assert hold == (NOON + timedelta(seconds=60) if held else None)
    assert judged(answer(status), 0, NOON, 0).hold_until is None


def test_what_is_too_large_is_never_sent_and_no_fault_of_its_endpoint():
    outcome = judged(answer(None, fault="payload_too_large"), 0, NOON, 0)
    assert (outcome.state, outcome.ours) == ("failed", True)


@pytest.mark.parametrize("fault", ["timeout", "host_unknown", "address_refused", "connection_failed", "connection_lost", "tls_failed"])
def test_whoever_does_not_answer_is_tried_again(fault: Fault):
    outcome = judged(answer(None, fault=fault), 1, NOON, 0)
    assert (outcome.state, outcome.due_at, outcome.ours) == ("pending", NOON + timedelta(minutes=5), False)

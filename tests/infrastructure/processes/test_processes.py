import signal
import subprocess
import sys
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from application.effects.job import React
from application.jobs import react
from domain.values import SYSTEM
from infrastructure.operations import statements
from infrastructure.postgres import open_pool
from tests.infrastructure.eventlog.toys import OpenTill, meta
from tests.infrastructure.operations.hand import by_hand
from tests.infrastructure.processes.boxes import BAD, FIRST, LATE, LEFT, RIGHT, URN, Counter

ROOT = Path(__file__).parents[3]


@pytest.fixture
def counter(database: str) -> Generator[Counter]:
    with open_pool(database, 4) as pool:
        yield Counter(pool)


def test_an_event_has_its_commands_given_with_where_they_come_from(counter: Counter):
    request = UUID(int=99)
    counter.handle(FIRST, OpenTill(), meta(request))
    counter.settle()
    (opened,) = counter.log.stream(FIRST)
    (left,), (right,) = counter.log.stream(LEFT), counter.log.stream(RIGHT)
    assert (counter.total(LEFT), counter.total(RIGHT)) == (5, 7)
    for paid in (left, right):
        assert (paid.actor, paid.correlation_id, paid.causation_id) == (SYSTEM.id, request, opened.event_id)


def test_done_twice_it_repeats_nothing(counter: Counter):
    counter.handle(FIRST, OpenTill(), meta())
    counter.settle()
    counter.react(React("share", FIRST, 1))
    assert (counter.total(LEFT), counter.total(RIGHT)) == (5, 7)


def test_without_ids_of_the_event_s_own_it_would_repeat_them(counter: Counter, monkeypatch: pytest.MonkeyPatch):
    counter.handle(FIRST, OpenTill(), meta())
    counter.settle()
    monkeypatch.setattr(react, "command_id", lambda *_: meta().command_id)
    counter.react(React("share", FIRST, 1))
    assert (counter.total(LEFT), counter.total(RIGHT)) == (10, 14)


def test_killed_between_two_commands_the_rest_is_given_by_another_worker(counter: Counter, database: str):
    counter.handle(FIRST, OpenTill(), meta())
    counter.reactor.catch_up()
    command = [sys.executable, "-m", "tests.infrastructure.processes.worker_that_dies", database]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == -signal.SIGKILL
    assert (counter.total(LEFT), counter.total(RIGHT)) == (5, 0)
    counter.clock.ahead += timedelta(seconds=5)
    counter.settle()
    assert (counter.total(LEFT), counter.total(RIGHT)) == (5, 7)


def test_a_command_that_is_refused_stops_no_other_and_waits_for_a_person(counter: Counter):
    counter.pay(FIRST, BAD)
    counter.settle()
    assert (len(counter.log.stream(URN)), counter.total(RIGHT)) == (1, 3)
    assert counter.fates() == [("dead", f"refused: PayIn for {LEFT}: negative_amount")]


def test_a_person_has_the_refused_one_tried_again_and_nothing_else_repeated(counter: Counter):
    counter.pay(FIRST, BAD)
    counter.settle()
    (dead,) = counter.queue.dead()
    assert by_hand(counter.pool, statements.REVIVE_JOB, job_id=dead.id, at=counter.clock())
    counter.settle()
    assert (len(counter.log.stream(URN)), counter.total(RIGHT), counter.fates()[0][0]) == (1, 3, "dead")


def test_a_deadline_fires_when_its_moment_has_come_and_not_before(counter: Counter):
    counter.pay(FIRST, LATE)
    counter.settle()
    counter.clock.ahead = timedelta(hours=20)
    counter.settle()
    assert counter.total(LEFT) == 0
    counter.clock.ahead = timedelta(hours=24)
    counter.settle()
    assert counter.total(LEFT) == 100


def test_a_deadline_fires_once(counter: Counter):
    counter.pay(FIRST, LATE)
    counter.settle()
    for _ in range(3):
        counter.clock.ahead += timedelta(days=1)
        with counter.pool.connection() as connection:
            connection.execute("UPDATE reactions SET position = 0")
        counter.settle()
    assert counter.total(LEFT) == 100

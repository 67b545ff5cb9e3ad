"""A clock that is set forward or back: nothing is left out, nothing is done twice, and nobody has to put anything right."""

from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from application.effects.job import Job, SendLetter
from infrastructure.auditing.log import PostgresAudit
from infrastructure.eventlog.log import PostgresLog
from infrastructure.jobs.queue import Queue, put
from infrastructure.postgres import open_pool
from infrastructure.seals.sealer import Sealer
from infrastructure.seals.signing import SigningKey
from infrastructure.seals.verifying import Verification
from projections.audit import Sought
from tests.fakes.clock import Moving
from tests.infrastructure.eventlog.toys import ALL, keys
from tests.infrastructure.seals.office import KEY, write

AN_HOUR = timedelta(hours=1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

Due = Callable[[], UUID]

RECORD = """
INSERT INTO events (position, recorded_at, stream, version, kind, type, schema, event_id, data, actor, command_id, correlation_id)
VALUES (nextval('events_position'), %s, gen_random_uuid(), 1, 'till', 'toys.PaidIn', 1, %s, '{"amount":1}',
        gen_random_uuid(), gen_random_uuid(), gen_random_uuid())
"""


@pytest.fixture
def pool(database: str) -> Generator[ConnectionPool[Any]]:
    with open_pool(database, 2) as opened:
        yield opened


@pytest.fixture
def due(pool: ConnectionPool[Any]) -> Due:
    """Puts a job into the queue and names it."""

    def due() -> UUID:
        job = Job(uuid4(), SendLetter("welcome", uuid4(), 1), uuid4(), uuid4())
        with pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            put(cursor, [job])
        return job.id

    return due


@pytest.fixture
def audit(pool: ConnectionPool[Any]) -> PostgresAudit:
    return PostgresAudit(pool, ALL, PostgresLog(pool, ALL, keys()).history.mapper)


@pytest.fixture
def moments(database: str) -> list[datetime]:
    """Of the events in order: one a minute, but that the clock was set back by twenty hours in the middle, and put right after a while."""
    before = [NOON + timedelta(minutes=n) for n in range(1000)]
    behind = [before[-1] - timedelta(hours=20) + timedelta(minutes=n) for n in range(300)]
    after = [before[-1] + timedelta(minutes=300 + n) for n in range(1000)]
    told = [*before, *behind, *after]
    with psycopg.connect(database) as connection, connection.cursor() as cursor:
        cursor.executemany(RECORD, [(each, at(each)) for each in told])
    return told


def at(moment: datetime) -> UUID:
    """An id as it is made at that moment."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 7 << 76 | uuid4().int & ((1 << 64) - 1))


def test_what_was_recorded_in_a_while_is_found_though_the_clock_was_set_back(audit: PostgresAudit, moments: list[datetime]):
    for hours in range(-10, 40, 3):
        since, until = NOON + hours * AN_HOUR, NOON + (hours + 2) * AN_HOUR
        found = audit.events(Sought(since=since, until=until), 5000)
        assert [each.position for each in found] == [n for n, each in enumerate(moments, 1) if since <= each < until]
        found = audit.events(Sought(since=since), 5000)
        assert [each.position for each in found] == [n for n, each in enumerate(moments, 1) if since <= each]
        found = audit.events(Sought(until=until), 5000)
        assert [each.position for each in found] == [n for n, each in enumerate(moments, 1) if each < until]


@pytest.mark.usefixtures("moments")
def test_the_causes_of_an_event_are_found_whatever_the_clock_said(audit: PostgresAudit):
    found = audit.events(Sought(), 5000)
    for each in found[::50]:
        causes = audit.causes(each.event_id)
        assert causes is not None
        assert causes.event.position == each.position


@pytest.mark.parametrize("jump", [AN_HOUR, -AN_HOUR])
def test_a_log_is_sealed_as_soon_and_holds_whatever_the_clock_says(database: str, jump: timedelta):
    clock = Moving()
    with psycopg.connect(database, autocommit=True) as connection:
        sealer = Sealer(database, [SigningKey(KEY)], clock, age=0)
        for number in range(3):
            write(connection, 10)
            assert [sealer.step(connection), sealer.step(connection)] == [0, 10]
            clock.ahead += jump * (number + 1)
        verdict = Verification(connection, [SigningKey(KEY).public]).run()
    assert (verdict.finding, verdict.events) == (None, 30)


def test_a_worker_whose_clock_was_set_forward_takes_over_and_the_other_cannot_end_what_is_no_longer_his(
    pool: ConnectionPool[Any], due: Due
):
    clock = Moving()
    queue = Queue(pool, clock=clock)
    job = due()
    (first,) = queue.take("ana")
    clock.ahead = AN_HOUR
    (second,) = queue.take("ben")
    assert (second.id, second.attempts) == (job, 2)
    clock.ahead = timedelta(0)
    assert not queue.end(first, "done")
    assert queue.take("cara") == [], "he holds it for an hour now"
    assert queue.end(second, "done")
    assert queue.take("cara") == []


def test_what_is_due_waits_for_a_clock_that_was_set_back_and_is_done_when_it_is_right_again(pool: ConnectionPool[Any], due: Due):
    clock = Moving()
    queue = Queue(pool, clock=clock)
    held, waiting = due(), due()
    (taken,) = queue.take("ana")
    clock.ahead = -AN_HOUR
    assert queue.take("ben") == []
    assert queue.extend(taken), "who holds a job keeps it"
    assert queue.end(taken, "done")
    clock.ahead = timedelta(0)
    assert {taken.id, *(each.id for each in queue.take("ben", 10))} == {held, waiting}

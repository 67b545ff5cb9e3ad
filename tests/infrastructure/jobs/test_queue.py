from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import LiteralString
from uuid import UUID, uuid4

import pytest
from psycopg_pool import ConnectionPool

from application.effects.job import React
from infrastructure import clock
from infrastructure.jobs.queue import Queue
from infrastructure.operations import statements
from tests.infrastructure.operations.hand import by_hand

Due = Callable[..., UUID]
AN_HOUR = timedelta(hours=1)


def test_a_job_is_taken_by_one_worker_only(queue: Queue, due: Due):
    jobs = {due() for _ in range(40)}
    with ThreadPoolExecutor(4) as workers:
        taken = [job.id for batch in workers.map(lambda n: queue.take(f"worker {n}", 10), range(4)) for job in batch]
    rest = [job.id for job in queue.take("last", 100)]
    assert sorted(taken + rest) == sorted(jobs)


def test_a_job_that_is_being_taken_is_passed_by(pool: ConnectionPool, queue: Queue, due: Due):
    first, second = due(), due()
    with pool.connection() as connection, connection.transaction():
        connection.execute("SELECT FROM jobs WHERE id = %s FOR UPDATE", [first])
        assert [job.id for job in queue.take("ben", 2)] == [second]
    assert [job.id for job in queue.take("ana", 2)] == [first]


def test_what_moves_orders_on_is_taken_before_what_only_tells_of_it(queue: Queue, due: Due):
    letter = due()
    step = due(work=React("confirm_orders", uuid4(), 1))
    assert [job.id for _ in range(2) for job in queue.take("ana")] == [step, letter]


def test_letters_have_their_turn(queue: Queue, due: Due):
    letter = due()
    step = due(work=React("confirm_orders", uuid4(), 1))
    assert [job.id for _ in range(2) for job in queue.take("ana", first=1)] == [letter, step]


def test_a_job_put_twice_is_done_once(queue: Queue, due: Due):
    job = due()
    (taken,) = queue.take("ana")
    assert queue.end(taken, "done")
    due(job)
    assert queue.take("ana") == []


def test_a_job_whose_worker_died_is_due_again_when_its_lease_ends(pool: ConnectionPool, due: Due):
    job = due()
    brief = Queue(pool, lease=timedelta(0))
    assert [taken.id for taken in brief.take("the one that dies")] == [job]
    assert [(taken.id, taken.attempts) for taken in brief.take("another")] == [(job, 2)]


def test_a_job_under_lease_is_not_given_away(queue: Queue, due: Due):
    due()
    assert queue.take("ana")
    assert queue.take("ben") == []


def test_a_worker_that_lost_its_lease_can_neither_end_nor_postpone_nor_extend(pool: ConnectionPool, due: Due):
    due()
    brief = Queue(pool, lease=timedelta(0))
    (lost,) = brief.take("slow")
    (held,) = brief.take("quick")
    assert not brief.end(lost, "done")
    assert not brief.postpone(lost, AN_HOUR, "")
    assert not brief.extend(lost)
    assert brief.end(held, "done")


def test_an_extended_lease_holds(pool: ConnectionPool, queue: Queue, due: Due):
    due()
    (held,) = Queue(pool, lease=timedelta(0)).take("slow")
    assert queue.extend(held)
    assert queue.take("other") == []


def test_a_postponed_job_waits(queue: Queue, due: Due):
    due()
    (taken,) = queue.take("ana")
    queue.postpone(taken, AN_HOUR, "451 try later")
    assert queue.take("ana") == []


def test_a_dead_job_is_shown_with_its_reason_and_revived_by_hand(pool: ConnectionPool, queue: Queue, due: Due):
    job = due()
    (taken,) = queue.take("ana")
    queue.end(taken, "dead", "refused: 550 no such mailbox")
    assert [(dead.id, dead.kind, dead.note) for dead in queue.dead()] == [(job, "send_letter", "refused: 550 no such mailbox")]
    assert by_hand(pool, statements.REVIVE_JOB, job_id=job, at=clock.now())
    assert [(taken.id, taken.attempts) for taken in queue.take("ana")] == [(job, 1)]


def test_a_discarded_job_is_gone_for_good(pool: ConnectionPool, queue: Queue, due: Due):
    job = due()
    (taken,) = queue.take("ana")
    queue.end(taken, "dead")
    assert by_hand(pool, statements.DISCARD_JOB, job_id=job, at=clock.now())
    assert not by_hand(pool, statements.REVIVE_JOB, job_id=job, at=clock.now())
    assert queue.dead() == []


@pytest.mark.parametrize("act", [statements.REVIVE_JOB, statements.DISCARD_JOB])
def test_only_dead_jobs_are_revived_or_discarded(pool: ConnectionPool, due: Due, act: LiteralString):
    assert not by_hand(pool, act, job_id=due(), at=clock.now())


def test_no_job_is_taken_during_maintenance(pool: ConnectionPool, queue: Queue, due: Due):
    job = due()
    by_hand(pool, statements.SET_MAINTENANCE, read_only=True, reason="a move")
    assert queue.take("ana") == []
    by_hand(pool, statements.SET_MAINTENANCE, read_only=False, reason="")
    assert [taken.id for taken in queue.take("ana")] == [job]

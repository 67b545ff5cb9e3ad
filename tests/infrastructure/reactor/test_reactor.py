import threading
from collections.abc import Generator
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from application.effects.job import Job, SendLetter, job_id
from domain.recorded import Recorded
from domain.values import Value
from infrastructure.jobs.queue import Queue
from infrastructure.operations import statements
from infrastructure.postgres import open_pool
from infrastructure.reactor.parked import parked
from infrastructure.reactor.reactor import Overtaken, Reactor
from projections.ports import Batch
from tests.fakes.log import FakeLog
from tests.infrastructure.operations.hand import by_hand


class Happened(Value, frozen=True):
    bad: bool = False


def due(recorded: Recorded[Any]) -> list[Job]:
    if recorded.event.bad:
        raise ValueError("cannot be read")
    return [
        Job(
            job_id(recorded.event_id, str(ordinal)),
            SendLetter(letter, recorded.stream, recorded.version),
            recorded.event_id,
            recorded.correlation_id,
        )
        for ordinal, letter in enumerate(["one", "two"])
    ]


@pytest.fixture
def pool(database: str) -> Generator[ConnectionPool]:
    with open_pool(database, 6) as pool:
        yield pool


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def reactor(pool: ConnectionPool, log: FakeLog) -> Reactor:
    return Reactor(pool, log, due, batch=3)


def count(pool: ConnectionPool) -> int:
    with pool.connection() as connection:
        (number,) = connection.execute("SELECT count(*) FROM jobs").fetchone() or (0,)
    return number


def rewind(pool: ConnectionPool, position: int = 0) -> None:
    with pool.connection() as connection:
        connection.execute("UPDATE reactions SET position = %s", [position])


def test_every_event_owes_its_jobs_once(pool: ConnectionPool, log: FakeLog, reactor: Reactor):
    log.add(uuid4(), *[Happened()] * 10)
    assert reactor.catch_up() == 10
    assert reactor.catch_up() == 0
    assert count(pool) == 20


def test_a_replayed_batch_repeats_nothing_even_when_its_jobs_are_done(pool: ConnectionPool, log: FakeLog, reactor: Reactor):
    log.add(uuid4(), Happened(), Happened())
    reactor.catch_up()
    queue = Queue(pool)
    for job in queue.take("ana", 4):
        queue.end(job, "done")
    rewind(pool)
    assert reactor.catch_up() == 2
    assert queue.take("ana", 4) == []
    assert count(pool) == 4


def test_jobs_come_under_ids_that_follow_from_the_event(pool: ConnectionPool, log: FakeLog, reactor: Reactor):
    log.add(uuid4(), Happened())
    reactor.catch_up()
    event_id = log.events[0].event_id
    assert sorted(job.id for job in Queue(pool).take("ana", 9)) == sorted([uuid5(event_id, "0"), uuid5(event_id, "1")])


def test_a_reader_that_dies_before_its_commit_has_written_nothing(pool: ConnectionPool, log: FakeLog, reactor: Reactor):
    class Dying(Reactor):
        def _write(self, cursor: psycopg.Cursor[Any], position: int, batch: Batch) -> None:
            super()._write(cursor, position, batch)
            raise KeyboardInterrupt

    log.add(uuid4(), Happened())
    with pytest.raises(KeyboardInterrupt):
        Dying(pool, log, due).step()
    assert count(pool) == 0
    assert reactor.catch_up() == 1
    assert count(pool) == 2


def test_a_position_that_moved_meanwhile_takes_nothing_of_the_batch(pool: ConnectionPool, log: FakeLog, reactor: Reactor):
    class Late(FakeLog):
        def read(self, after: int, limit: int, types: Any = ()) -> Batch:
            rewind(pool, 999)
            return log.read(after, limit, types)

    log.add(uuid4(), Happened())
    reactor.catch_up()
    log.add(uuid4(), Happened())
    with pytest.raises(Overtaken):
        Reactor(pool, Late(), due).step()
    assert count(pool) == 2


def test_of_two_readers_one_leads_and_the_other_follows_when_it_is_gone(pool: ConnectionPool, log: FakeLog, reactor: Reactor):
    reading, go_on = threading.Event(), threading.Event()

    class Slow(FakeLog):
        def read(self, after: int, limit: int, types: Any = ()) -> Batch:
            reading.set()
            assert go_on.wait(10)
            return log.read(after, limit, types)

    log.add(uuid4(), Happened())
    first = threading.Thread(target=Reactor(pool, Slow(), due).step)
    first.start()
    assert reading.wait(10)
    assert not reactor.step().leading
    go_on.set()
    first.join(10)
    log.add(uuid4(), Happened())
    stage = reactor.step()
    assert stage.leading
    assert stage.events == 1
    assert count(pool) == 4


def test_a_poison_event_is_parked_and_the_rest_goes_on(pool: ConnectionPool, log: FakeLog, reactor: Reactor):
    log.add(uuid4(), Happened(), Happened(bad=True), Happened())
    assert reactor.catch_up() == 3
    assert count(pool) == 4
    assert [(each.position, each.error) for each in parked(pool, "effects")] == [(4, "ValueError: cannot be read")]


def test_a_parked_event_is_retried_or_passed_over_by_hand(pool: ConnectionPool, log: FakeLog, reactor: Reactor):
    log.add(uuid4(), Happened(bad=True), Happened(bad=True))
    reactor.catch_up()
    assert by_hand(pool, statements.ASK_REACTION, position=2)
    assert reactor.catch_up() == 1
    assert len(parked(pool, "effects")) == 2
    mended = Reactor(pool, log, lambda recorded: [Job(UUID(int=1), SendLetter("x", recorded.stream, 1), uuid4(), uuid4())])
    assert mended.catch_up() == 0
    assert by_hand(pool, statements.ASK_REACTION, position=2)
    assert mended.catch_up() == 1
    assert by_hand(pool, statements.FORGET_REACTION, position=4)
    assert parked(pool, "effects") == []
    assert count(pool) == 1


def test_the_position_moves_on_over_events_that_owe_nothing(pool: ConnectionPool, log: FakeLog):
    class Quiet(Value, frozen=True):
        pass

    last = log.add(uuid4(), Happened(), Quiet(), Quiet())
    Reactor(pool, log, due, [Happened]).catch_up()
    with pool.connection() as connection:
        assert connection.execute("SELECT position FROM reactions").fetchone() == (last,)


def test_a_reader_survives_the_loss_of_its_connections(pool: ConnectionPool, log: FakeLog, reactor: Reactor, database: str):
    stop, waiting = threading.Event(), threading.Event()

    def wait(_: float) -> None:
        waiting.set()
        stop.wait(0.01)

    running = threading.Thread(target=reactor.run, args=[stop, wait])
    running.start()
    assert waiting.wait(10)
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        log.add(uuid4(), Happened())
        for _ in range(3000):
            if other.execute("SELECT 1 FROM jobs").fetchall():
                break
            stop.wait(0.01)
    stop.set()
    running.join(10)
    assert count(pool) == 2

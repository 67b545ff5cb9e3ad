"""Readers never skip: nothing that commits late is passed, whatever else commits meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event
from typing import Any

import pytest
from psycopg_pool import ConnectionPool

from application.ports import Change
from infrastructure.eventlog.library.recorder import EventRecorder, PooledDatastore
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.mapper import Fact
from tests.infrastructure.eventlog.toys import PaidIn, TillOpened, meta, new_stream, tills
from tests.infrastructure.eventlog.variants import WithoutFloor, log_with

WRITERS = 8
APPENDS = 60
SEEDS = (11, 12, 13)

Recorder = Callable[[PooledDatastore], EventRecorder]


def append(log: PostgresLog) -> None:
    log.append([Change(new_stream(), tills, 0, [TillOpened()])], meta())


def read_around_an_open_append(pool: ConnectionPool[Any], recorder: Recorder, events: int) -> list[list[int]]:
    """What a tailing reader sees: while an append is open and another has committed, and after both have."""
    log = log_with(recorder(PooledDatastore(pool)))
    append(log)
    stream = new_stream()
    mapper = log.history.mapper
    facts = [mapper.to_stored_event(Fact(stream, version, "till", new_stream(), PaidIn(1))) for version in range(1, events + 1)]
    with pool.connection() as slow, slow.transaction():
        log.history.recorder.append(slow, facts, meta(), [(stream, events)])
        append(log)
        first = log.read(0, 10)
    second = log.read(first.upto, 10)
    return [[each.position for each in batch.events] for batch in (first, second)]


def test_a_reader_does_not_pass_an_append_that_is_still_open(pool: ConnectionPool[Any]):
    assert read_around_an_open_append(pool, EventRecorder, events=1) == [[1], [2, 3]]


def test_a_reader_does_not_pass_an_open_append_of_several_events(pool: ConnectionPool[Any]):
    assert read_around_an_open_append(pool, EventRecorder, events=3) == [[1], [2, 3, 4, 5]]


@pytest.mark.parametrize("events", [1, 3])
def test_without_the_floor_it_would(pool: ConnectionPool[Any], events: int):
    assert read_around_an_open_append(pool, WithoutFloor, events) == [[1, events + 2], []]


def test_the_librarys_way_of_reading_stops_there_too(pool: ConnectionPool[Any], log: PostgresLog):
    append(log)
    recorder = log.history.recorder
    with pool.connection() as slow, slow.transaction():
        fact = log.history.mapper.to_stored_event(Fact(new_stream(), 1, "till", new_stream(), PaidIn(1)))
        recorder.append(slow, [fact], meta(), [(fact.originator_id, 1)])  # pyright: ignore[reportArgumentType] - it is a UUID
        append(log)
        assert [each.id for each in recorder.select_notifications(None, 10)] == [1]
    assert [each.id for each in recorder.select_notifications(None, 10)] == [1, 2, 3]


def test_a_transaction_that_appends_nothing_holds_nobody_up(pool: ConnectionPool[Any], log: PostgresLog):
    with pool.connection() as idle, idle.transaction():
        idle.execute("SELECT pg_current_xact_id(), pg_advisory_xact_lock(1, 1)")
        append(log)
        assert log.stable() == 1


def write(log: PostgresLog, pool: ConnectionPool[Any], seed: int) -> None:
    """Slow appends, of several events, to several streams, and appends that are taken back."""
    random = Random(seed)  # noqa: S311 - pinned, so that a run can be repeated
    for _ in range(APPENDS):
        kind = random.random()
        if kind < 0.5:
            append(log)
        elif kind < 0.7:
            changes = [Change(new_stream(), tills, 0, [PaidIn(1)] * random.randint(0, 5)) for _ in range(random.randint(1, 3))]
            log.append(changes, meta())
        else:
            slow(log, pool, random)


def slow(log: PostgresLog, pool: ConnectionPool[Any], random: Random) -> None:
    stream, events = new_stream(), random.randint(1, 3)
    mapper = log.history.mapper
    facts = [mapper.to_stored_event(Fact(stream, version, "till", new_stream(), PaidIn(1))) for version in range(1, events + 1)]
    with pool.connection() as connection, connection.transaction(force_rollback=random.random() < 0.3):
        log.history.recorder.append(connection, facts, meta(), [(stream, events)])
        connection.execute("SELECT pg_sleep(%s)", [random.uniform(0, 0.004)])


def tail(log: PostgresLog, done: Event, seed: int) -> list[int]:
    random = Random(seed)  # noqa: S311 - pinned
    after, seen = 0, list[int]()
    while True:
        finished = done.is_set()
        batch = log.read(after, random.choice((1, 7, 500)))
        seen += [each.position for each in batch.events]
        if finished and not batch.events:
            return seen
        after = batch.upto


def simulate(pool: ConnectionPool[Any], recorder: Recorder, seed: int) -> tuple[list[int], list[list[int]]]:
    """All positions there are, and those that each of three tailing readers saw, in their order."""
    log = log_with(recorder(PooledDatastore(pool)))
    done = Event()
    with ThreadPoolExecutor() as readers, ThreadPoolExecutor(WRITERS) as writers:
        tails = [readers.submit(tail, log, done, seed + number) for number in range(3)]
        try:
            list(writers.map(lambda number: write(log, pool, seed * 100 + number), range(WRITERS)))
        finally:
            done.set()
        seen = [each.result() for each in tails]
    with pool.connection() as connection:
        rows = connection.execute("SELECT position FROM events ORDER BY position").fetchall()
    return [position for (position,) in rows], seen


@pytest.mark.parametrize("seed", SEEDS)
def test_tailing_readers_miss_nothing_repeat_nothing_and_keep_the_order(pool: ConnectionPool[Any], seed: int):
    written, seen = simulate(pool, EventRecorder, seed)
    assert len(written) > APPENDS * WRITERS / 2
    assert seen == [written] * 3


def test_without_the_floor_tailing_readers_miss_events(pool: ConnectionPool[Any]):
    assert any(
        set(positions) < set(written) for seed in SEEDS for written, seen in [simulate(pool, WithoutFloor, seed)] for positions in seen
    )

"""A command id is run once: given again, at the same time, or after a lost answer, it has the first result."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from application.handler import Appended, Handler
from application.ports import Unavailable
from application.rows import Reserve
from infrastructure.eventlog.library.recorder import PooledDatastore
from infrastructure.eventlog.log import PostgresLog
from infrastructure.postgres import open_pool
from tests.infrastructure.eventlog.toys import ALL, Draw, OpenTill, PayIn, keys, meta, new_stream
from tests.infrastructure.eventlog.variants import Killed, WithoutCommands, log_with

THREADS = 8


def at_once(run: Callable[[int], Appended]) -> list[Appended]:
    barrier = Barrier(THREADS)

    def started_together(number: int) -> Appended:
        barrier.wait()
        return run(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(started_together, range(THREADS)))


def answers(given: list[Appended]) -> set[tuple[UUID, int, int, Any]]:
    return {(each.stream, each.version, each.position, each.state) for each in given}


def number_of_events(log: PostgresLog) -> int:
    return len(log.read(0, 1000).events)


def test_one_after_the_other(handle: Handler, log: PostgresLog):
    given, stream = meta(), new_stream()
    first = handle(stream, PayIn(3, 2), given)
    handle(stream, PayIn(5), meta())
    again = handle(stream, PayIn(3, 2), given)
    assert answers([first]) == answers([again])
    assert (first.replayed, again.replayed) == (False, True)
    assert number_of_events(log) == 3


@pytest.mark.parametrize("times", [1, 2])
def test_at_the_same_time_on_one_stream(handle: Handler, log: PostgresLog, times: int):
    given, stream = meta(), new_stream()
    results = at_once(lambda _: handle(stream, PayIn(3, times), given))
    assert len(answers(results)) == 1
    assert sum(not each.replayed for each in results) == 1
    assert number_of_events(log) == times


def test_at_the_same_time_on_a_contended_stream(handle: Handler, log: PostgresLog):
    given, stream = meta(), new_stream()
    assert len(answers(at_once(lambda _: handle(stream, Draw(), given)))) == 1
    assert number_of_events(log) == 1


def test_at_the_same_time_each_proposing_a_new_stream_and_the_same_reservation(handle: Handler, log: PostgresLog):
    given = meta()

    def open_till(_: int) -> Appended:
        stream = new_stream()
        return handle(stream, OpenTill(), given, rows=[Reserve("email", b"ana", stream)])

    results = at_once(open_till)
    assert len(answers(results)) == 1
    assert number_of_events(log) == 1


def test_without_command_ids_it_would_run_more_than_once(pool: ConnectionPool[Any]):
    log = log_with(WithoutCommands(PooledDatastore(pool)))
    handle, given = Handler(log, ALL), meta()
    assert len(answers(at_once(lambda _: handle(new_stream(), PayIn(3), given)))) > 1
    assert number_of_events(log) == THREADS


@pytest.mark.parametrize("after_commit", [True, False])
@pytest.mark.parametrize("reserving", [True, False])
def test_a_lost_connection_is_survived_without_running_twice(pool: ConnectionPool[Any], *, after_commit: bool, reserving: bool):
    recorder = Killed(PooledDatastore(pool), after_commit=after_commit)
    log = log_with(recorder)
    stream = new_stream()
    rows = [Reserve("email", b"ana", stream)] if reserving else []
    done = Handler(log, ALL)(stream, PayIn(3), meta(), rows=rows)
    assert recorder.kills == 0
    assert done.replayed is (after_commit and not reserving)  # with rows there is a transaction, which the kill takes back
    assert (done.version, done.state.total) == (1, 3)
    assert number_of_events(log) == 1


def test_a_log_that_is_away_is_unavailable():
    with open_pool("postgresql://nobody@127.0.0.1:1/nothing", 1, wait_seconds=0.1) as pool:
        log = PostgresLog(pool, ALL, keys())
        for use in (
            lambda: log.load([new_stream()], new_stream()),
            lambda: log.append([], meta()),
            lambda: log.read(0, 1),
            lambda: Handler(log, ALL)(new_stream(), Draw(), meta()),
        ):
            with pytest.raises(Unavailable) as raised:
                use()
            assert raised.value.component == "postgres"
    with pytest.raises(Unavailable):
        log.append([], meta())


def test_reading_goes_on_after_every_connection_was_lost(log: PostgresLog, database: str):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert log.load([], new_stream()).before == []


def test_sixty_four_writers_on_a_contended_stream_all_get_their_turn(handle: Handler, log: PostgresLog):
    stream = new_stream()
    with ThreadPoolExecutor(64) as writers:
        drawn = list(writers.map(lambda _: handle(stream, Draw(), meta()).version, range(256)))
    assert sorted(drawn) == list(range(1, 257))
    assert [each.version for each in log.read(0, 1000).events] == list(range(1, 257))


def test_multi_stream_appends_in_opposite_order_do_not_deadlock(handle: Handler, log: PostgresLog):
    streams = [new_stream(), new_stream()]

    def pay_both(number: int) -> Appended:
        order = streams if number % 2 else streams[::-1]
        return handle.together([(stream, PayIn(1)) for stream in order], meta())[0]

    at_once(pay_both)
    assert number_of_events(log) == 2 * THREADS

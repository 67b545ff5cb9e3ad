"""Readers hear of what was committed, once for many commits, and of nothing else; what they do not hear of they find by looking."""

from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from application.ports import Change, Conflict
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.wake import CHANNEL, Bell, Waker
from tests.infrastructure.eventlog.toys import TillOpened, keys, meta, new_stream, tills

Pool = ConnectionPool[Any]

KILL = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_a_reader_is_woken_also_by_what_came_between_listening_and_waiting(database: str):
    with Waker(database) as waker, psycopg.connect(database, autocommit=True) as other:
        other.execute(f"NOTIFY {CHANNEL}")
        assert waker.wait(10)


def test_a_reader_is_woken_by_a_bell(database: str):
    bell = Bell(database)
    with Waker(database) as waker:
        bell(1)
        assert waker.wait(10)
    bell.close()


def test_a_reader_that_nobody_wakes_polls(database: str):
    with Waker(database) as waker:
        assert not waker.wait(0.01)


def test_many_commits_are_told_in_few_notifications(database: str):
    with psycopg.connect(database, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        bell = Bell(database)
        for position in range(1, 10_001):
            bell(position)
        told: list[int] = []
        for notice in listener.notifies(timeout=10):
            told.append(int(notice.payload))
            if told[-1] == 10_000:
                break
        bell.close()
    assert told[-1] == 10_000
    assert len(told) < 1_000


def test_a_lost_connection_is_made_again_and_wakes_the_reader(database: str):
    with Waker(database) as waker, psycopg.connect(database, autocommit=True) as killer:
        killer.execute(KILL)
        assert waker.wait(10)  # lost: something may have been missed
        assert waker.wait(10)  # back, and the same again
        assert not waker.wait(0.01)
        killer.execute(f"NOTIFY {CHANNEL}")
        assert waker.wait(10)


def test_a_bell_rings_again_after_its_connection_was_lost(database: str):
    bell = Bell(database)
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(f"LISTEN {CHANNEL}")
        bell(1)
        assert [notice.payload for notice in other.notifies(timeout=10, stop_after=1)] == ["1"]
        other.execute(KILL)
        bell(2)  # what could not be told waits for no later commit
        assert [notice.payload for notice in other.notifies(timeout=10, stop_after=1)] == ["2"]
    bell.close()


def test_an_append_tells_nobody_itself_and_does_not_wait_for_who_does(pool: Pool, database: str):
    bell = Bell("postgresql://nobody@127.0.0.1:1/nowhere")
    log = PostgresLog(pool, [tills], keys(), on_commit=bell)
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(f"LISTEN {CHANNEL}")
        assert log.append([Change(new_stream(), tills, 0, [TillOpened()])], meta())[0].position
        other.execute("NOTIFY after_it")
        other.execute("LISTEN after_it")
        other.execute("NOTIFY after_it")
        assert [notice.channel for notice in other.notifies(timeout=10, stop_after=1)] == ["after_it"]
    bell.close()


def test_an_append_that_comes_to_nothing_rings_for_nobody(pool: Pool):
    heard: list[int] = []
    log = PostgresLog(pool, [tills], keys(), on_commit=heard.append)
    stream = new_stream()
    [opened] = log.append([Change(stream, tills, 0, [TillOpened()])], meta())
    with pytest.raises(Conflict):
        log.append([Change(stream, tills, 0, [TillOpened()])], meta())
    assert heard == [opened.position]

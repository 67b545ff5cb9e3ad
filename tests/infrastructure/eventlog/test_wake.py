import psycopg

from infrastructure.eventlog.wake import CHANNEL, Bell, Waker

KILL = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_a_reader_is_woken_also_by_what_came_between_listening_and_waiting(database: str):
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
        told: list[str] = []
        for position in range(2, 100):
            bell(position)
            told += [notice.payload for notice in other.notifies(timeout=0.2, stop_after=1)]
            if told:
                break
        assert told
    bell.close()

"""Health is told within a bound, whatever hangs, and each component apart from the others."""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import pytest

from infrastructure import health
from infrastructure.health import SystemHealth
from infrastructure.postgres import open_pool
from projections.health import Component, Unwell

Checks = Mapping[str, Callable[[], str]]


@contextmanager
def looking(url: str, **checks: Callable[[], str]) -> Generator[SystemHealth]:
    with open_pool(url, 2) as pool:
        system = SystemHealth(pool, checks, "effects")
        yield system
        system.close()


def found(system: SystemHealth) -> dict[str, Component]:
    return {each.name: each for each in system.components()}


def fine() -> str:
    return "fine"


def test_all_is_well(database: str):
    with looking(database, redis=fine) as system:
        assert [(each.name, each.status) for each in system.components()] == [
            ("postgres", "ok"),
            ("projections", "ok"),
            ("effects", "ok"),
            ("redis", "ok"),
        ]


def test_what_fails_and_what_ails_show_apart(database: str):
    def away() -> str:
        raise ConnectionError("redis://user:secret@host")

    def ailing() -> str:
        raise Unwell("some indices cannot be searched")

    with looking(database, redis=away, opensearch=ailing) as system:
        components = found(system)
        assert (components["redis"].status, components["redis"].detail) == ("down", "ConnectionError")
        assert (components["opensearch"].status, components["opensearch"].detail) == ("degraded", "some indices cannot be searched")
        assert components["postgres"].status == "ok"


def test_what_hangs_is_down_and_is_not_asked_again_while_it_does(database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "PATIENCE", 0.2)
    monkeypatch.setattr(health, "FRESH", 0.0)
    release, asked = threading.Event(), 0

    def hanging() -> str:
        nonlocal asked
        asked += 1
        release.wait(30)
        return "back"

    with looking(database, opensearch=hanging) as system:
        assert found(system)["opensearch"].detail == "no answer within 0.2 seconds"
        assert found(system)["opensearch"].status == "down"
        assert asked == 1
        release.set()
        system.components()
        assert found(system)["opensearch"].status == "ok"


def test_an_answer_serves_everyone_for_a_moment(database: str):
    asked = 0

    def counting() -> str:
        nonlocal asked
        asked += 1
        return "fine"

    with looking(database, redis=counting) as system:
        first = system.components()
        assert system.components() is first
        assert asked == 1


def test_without_postgres_it_says_so():
    with looking("postgresql://nobody@127.0.0.1:1/none") as system:
        assert {name: each.status for name, each in found(system).items()} == dict.fromkeys(("postgres", "projections", "effects"), "down")


def test_a_read_model_that_is_late_or_has_parked_events_is_not_well(database: str):
    with looking(database) as system, open_pool(database, 1) as pool, pool.connection() as connection:
        connection.execute("INSERT INTO projection_positions (name, version) VALUES ('pages', 1)")
        connection.execute(
            "INSERT INTO parked_events (projection, version, position, sequence, stream, stream_version, type, error)"
            " VALUES ('pages', 1, 7, 's', gen_random_uuid(), 1, 't', 'e')"
        )
        connection.execute("UPDATE parked_events SET parked_at = parked_at - interval '60 s'")
        (lag,) = system.lags()
        assert (lag.projection, lag.parked, lag.seconds) == ("pages", 1, 0.0)
        assert 60 <= lag.oldest_parked < 90
        assert found(system)["projections"].detail.startswith("pages has 1 parked events, the first for 6")


def test_the_head_runs_before_what_may_be_read_while_an_append_is_open(database: str):
    with looking(database) as system, open_pool(database, 2) as pool, pool.connection() as slow, pool.connection() as connection:
        connection.execute("INSERT INTO projection_positions (name, version, taken) VALUES ('pages', 1, 5)")
        with slow.transaction():
            slow.execute("SELECT pg_advisory_xact_lock_shared(last_value) FROM events_position")
            slow.execute("SELECT nextval('events_position')")
            (lag,) = system.lags()
            assert (lag.stable, lag.head, lag.taken) == (0, 1, 5)
        (lag,) = system.lags()
        assert (lag.stable, lag.head, lag.events) == (1, 1, 1)


PARKED = """
    INSERT INTO parked_reactions (reader, position, event_id, stream, type, error, parked_at)
    VALUES (%s, 7, gen_random_uuid(), gen_random_uuid(), 't', 'e', now())
"""
JOB = """
    INSERT INTO jobs (id, kind, work, event_id, correlation_id, state, due_at, attempts)
    VALUES (gen_random_uuid(), 'k', '{}', gen_random_uuid(), gen_random_uuid(), %s, now() + %s, %s)
"""
EVENT = """
    INSERT INTO events (position, version, recorded_at, stream, event_id, actor, command_id, correlation_id, schema, kind, type, data)
    SELECT nextval('events_position'), 1, now() - interval '60 s', id, id, id, id, id, 1, 'k', 't', '{}' FROM gen_random_uuid() AS id
    RETURNING position
"""


def test_effects_that_nobody_looks_after_are_not_well(database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "FRESH", 0.0)
    with looking(database) as system, open_pool(database, 1) as pool, pool.connection() as connection:
        connection.execute(PARKED, ("another",))
        connection.execute(JOB, ("due", timedelta(seconds=60), 1))
        connection.execute(JOB, ("due", timedelta(days=60), 0))  # a deadline
        well = found(system)["effects"]
        assert (well.status, well.detail) == ("ok", "1 jobs wait")
        connection.execute(PARKED, ("effects",))
        connection.execute(JOB, ("due", timedelta(seconds=-60), 0))
        connection.execute(JOB, ("dead", timedelta(0), 1))
        owed = system.owed()
        assert (owed.position, owed.seconds, owed.parked, owed.waiting, owed.dead) == (0, 0.0, 1, 2, 1)
        assert 60 <= owed.overdue < 90
        ails = found(system)["effects"]
        assert ails.status == "degraded"
        assert "1 events are parked; a job has been due for 6" in ails.detail
        assert "1 jobs were given up" in ails.detail


def test_effects_fall_behind_where_nobody_reads_the_log_for_them(database: str):
    with looking(database) as system, open_pool(database, 1) as pool, pool.connection() as connection:
        (position,) = connection.execute(EVENT).fetchone() or (0,)
        assert 60 <= system.owed().seconds < 90
        connection.execute("INSERT INTO reactions (reader, position) VALUES ('effects', %s)", (position,))
        assert (system.owed().position, system.owed().seconds) == (position, 0.0)

"""Health is told within a bound, whatever hangs, and each component apart from the others."""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

import pytest

from infrastructure import health
from infrastructure.health import SystemHealth
from infrastructure.postgres import open_pool
from projections.health import Component, Unwell

Checks = Mapping[str, Callable[[], str]]


@contextmanager
def looking(url: str, **checks: Callable[[], str]) -> Generator[SystemHealth]:
    with open_pool(url, 2) as pool:
        system = SystemHealth(pool, checks)
        yield system
        system.close()


def found(system: SystemHealth) -> dict[str, Component]:
    return {each.name: each for each in system.components()}


def fine() -> str:
    return "fine"


def test_all_is_well(database: str):
    with looking(database, redis=fine) as system:
        assert [(each.name, each.status) for each in system.components()] == [("postgres", "ok"), ("projections", "ok"), ("redis", "ok")]


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
        assert {name: each.status for name, each in found(system).items()} == {"postgres": "down", "projections": "down"}


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

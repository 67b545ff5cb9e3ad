"""Rebuilds as a worker does them by itself, beside queries that go on."""

import threading
from contextlib import closing
from time import monotonic
from typing import Any, LiteralString, cast

import psycopg
import pytest

from infrastructure.operations import statements
from infrastructure.projector import lanes
from infrastructure.projector.rebuilding import builder, postgres
from infrastructure.projector.rebuilding.postgres import PostgresSite
from infrastructure.projector.runner import Runner
from infrastructure.readstores import redis
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.readstores.redis import keys
from projections.view import Projection
from tests.fakes.boats import Moored, Painted, boat, boats, coats, lying, paintings
from tests.fakes.log import FakeLog
from tests.infrastructure.projector.harbours import InRedis
from tests.infrastructure.projector.rebuilding.vandal import spoil
from tests.infrastructure.projector.rebuilding.yard import Yard
from tests.infrastructure.threads import running

PATIENCE = 60.0
in_redis = pytest.mark.parametrize("harbour", ["redis"], indirect=True)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "POLL", 0.02)
    monkeypatch.setattr(lanes, "LOOK", 0.02)
    monkeypatch.setattr(builder, "LOOK", 0.02)


def worker(log: FakeLog, database: str, *projections: Projection) -> Runner:
    return Runner(projections, log, database, {"postgres": PostgresStore}, sites={"postgres": PostgresSite})


def ask(database: str, statement: LiteralString, **values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        found = connection.execute(statement, values)
        return found.fetchall() if found.description else []


def until(database: str, statement: LiteralString, expected: list[tuple[Any, ...]], **values: Any) -> None:
    deadline = monotonic() + PATIENCE
    pause = threading.Event()
    while (found := ask(database, statement, **values)) != expected:
        assert monotonic() < deadline, found
        pause.wait(0.02)


def asked_for(database: str, projection: Projection, purpose: str = "rebuild") -> int:
    ((generation,),) = ask(database, statements.NEXT_GENERATION, projection=projection.name)
    ask(database, statements.ASK_REBUILD, projection=projection.name, generation=generation, purpose=purpose)
    return generation


@pytest.fixture
def full(log: FakeLog) -> FakeLog:
    for number in range(200):
        log.add(boat(number), Moored(boat(number), f"boat {number}"), Painted(boat(number), "red"))
    return log


STATES: LiteralString = "SELECT state FROM projection_rebuilds WHERE name = %(name)s ORDER BY generation"


def test_queries_with_prepared_statements_see_every_row_at_any_moment_of_many_switches(database: str, full: FakeLog):
    """A statement is prepared before the switch, and names a table that another takes the place of."""
    stop = threading.Event()
    wrong: list[Any] = []
    asked = [0]

    def reads() -> None:
        with psycopg.connect(database, autocommit=True, prepare_threshold=0) as connection:
            while not stop.is_set():
                try:
                    found = connection.execute(f"SELECT count(*), max(key::text) FROM {boats.table}".encode()).fetchall()
                    one = connection.execute(f"SELECT document FROM {boats.table} WHERE key = %s".encode(), [boat(7)]).fetchall()
                except psycopg.Error as error:
                    wrong.append(error)
                    return
                asked[0] += 1
                if found != [(200, str(boat(199)))] or len(one) != 1:
                    wrong.append((found, one))

    with running(worker(full, database, boats).run):
        until(database, "SELECT position FROM projection_positions", [(full.stable(),)])
        readers = [threading.Thread(target=reads) for _ in range(2)]
        for each in readers:
            each.start()
        for number in range(5):
            asked_for(database, boats)
            until(database, STATES, [("done",)] * number + [("switched",)], name="boats")
        stop.set()
        for each in readers:
            each.join(PATIENCE)
    assert wrong == []
    assert asked[0] > 20


def test_a_query_that_takes_long_does_not_hold_up_the_others_and_the_switch_comes_after_it(
    database: str, full: FakeLog, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(postgres, "LOCK_MILLISECONDS", 50)
    monkeypatch.setattr(builder, "AGAIN", 0.2)
    with running(worker(full, database, boats).run):
        until(database, "SELECT position FROM projection_positions", [(full.stable(),)])
        with psycopg.connect(database) as slow:
            slow.execute(f"SELECT count(*) FROM {boats.table}".encode())  # its transaction stays open
            asked_for(database, boats)
            until(database, STATES, [("ready",)], name="boats")
            for _ in range(20):
                began = monotonic()
                ask(database, f"SELECT count(*) FROM {boats.table}")  # pyright: ignore[reportArgumentType]
                assert monotonic() - began < 5
            assert ask(database, STATES, name="boats") == [("ready",)]
        until(database, STATES, [("switched",)], name="boats")


def test_a_feed_is_compared_and_never_replaced(database: str, full: FakeLog):
    with closing(worker(full, database, paintings)) as following:
        following.catch_up()
        asked_for(database, paintings)
        following.catch_up()
        assert ask(database, "SELECT state, error FROM projection_rebuilds") == [
            ("failed", "TypeError: consumers have read what a feed has told, and it stays")
        ]
        asked_for(database, paintings, "check")
        following.catch_up()
        assert ask(database, "SELECT differences FROM projection_rebuilds WHERE state = 'done'") == [(0,)]
        ask(database, f"UPDATE {paintings.table} SET data = '{{}}' WHERE position = 4")  # pyright: ignore[reportArgumentType]
        asked_for(database, paintings, "check")
        following.catch_up()
    found = ask(database, "SELECT differences, report -> 'first' -> 0 FROM projection_rebuilds ORDER BY generation DESC LIMIT 1")
    assert found == [(1, {"where": paintings.table, "key": "4", "kind": "differs", "fields": ["data"]})]


def test_several_read_models_are_built_one_after_the_other(database: str, full: FakeLog):
    with closing(worker(full, database, boats, coats)) as following:
        following.catch_up()
        asked_for(database, boats)
        asked_for(database, coats)
        following.catch_up()
    assert ask(database, "SELECT name, state FROM projection_rebuilds ORDER BY name") == [("boats", "switched"), ("coats", "switched")]


def test_a_worker_has_a_connection_for_each_lane_one_to_see_what_is_asked_and_one_to_build_by(database: str, full: FakeLog):
    open_: LiteralString = (
        "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name LIKE 'tradewind project%%' ORDER BY application_name"
    )
    with closing(worker(full, database, boats, coats)) as following:
        following.catch_up()
        idle = [("tradewind project builder",), ("tradewind project postgres",)]
        assert ask(database, open_, n=0) == idle
        asked_for(database, boats)
        following._builder.turn()  # pyright: ignore[reportPrivateUsage, reportOptionalMemberAccess]
        assert ask(database, open_, n=0) == [idle[0], ("tradewind project building",), idle[1]]
        following.catch_up()
        following.catch_up()
        until(database, open_, idle, n=0)
    until(database, open_, [], n=0)


def test_rows_asked_for_are_made_by_a_worker_at_work(database: str, full: FakeLog):
    with running(worker(full, database, boats).run):
        until(database, "SELECT position FROM projection_positions", [(full.stable(),)])
        ask(database, f"UPDATE {boats.table} SET document = '{{}}' WHERE key = '{boat(3)}'")  # pyright: ignore[reportArgumentType]
        ask(database, statements.ASK_REFOLD, projection="boats", keys=[str(boat(3))])
        until(database, "SELECT count(*) FROM projection_refolds", [(0,)])
    assert ask(database, f"SELECT document ->> 'name' FROM {boats.table} WHERE key = '{boat(3)}'") == [("boat 3",)]  # pyright: ignore[reportArgumentType]


@in_redis
def test_a_switch_that_redis_has_lost_is_made_once_more(yard: Yard):
    """As after a crash of Redis that took its last second: what was built is there, and what is served is the old one."""
    spoil(yard.harbour)
    yard.asked_for()
    yard.build()
    client = cast("Any", cast("InRedis", yard.harbour).client)
    served, beside, replaced = keys(lying), keys(lying, "g2:"), keys(lying, "replaced:")
    for name in ("position", "state", "counts"):
        client.rename(getattr(served, name), getattr(beside, name))
        client.rename(getattr(replaced, name), getattr(served, name))
    client.set(served.generation, 1)
    assert not yard.right()
    yard.worker.close()
    yard.log.add(boat(1), Painted(boat(1), "blue"))
    yard.caught_up()
    assert yard.right()


@in_redis
def test_a_worker_that_has_read_before_the_switch_takes_nothing_after_it(yard: Yard, monkeypatch: pytest.MonkeyPatch):
    """What it has read is of the old one, which may be wrong; at the same position the new one must not get it."""
    spoil(yard.harbour)
    yard.asked_for()
    folded, once = redis.folded, [True]

    def meanwhile(*given: Any) -> Any:
        made = folded(*given)
        if once:
            once.clear()
            yard.log.held = yard.log.events[-2].position
            yard.build()
            yard.log.held = None
        return made

    yard.log.add(boat(1), Painted(boat(1), "blue"))
    monkeypatch.setattr(redis, "folded", meanwhile)
    yard.caught_up()
    assert yard.generation() == 2
    assert yard.right()

"""Workers that come and go, engines that are away: read models get there all the same."""

import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from time import monotonic
from typing import Any

import psycopg
import pytest

from infrastructure.projector import lanes, leases
from infrastructure.projector.runner import Runner, Stores
from infrastructure.readstores import bookkeeping
from infrastructure.readstores.opensearch import OpenSearchStore
from infrastructure.readstores.opensearch import connect as opensearch_client
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.readstores.redis import RedisStore
from infrastructure.readstores.redis import connect as redis_client
from projections.view import Projection, View
from tests.fakes.boats import Moored, Painted, boat, boats, coats, lying, paintings, quay
from tests.fakes.log import FakeLog
from tests.fakes.proxy import Wire
from tests.infrastructure.threads import running

PATIENCE = 60.0
TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name LIKE 'tradewind project%' AND datname = current_database()
"""


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "POLL", 0.02)
    monkeypatch.setattr(lanes, "LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(leases, "TRY_EVERY", 0.02)


class Seen:
    """What a runner says of its progress, and waiting for it."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int, int]] = []
        self._changed = threading.Condition()

    def __call__(self, projection: Projection, position: int, events: int) -> None:
        with self._changed:
            self.steps.append((projection.name, position, events))
            self._changed.notify_all()

    def reached(self, name: str, position: int) -> bool:
        return any(step[0] == name and step[1] >= position for step in self.steps)

    def wait_for(self, name: str, position: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.reached(name, position), PATIENCE), f"{name} did not reach {position}"

    def events(self, name: str) -> int:
        return sum(step[2] for step in self.steps if step[0] == name)


def rows(database: str, table: str) -> int:
    with psycopg.connect(database) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    return found[0] if found else 0


def test_of_two_workers_one_works_on_a_read_model_and_the_other_takes_over(database: str, log: FakeLog):
    stores: Stores = {"postgres": PostgresStore}
    first, second = Seen(), Seen()
    log.add(boat(1), Moored(boat(1), "Aurora"))
    with closing(Runner([boats], log, database, stores, progress=first)) as holder:
        holder.catch_up()
        with running(Runner([boats], log, database, stores, progress=second).run):
            log.add(boat(1), Painted(boat(1), "red"))
            holder.catch_up()
            assert second.steps == []
            position = log.add(boat(1), Painted(boat(1), "blue"))
            holder.close()  # as when the worker dies: its connection ends, and its leases with it
            second.wait_for("boats", position)
    assert first.events("boats") == 2
    assert second.events("boats") == 1


def test_without_a_lease_nothing_is_projected(database: str, log: FakeLog):
    stores: Stores = {"postgres": PostgresStore}
    log.add(boat(1), Moored(boat(1), "Aurora"))
    with closing(Runner([boats], log, database, stores)) as holder, closing(Runner([boats], log, database, stores)) as other:
        holder.catch_up()
        log.add(boat(1), Painted(boat(1), "red"))
        with pytest.raises(TimeoutError):
            other.catch_up(timeout=0.2)


def test_a_lost_database_connection_is_made_again(database: str, log: FakeLog):
    seen = Seen()
    with running(Runner([boats, paintings], log, database, {"postgres": PostgresStore}, progress=seen, batch=5).run):
        for turn in range(5):
            position = log.add(boat(turn), Moored(boat(turn), "Aurora"), *[Painted(boat(turn), "red")] * 20)
            seen.wait_for("boats", position - 30)
            with psycopg.connect(database, autocommit=True) as other:
                other.execute(TERMINATE)
        seen.wait_for("boats", log.stable())
        seen.wait_for(paintings.name, log.stable())
    assert rows(database, boats.table) == 5
    assert rows(database, paintings.table) == 100


@pytest.fixture(params=["redis", "opensearch"])
def far(request: pytest.FixtureRequest) -> Iterator[tuple[Projection, Wire, Stores]]:
    """An engine at the end of a wire, beside Postgres."""
    if request.param == "redis":
        own = request.getfixturevalue("worker_number")  # the database that only this worker's tests use
        with Wire(request.getfixturevalue("redis_url")) as wire, redis_client(f"redis://{wire.address}/{own}", timeout=2) as client:
            yield lying, wire, {"redis": lambda connection: RedisStore(connection, client), "postgres": PostgresStore}
        return
    prefix = request.getfixturevalue("index_prefix")
    with Wire(request.getfixturevalue("opensearch_url")) as wire:
        client = opensearch_client(f"http://{wire.address}", timeout=5)
        yield quay, wire, {"opensearch": lambda connection: OpenSearchStore(connection, client, prefix), "postgres": PostgresStore}
        client.close()


def test_while_an_engine_is_away_the_others_go_on_and_it_catches_up(database: str, log: FakeLog, far: tuple[Projection, Wire, Stores]):
    projection, wire, stores = far
    seen = Seen()
    with running(Runner([boats, projection], log, database, stores, progress=seen).run):
        position = log.add(boat(1), Moored(boat(1), "Aurora"))
        seen.wait_for(projection.name, position)
        wire.cut()
        position = log.add(boat(2), Moored(boat(2), "Borea"))
        seen.wait_for("boats", position)
        assert not seen.reached(projection.name, position)
        wire.mend()
        seen.wait_for(projection.name, position)


def test_an_engine_that_is_away_at_the_start_is_waited_for(database: str, log: FakeLog, far: tuple[Projection, Wire, Stores]):
    projection, wire, stores = far
    seen = Seen()
    wire.cut()
    position = log.add(boat(1), Moored(boat(1), "Aurora"))
    with running(Runner([boats, projection], log, database, stores, progress=seen).run):
        seen.wait_for("boats", position)
        wire.mend()
        seen.wait_for(projection.name, position)


def test_a_read_model_that_is_declared_wrongly_holds_up_no_other(database: str, log: FakeLog):
    wrong: View[Any] = View("wrong", boats.document, boats.key, boats.evolve, boats.events, columns={"name": "no_such_type"})
    seen = Seen()
    position = log.add(boat(1), Moored(boat(1), "Aurora"))
    with running(Runner([wrong, boats], log, database, {"postgres": PostgresStore}, progress=seen).run):
        seen.wait_for("boats", position)
    with closing(Runner([wrong], log, database, {"postgres": PostgresStore})) as runner, pytest.raises(psycopg.errors.UndefinedObject):
        runner.catch_up()
    assert rows(database, "parked_events") == 0


def test_events_above_the_stable_position_wait(database: str, log: FakeLog):
    log.add(boat(1), Moored(boat(1), "Aurora"))
    log.held = log.stable()
    log.add(boat(2), Moored(boat(2), "Borea"))
    with closing(Runner([boats], log, database, {"postgres": PostgresStore})) as runner:
        assert runner.catch_up() == log.held
        assert rows(database, boats.table) == 1
        log.held = None
        runner.catch_up()
        assert rows(database, boats.table) == 2


def test_a_lane_that_is_woken_does_not_wait_for_its_next_look(database: str, log: FakeLog, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "POLL", 30.0)
    seen = Seen()
    rung = threading.Event()

    def wait(seconds: float) -> None:
        rung.wait(min(seconds, 0.05))

    with running(partial(Runner([boats], log, database, {"postgres": PostgresStore}, progress=seen).run, wait=wait)):
        position = log.add(boat(1), Moored(boat(1), "Aurora"))
        began = monotonic()
        rung.set()
        seen.wait_for("boats", position)
        assert monotonic() - began < 5


def test_what_happens_in_a_moment_is_taken_by_all_read_models_at_once_and_told(database: str, log: FakeLog):
    with closing(Runner([boats, paintings, coats], log, database, {"postgres": PostgresStore})) as runner:
        runner.catch_up()
        log.add(boat(1), Moored(boat(1), "Aurora"), Painted(boat(1), "red"))
        with psycopg.connect(database, autocommit=True) as other:
            other.execute(f"LISTEN {bookkeeping.CHANNEL}")
            runner.catch_up()
            assert len(list(other.notifies(timeout=10, stop_after=1))) == 1
            transactions = other.execute("SELECT DISTINCT xmin FROM projection_positions").fetchall()
    assert len(transactions) == 1


def test_more_than_a_few_events_are_taken_by_each_read_model_for_itself(database: str, log: FakeLog):
    with closing(Runner([boats, paintings], log, database, {"postgres": PostgresStore})) as runner:
        log.add(boat(1), Moored(boat(1), "Aurora"), *(Painted(boat(1), "red") for _ in range(lanes.FEW)))
        runner.catch_up()
    with psycopg.connect(database) as connection:
        assert len(connection.execute("SELECT DISTINCT xmin FROM projection_positions").fetchall()) == 2


@pytest.mark.parametrize("taken_first", [False, True])
def test_where_not_all_can_take_it_together_each_takes_it_once_alone(database: str, log: FakeLog, taken_first: bool):
    class Failing(PostgresStore):
        def take_together(self, steps: Any, idle: Any, after: int, upto: int) -> Any:
            if taken_first:
                super().take_together(steps, idle, after, upto)
            raise RuntimeError("one of them cannot")

    with closing(Runner([boats, coats, paintings], log, database, {"postgres": Failing})) as runner:
        log.add(boat(1), Moored(boat(1), "Aurora"), Painted(boat(1), "red"))
        runner.catch_up()
    with psycopg.connect(database) as connection:
        taken = connection.execute("SELECT name, taken FROM projection_positions ORDER BY name").fetchall()
    assert taken == [("boats", 2), (coats.name, 2), (paintings.name, 1)]

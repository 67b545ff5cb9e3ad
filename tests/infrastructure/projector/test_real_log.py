"""The whole way: commands on the real log by many writers, followed live by a projector of its own."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from application.handler import Handler
from domain.values import Value
from infrastructure.eventlog import statements
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.wake import Bell, Waker
from infrastructure.postgres import open_pool
from infrastructure.projector import lanes
from infrastructure.projector.runner import Runner, Stores
from infrastructure.readstores.postgres import PostgresStore
from projections.ports import Batch
from projections.view import Feed, View
from tests.infrastructure.eventlog.toys import ALL, PaidIn, PayIn, keys, meta

STREAMS = [UUID(int=number) for number in range(1, 7)]
EACH = 25


class Takings(Value, frozen=True):
    total: int = 0
    payments: int = 0


def evolve(takings: Takings | None, event: PaidIn) -> Takings:
    before = takings or Takings()
    return replace(before, total=before.total + event.amount, payments=before.payments + 1)


class Receipt(Value, frozen=True):
    amount: int
    before: int


def receipt(before: Takings | None, event: PaidIn) -> Receipt:
    return Receipt(event.amount, 0 if before is None else before.payments)


takings: View[Takings] = View(
    "takings", Takings, key=lambda _event: "all", evolve=evolve, events=(PaidIn,), columns={"total": "bigint"}, key_type="text"
)
receipts: Feed[Takings] = Feed(
    "receipts",
    "Every payment.",
    known=Takings,
    key=lambda _event: "all",
    evolve=evolve,
    public=receipt,
    events=(PaidIn,),
    payloads=(Receipt,),
)
STORES: Stores = {"postgres": PostgresStore}


@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_every_event_of_many_writers_is_projected_once_and_in_order(database: str, batch: int):
    stop = threading.Event()
    with open_pool(database, 8) as pool, closing(Bell(database)) as bell, Waker(database) as waker:
        log = PostgresLog(pool, ALL, keys(), on_commit=bell)
        handle = Handler(log, ALL)
        reached: dict[str, int] = {}
        moved = threading.Condition()

        def progress(projection: Any, position: int, _events: int) -> None:
            with moved:
                reached[projection.name] = position
                moved.notify_all()

        runner = Runner([takings, receipts], log, database, STORES, progress=progress, batch=batch)
        following = threading.Thread(target=runner.run, args=(stop, waker.wait))
        following.start()
        with ThreadPoolExecutor(len(STREAMS)) as writers:
            list(writers.map(lambda stream: [handle(stream, PayIn(2), meta()) for _ in range(EACH)], STREAMS))
        goal = log.stable()
        with moved:
            assert moved.wait_for(lambda: len(reached) == 2 and min(reached.values()) >= goal, 20)
        stop.set()
        following.join()

    count = len(STREAMS) * EACH
    with psycopg.connect(database) as connection:
        events = connection.execute("SELECT position, event_id, version FROM events ORDER BY position").fetchall()
        told = connection.execute(f"SELECT position, id, data::json FROM {receipts.table} ORDER BY position".encode()).fetchall()
        assert told == [(position, id, {"amount": 2, "before": before}) for before, (position, id, _) in enumerate(events)]
        assert connection.execute(f"SELECT document, version FROM {takings.table}".encode()).fetchall() == [
            ({"total": 2 * count, "payments": count}, events[-1][2])
        ]
        assert connection.execute("SELECT name, taken FROM projection_positions ORDER BY name").fetchall() == [
            ("feed_receipts", count),
            ("takings", count),
        ]


class Watched(PostgresLog):
    """Says when somebody has read it while an append was under way."""

    def __init__(self, pool: Any) -> None:
        super().__init__(pool, ALL, keys())
        self.held = threading.Event()

    def read(self, after: int, limit: int, types: Sequence[type[Value]] = ()) -> Batch:
        batch = super().read(after, limit, types)
        if batch.under_way:
            self.held.set()
        return batch


def test_an_event_behind_an_append_that_comes_to_nothing_waits_for_no_other(database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "POLL", 3600.0)
    stop, reached = threading.Event(), threading.Event()
    with open_pool(database, 4) as pool:
        log = Watched(pool)
        runner = Runner([takings], log, database, STORES, progress=lambda _projection, _position, events: reached.set() if events else None)
        following = threading.Thread(target=runner.run, args=(stop, lambda _seconds: stop.wait()))  # nobody wakes it
        with pool.connection() as slow:
            slow.execute("BEGIN")
            slow.execute(statements.FLOOR)
            slow.execute("SELECT nextval('events_position')")
            Handler(log, ALL)(STREAMS[0], PayIn(2), meta())
            following.start()
            assert log.held.wait(20)
            assert not reached.is_set()
            slow.execute("ROLLBACK")  # of which nobody tells
        found = reached.wait(20)
        stop.set()
        following.join()
    assert found

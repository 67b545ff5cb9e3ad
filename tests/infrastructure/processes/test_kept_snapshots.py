"""From commands over the real log to a snapshot that the next command begins at."""

from datetime import UTC, datetime
from uuid import uuid4

from application.effects.due import EVENTS, due
from application.effects.job import Job
from application.effects.job import KeepSnapshot as Work
from application.handler import Handler
from application.jobs.keep_snapshot import KeepSnapshot
from application.ports import Meta
from domain.registry import DECIDERS
from domain.stock.commands import ReceiveStock
from domain.stock.stock import stock_id, stocks
from domain.values import SYSTEM
from infrastructure.eventlog.log import PostgresLog
from infrastructure.jobs.queue import Queue
from infrastructure.jobs.worker import Worker
from infrastructure.keys import PersonalKeys
from infrastructure.postgres import open_pool
from infrastructure.reactor.reactor import Reactor

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_what_a_stock_has_come_to_is_kept_as_it_grows(database: str):
    seller = uuid4()
    milk = stock_id(seller, "MILK-1L")
    assert stocks.snapshot_every
    with open_pool(database, 4) as pool:
        log = PostgresLog(pool, DECIDERS, PersonalKeys(bytes(32)))
        handle, keep = Handler(log, DECIDERS), KeepSnapshot(log, DECIDERS)

        def do(job: Job) -> None:
            if isinstance(job.work, Work):
                keep(job.work)

        for _ in range(stocks.snapshot_every + 1):
            command = uuid4()
            handle(milk, ReceiveStock(milk, seller, "MILK-1L", "main", 1, SYSTEM, NOW), Meta(command, seller, command))
        Reactor(pool, log, due, EVENTS).catch_up()
        Worker(Queue(pool), do).empty()
        loaded = log.load([milk], uuid4(), kinds=["stock"])
        reached = handle.state(milk, stocks)
        assert loaded.snapshots[milk].version == log.stream(milk)[-1].version >= stocks.snapshot_every
    assert loaded.streams[milk] == []
    assert reached == loaded.snapshots[milk].state

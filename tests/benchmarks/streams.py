"""The load of a long stream from its snapshot, beside that of a stream of ten events."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from application.effects import job
from application.handler import Handler
from application.jobs.keep_snapshot import KeepSnapshot
from application.ports import Change, Meta
from domain.stock.commands import CommitStock, ReceiveStock, ReserveStock
from domain.stock.stock import stocks
from domain.values import SYSTEM, Value
from infrastructure.embedded import engines
from infrastructure.eventlog.log import PostgresLog
from infrastructure.keys import PersonalKeys
from infrastructure.migrate import migrate
from infrastructure.postgres import open_pool
from tests.benchmarks.harness.figures import Effort, Figure, Target
from tests.benchmarks.harness.installation import Report, own_folder

EVERY = stocks.snapshot_every or 0
SHORT, LONG = 10, 1_000
STREAMS = 40
"""Of each length: a long one has as many events more than its snapshot as its number leaves when divided by `EVERY`."""

SELLER = uuid4()
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def run(effort: Effort, report: Report) -> list[Figure]:
    with own_folder() as folder, engines.start(folder, ["postgres"], report) as started:
        url = started.servers["postgres"].url
        migrate(url)
        with open_pool(url, 1) as pool:
            log = PostgresLog(pool, [stocks], PersonalKeys(bytes(32)))
            report(f"Selling from {STREAMS} stocks, {LONG:,} times")
            short = [stock(log, SHORT, 0) for _ in range(STREAMS)]
            long = [stock(log, LONG, number % EVERY) for number in range(STREAMS)]
            with pool.connection() as connection:
                connection.execute("VACUUM ANALYZE events, snapshots")
            handle = Handler(log, [stocks])
            report("Loading streams")
            seconds = effort.seconds * effort.rounds / 2
            ours, theirs = microseconds(seconds, [lambda n: handle.state(long[n], stocks), lambda n: handle.state(short[n], stocks)])
            (whole,) = microseconds(seconds / 4, [lambda n: log.load([long[n]], uuid4())])
    note = f"control: one of {SHORT} events; without its snapshot {whole:,.0f} µs, before anything is folded"
    return [Figure(f"load of a stream of {LONG:,} events", ours, "µs", theirs, Target("ratio", "under", 2), note)]


def stock(log: PostgresLog, length: int, since: int) -> UUID:
    """The stock of a thing with so many events, the last `since` of them after its snapshot."""
    stream = uuid4()
    state, events = stocks.initial, list[Value]()
    for command in selling(stream):
        new = stocks.decide(command, state)
        state, events = stocks.fold(new, state), [*events, *new]
        if len(events) >= length:
            break
    append(log, stream, 0, events[: length - since])
    if length >= EVERY:
        KeepSnapshot(log, [stocks])(job.KeepSnapshot("stock", stream))
    append(log, stream, length - since, events[length - since : length])
    return stream


def append(log: PostgresLog, stream: UUID, version: int, events: list[Value]) -> None:
    if events:
        command = uuid4()
        log.append([Change(stream, stocks, version, events)], Meta(command, SYSTEM.id, command))


def selling(stream: UUID) -> Iterator[Any]:
    """A receipt, and then one order after another that takes and pays."""
    yield ReceiveStock(stream, SELLER, "MILK-1L", "main", 10_000, SYSTEM, NOW)
    for _ in count():
        order = uuid4()
        yield ReserveStock(stream, order, 1, NOW + timedelta(minutes=15), NOW)
        yield CommitStock(stream, order, NOW)


def microseconds(seconds: float, loads: Sequence[Callable[[int], object]]) -> list[float]:
    """The median of each kind of load, over all streams in turn, the kinds alternating."""
    taken: list[list[float]] = [[] for _ in loads]
    began = perf_counter()
    for number in cycle(range(STREAMS)):
        for load, times in zip(loads, taken, strict=True):
            before = perf_counter()
            load(number)
            times.append(perf_counter() - before)
        if number == STREAMS - 1 and perf_counter() - began > seconds:
            return [median(times) * 1e6 for times in taken]
    raise AssertionError

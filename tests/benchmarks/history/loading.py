"""Streams of ten to ten thousand events loaded and folded, with and without snapshots, beside the library's own repository."""

from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import cycle
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from application.effects import job
from application.handler import Handler
from application.jobs.keep_snapshot import KeepSnapshot
from application.ports import Change, Meta
from domain.decider import Decider
from domain.values import SYSTEM
from infrastructure.eventlog.log import PostgresLog
from infrastructure.keys import PersonalKeys
from infrastructure.migrate import migrate
from infrastructure.postgres import open_pool
from tests.benchmarks import appends
from tests.benchmarks.harness.figures import FULL, Effort, Figure
from tests.benchmarks.harness.installation import Report
from tests.benchmarks.harness.till import PaidIn, PayIn, decide, evolve

EVERY = 20
"""As in production; a stream has half as many events since its last snapshot."""

LENGTHS = {10: 20, 100: 20, 1_000: 10, 10_000: 3}
"""How many streams of each length."""

SHORT = 10
AT_ONCE = 500

tills: Decider[PayIn, PaidIn, int] = Decider("till", 0, decide, evolve, snapshot_every=EVERY)

Load = Callable[[UUID], object]


class Counted(Aggregate):
    @event("Opened")
    def __init__(self) -> None:
        self.total = 0

    @event("PaidIn")
    def pay_in(self, amount: int) -> None:
        self.total += amount


class Plain(Application[UUID]):
    name = "counted"


class Kept(Application[UUID]):
    name = "counted"
    is_snapshotting_enabled = True


def run(effort: Effort, report: Report) -> list[Figure]:
    with appends.database() as url, open_pool(url, 1) as pool:
        migrate(url)
        log = PostgresLog(pool, [tills], PersonalKeys(bytes(32)))
        handle, environment = Handler(log, [tills]), appends.library_environment(url)
        with closing(Kept(environment)) as kept, closing(Plain(environment)) as plain:
            ours, theirs = dict[int, list[UUID]](), dict[int, list[UUID]]()
            for length, many in lengths(effort).items():
                report(f"Writing {many} streams of {length:,} events, and as many of the library's")
                ours[length] = [stream(log, length) for _ in range(many)]
                theirs[length] = [aggregate(kept, length) for _ in range(many)]
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
            figures: list[Figure] = []
            for length in ours:
                report(f"Loading streams of {length:,} events")
                ways: dict[str, tuple[Load, Load]] = {
                    "with snapshots": (lambda each: handle.state(each, tills), kept.repository.get),
                    "without": (lambda each: whole(log, each), plain.repository.get),
                }
                for way, (load, control) in ways.items():
                    value, other = microseconds(effort.seconds / 2, [(load, ours[length]), (control, theirs[length])])
                    figures.append(
                        Figure(
                            f"load of a stream of {length:,} events, {way}", value, "µs", other, note="control: the library's repository"
                        )
                    )
    return figures


def lengths(effort: Effort) -> dict[int, int]:
    return LENGTHS if effort.rows >= FULL.rows else {10: 2, 100: 2}


def stream(log: PostgresLog, length: int) -> UUID:
    id, version, since = uuid4(), 0, EVERY // 2 if length > SHORT else 0
    for upto in [*range(AT_ONCE, length - since, AT_ONCE), length - since]:
        append(log, id, version, upto)
        version = upto
    if since:
        KeepSnapshot(log, [tills])(job.KeepSnapshot("till", id))
        append(log, id, version, length)
    return id


def append(log: PostgresLog, id: UUID, version: int, upto: int) -> None:
    command = uuid4()
    log.append([Change(id, tills, version, [PaidIn(1)] * (upto - version))], Meta(command, SYSTEM.id, command))


def aggregate(kept: Application[UUID], length: int) -> UUID:
    counted, since = Counted(), EVERY // 2 if length > SHORT else 0
    for number in range(length - since - 1):
        counted.pay_in(1)
        if number % AT_ONCE == 0:  # of ten thousand at once it waits for ever: both ends of its pipeline are full
            kept.save(counted)
    kept.save(counted)
    if since:
        kept.take_snapshot(counted.id)
        for _ in range(since):
            counted.pay_in(1)
        kept.save(counted)
    return counted.id


def whole(log: PostgresLog, id: UUID) -> int:
    return tills.fold(each.event for each in log.load([id], uuid4()).streams[id])


def microseconds(seconds: float, loads: Sequence[tuple[Load, Sequence[UUID]]]) -> list[float]:
    """The median of each kind of load, over all its streams in turn, the kinds alternating."""
    taken: list[list[float]] = [[] for _ in loads]
    turns = [cycle(ids) for _, ids in loads]
    began = perf_counter()
    while perf_counter() - began < seconds or len(taken[0]) < len(loads[0][1]):
        for (load, _), ids, times in zip(loads, turns, taken, strict=True):
            id = next(ids)
            before = perf_counter()
            load(id)
            times.append(perf_counter() - before)
    return [median(times) * 1e6 for times in taken]

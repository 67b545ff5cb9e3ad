"""Read models built from zero beside the served ones, as the role `project` does it: from the request to the switch, indexes and all."""

from contextlib import suppress
from itertools import islice
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import psycopg
from msgspec import Struct
from psutil import NoSuchProcess, Process

from domain.registry import DECIDERS
from domain.stock.stock import stocks
from domain.values import Value
from infrastructure.embedded import engines
from infrastructure.eventlog.log import PostgresLog
from infrastructure.keys import PersonalKeys
from infrastructure.migrate import migrate
from infrastructure.operations.statements import ASK_REBUILD, NEXT_GENERATION
from infrastructure.postgres import open_pool
from infrastructure.projector.rebuilding.builder import BATCH
from infrastructure.projector.rebuilding.postgres import PostgresSite
from infrastructure.projector.runner import Runner
from infrastructure.readstores.postgres import PostgresStore
from projections.stock import levels, movements
from projections.view import Projection
from tests.benchmarks.harness.figures import Effort, Figure, at_least
from tests.benchmarks.harness.installation import Report, own_folder
from tests.benchmarks.streams import append, selling

EVENTS = 60_000
EACH = 20
"""Events of one thing, in between those of the others as they come in a market."""


def run(effort: Effort, report: Report) -> list[Figure]:
    count = EVENTS if effort.rows > 1_000 else 1_000
    with own_folder() as folder, engines.start(folder, ["postgres"], report) as started:
        url = started.servers["postgres"].url
        migrate(url)
        with open_pool(url, 1) as pool:
            log = PostgresLog(pool, DECIDERS, PersonalKeys(bytes(32)))
            report(f"Making {count:,} events")
            traded(log, count)
            with pool.connection() as connection:
                connection.execute("VACUUM ANALYZE events")
            reading = [read(log, levels.view) for _ in range(effort.rounds)]
            views, journals = list[Rate](), list[Rate]()
            runner = Runner([levels.view, movements.journal], log, url, {"postgres": PostgresStore}, sites={"postgres": PostgresSite})
            runner.catch_up()
            for number in range(effort.rounds):
                report(f"Rebuild: round {number + 1} of {effort.rounds}")
                views.append(rate(runner, url, levels.view))
                journals.append(rate(runner, url, movements.journal))
            runner.close()
    note = f"{count:,} events, indexes and switch included"
    control = f"{note}; control: the same events read and decoded, nothing made of them"
    cpu, wall = "rebuilt events per second of one processor, Postgres's share included", "rebuilt events per second"
    return [
        Figure(f"view: {cpu}", median(each.worked for each in views), "events/s", target=at_least(20_000), note=note),
        Figure(f"journal: {cpu}", median(each.worked for each in journals), "events/s", note=note),
        Figure(f"view: {wall}", median(each.passed for each in views), "events/s", median(reading), note=control),
        Figure(f"journal: {wall}", median(each.passed for each in journals), "events/s", median(reading), note=control),
    ]


class Rate(Struct, frozen=True):
    """Events per second that passed, and per second that processors worked: the latter also on a machine that others use."""

    passed: float
    worked: float


def traded(log: PostgresLog, count: int) -> None:
    """Stocks of many things, sold from in turn, two orders at a time."""
    stocked = [Stocked(uuid4()) for _ in range(max(1, count // EACH))]
    made = 0
    while made < count:
        for each in stocked:
            made += each.sell(log)


class Stocked:
    """The stock of one thing, and what it goes through next."""

    def __init__(self, stream: UUID) -> None:
        self.stream = stream
        self.version = 0
        self._state: Any = stocks.initial
        self._commands = selling(stream)

    def sell(self, log: PostgresLog) -> int:
        events: list[Value] = []
        for command in islice(self._commands, 5):
            new = stocks.decide(command, self._state)
            self._state = stocks.fold(new, self._state)
            events += new
        append(log, self.stream, self.version, events)
        self.version += len(events)
        return len(events)


def read(log: PostgresLog, projection: Projection) -> float:
    """Events per second of the reading alone, as large at a time as the builder reads."""
    began, taken, position = perf_counter(), 0, 0
    while (batch := log.read(position, BATCH, list(projection.events))).events:
        taken, position = taken + len(batch.events), batch.events[-1].position
    return taken / (perf_counter() - began)


def rate(runner: Runner, url: str, projection: Projection) -> Rate:
    """From the request to the switch."""
    with psycopg.connect(url, autocommit=True) as connection:
        began, working = perf_counter(), worked()
        found = connection.execute(NEXT_GENERATION, {"projection": projection.name}).fetchone()
        generation = found[0] if found else 0
        connection.execute(ASK_REBUILD, {"projection": projection.name, "generation": generation, "purpose": "rebuild"})
        runner.catch_up(600)
        passed, spent = perf_counter() - began, worked() - working
        row = connection.execute(
            "SELECT events, state FROM projection_rebuilds WHERE name = %s AND generation = %s", (projection.name, generation)
        ).fetchone()
    if row is None or row[1] != "switched":
        raise RuntimeError(f"{projection.name} was not rebuilt: {row}")
    return Rate(row[0] / passed, row[0] / spent)


def worked() -> float:
    """Seconds that processors worked for this process and for its Postgres."""
    own = Process()
    mine, seconds = own.cpu_times(), 0.0
    for child in own.children(recursive=True):
        with suppress(NoSuchProcess):  # it has ended meanwhile: what it worked is its parent's
            theirs = child.cpu_times()
            seconds += theirs.user + theirs.system + theirs.children_user + theirs.children_system
    return mine.user + mine.system + seconds

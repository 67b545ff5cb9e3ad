"""Projection into Postgres in batches, beside one transaction per event."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from msgspec.structs import replace

from domain.recorded import Recorded
from infrastructure.container import Container
from infrastructure.embedded import engines
from infrastructure.projector.lanes import BATCH
from infrastructure.readstores.bookkeeping import enrol
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.readstores.store import Step
from infrastructure.settings import DEMO_ADMIN, load
from interfaces.cli.roles.imports import person, requested
from interfaces.cli.roles.imports import run as bring
from interfaces.cli.roles.up import migrate
from projections.listings.page import view
from projections.ports import LogReader
from projections.view import View
from tests.benchmarks.harness import boats
from tests.benchmarks.harness.figures import Effort, Figure, at_least, times
from tests.benchmarks.harness.installation import NOWHERE, SELLER, Report, own_environment, own_folder

ROWS = 2_500
ONE_BY_ONE = 2_000
"""Events that the control takes in a round."""


def run(effort: Effort, report: Report) -> list[Figure]:
    rows = min(ROWS, effort.rows)
    with own_folder() as folder, engines.start(folder, ["postgres"], report) as started:
        environ = {**own_environment(folder), **NOWHERE, **started.environment()}
        migrate(environ)
        with Container(load(environ)) as container:
            content, source = boats.content(rows)
            report(f"Making events of {rows:,} listings")
            by = person(container, DEMO_ADMIN[0])
            import_id = requested(container, "boats", by, person(container, SELLER.email), content, publish=True)
            next(container.import_readers["boats"](BytesIO(content)))  # the place finder makes its index at first use
            began = perf_counter()
            bring(container, import_id, lambda _: None)
            appended = container.import_book.last_row(import_id) / (perf_counter() - began)
            batched: list[float] = []
            single: list[float] = []
            for number in range(effort.rounds):
                report(f"Projection: round {number + 1} of {effort.rounds}")
                batched.append(rate(container.log, environ["DATABASE_URL"], f"batched_{number}", BATCH))
                single.append(rate(container.log, environ["DATABASE_URL"], f"single_{number}", 1))
    note = f"control: one transaction per event; events of {source}"
    return [
        Figure("import, rows appended", appended, "rows/s", target=at_least(1_000), note=f"rows of {source}, nothing following"),
        Figure(f"projection in batches of {BATCH:,}", median(batched), "events/s", median(single), times(10), note),
    ]


def rate(log: LogReader, url: str, name: str, at_once: int) -> float:
    """Events per second into the view of listings, from zero, the reading of the log (1,000 at a time in either case) included."""
    fresh = replace(view, name=f"bench_{name}")
    with psycopg.connect(url, autocommit=True) as connection:
        store = PostgresStore(connection)
        enrol(connection, [fresh])
        store.prepare(fresh)
        connection.execute("VACUUM ANALYZE events")
        began, taken = perf_counter(), 0
        for after, upto, events in steps(log, fresh, at_once):
            store.apply(fresh, Step(after, upto, events))
            taken += len(events)
            if at_once == 1 and taken >= ONE_BY_ONE:
                break
        return taken / (perf_counter() - began)


def steps(log: LogReader, kept: View[Any], at_once: int) -> Iterator[tuple[int, int, Sequence[Recorded[Any]]]]:
    position = 0
    while (batch := log.read(position, BATCH, kept.events)).events:
        for first in range(0, len(batch.events), at_once):
            events = batch.events[first : first + at_once]
            yield position, events[-1].position, events
            position = events[-1].position

"""The whole log read in order and decoded, beside the library's own reading and a bare SELECT in pages; all as our roles run."""

from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

import msgspec
import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg_pool import ConnectionPool

from application.ports import Change, Meta
from infrastructure.eventlog.log import PostgresLog
from infrastructure.keys import PersonalKeys
from infrastructure.migrate import migrate
from infrastructure.postgres import Connection, open_pool
from interfaces.cli.running import spare_collections
from tests.benchmarks import appends
from tests.benchmarks.harness.figures import FULL, Effort, Figure, times
from tests.benchmarks.harness.installation import Report
from tests.benchmarks.harness.till import OrderTaken, orders

EVENTS = 200_000
PAGE = 1_000

THEIRS = """
INSERT INTO books_events (originator_id, originator_version, topic, state)
SELECT gen_random_uuid(), originator_version, topic, state FROM books_events, generate_series(1, %(rows)s)
"""
OURS = """
INSERT INTO events (position, stream, version, kind, type, schema, event_id, data, actor, command_id, correlation_id, causation_id)
SELECT nextval('events_position'), gen_random_uuid(), 1, kind, type, schema, gen_random_uuid(), data,
       gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid()
FROM events, generate_series(1, %(rows)s)
"""
BARE = """
SELECT position, stream, version, kind, type, schema, event_id, data, actor, command_id, correlation_id, causation_id, recorded_at
FROM events WHERE position > %s ORDER BY position LIMIT %s
"""

TAKEN = OrderTaken(uuid4(), uuid4(), 1250, "CHF", "Ring twice", datetime(2026, 6, 1, 12, tzinfo=UTC))


class Taken(Aggregate):
    """The same event as the library has it."""

    @event("Registered")
    def __init__(self, order_id: UUID, buyer_id: UUID, amount: int, currency: str, note: str, at: datetime) -> None:
        self.said = (order_id, buyer_id, amount, currency, note, at)


class Books(Application[UUID]):
    pass


def run(effort: Effort, report: Report) -> list[Figure]:
    rows = EVENTS * effort.rows // FULL.rows
    with appends.database() as url, open_pool(url, 1) as pool:
        report(f"Writing {rows:,} events")
        spare_collections()
        application = filled(url, rows)
        ways: dict[str, Callable[[], int]] = {
            "ours": lambda: ours(pool),
            "library": lambda: library(application),
            "bare": lambda: bare(pool),
        }
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(effort.rounds):
            for name, read in ways.items():
                report(f"Reading {name}: round {number + 1} of {effort.rounds}")
                began = perf_counter()
                if (found := read()) != rows:
                    raise RuntimeError(f"{name}: {found} of {rows} events were read")
                rates[name].append(found / (perf_counter() - began))
        application.close()
    value, name = median(rates["ours"]), f"whole log in order, decoded, {rows:,} events"
    return [
        Figure(name, value, "events/s", median(rates["library"]), times(2), "control: the library's notifications, decoded"),
        Figure(name, value, "events/s", median(rates["bare"]), times(0.6), "control: a bare SELECT of the same pages, not decoded"),
    ]


def filled(url: str, rows: int) -> Application[UUID]:
    migrate(url)
    application = Books(appends.library_environment(url))
    with psycopg.connect(url, autocommit=True) as connection, open_pool(url, 1) as pool:
        command = uuid4()
        log(pool).append([Change(uuid4(), orders, 0, [TAKEN])], Meta(command, command, command))
        application.save(Taken(*msgspec.structs.astuple(TAKEN)))
        client = psycopg.ClientCursor(connection)
        client.execute(THEIRS, {"rows": rows - 1})
        client.execute(OURS, {"rows": rows - 1})
        connection.execute("VACUUM ANALYZE")
    return application


def log(pool: ConnectionPool[Connection]) -> PostgresLog:
    return PostgresLog(pool, [orders], PersonalKeys(bytes(32)))


def ours(pool: ConnectionPool[Connection]) -> int:
    reader, seen, after = log(pool), 0, 0
    while (batch := reader.read(after, PAGE)).events:
        seen, after = seen + len(batch.events), batch.upto
    return seen


def library(application: Application[UUID]) -> int:
    seen, start = 0, 1
    while found := application.recorder.select_notifications(start, PAGE):
        for each in found:
            application.mapper.to_domain_event(each)
        seen, start = seen + len(found), found[-1].id + 1
    return seen


def bare(pool: ConnectionPool[Connection]) -> int:
    seen, after = 0, 0
    with pool.connection() as connection:
        while rows := connection.execute(BARE, [after, PAGE], prepare=True, binary=True).fetchall():
            seen, after = seen + len(rows), rows[-1][0]
    return seen

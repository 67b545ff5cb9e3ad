"""Appends of one event, with command id, metadata and ordering guard, beside the library's default and a bare INSERT."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from application.ports import Change, Meta
from infrastructure.embedded import engines
from infrastructure.eventlog.log import PostgresLog
from infrastructure.keys import PersonalKeys
from infrastructure.migrate import migrate
from infrastructure.postgres import open_pool
from tests.benchmarks.harness.figures import Effort, Figure, times
from tests.benchmarks.harness.installation import Report
from tests.benchmarks.harness.till import GuestPaidIn, PaidIn, guests, tills

PROCESSES = 2
THREADS = 16
WRITERS = PROCESSES * THREADS
GUESTS = 100
ROWS = 20_000
SECONDS = 3.0

Append = Callable[[], object]

BARE_TABLE = """
CREATE TABLE bare (stream uuid, version bigint, type text, data bytea, position bigserial UNIQUE, PRIMARY KEY (stream, version));
INSERT INTO bare SELECT gen_random_uuid(), 1, 'till.PaidIn', '{"amount":1}' FROM generate_series(1, %(rows)s)
"""
OUR_ROWS = """
INSERT INTO events (position, stream, version, kind, type, schema, event_id, data, actor, command_id, correlation_id)
SELECT nextval('events_position'), gen_random_uuid(), 1, 'till', 'till.PaidIn', 1, gen_random_uuid(), '{"amount":1}',
       gen_random_uuid(), gen_random_uuid(), gen_random_uuid()
FROM generate_series(1, %(rows)s);
INSERT INTO commands (command_id, ordinal, stream, version, position, fingerprint)
SELECT command_id, 0, stream, version, position, '' FROM events
"""
THEIR_ROWS = """
INSERT INTO tills_events (originator_id, originator_version, topic, state)
SELECT gen_random_uuid(), 1, 'tills:Till.Registered', '{"amount":1}' FROM generate_series(1, %(rows)s)
"""


class Till(Aggregate):
    @event("Registered")
    def __init__(self, amount: int) -> None:
        self.amount = amount


class Tills(Application[UUID]):
    pass


def ours(url: str) -> Generator[Append]:
    with open_pool(url, THREADS) as pool:
        pool.wait()
        log = PostgresLog(pool, [tills], PersonalKeys(bytes(32)))
        actor = uuid4()

        def append() -> object:
            command = uuid4()
            return log.append([Change(uuid4(), tills, 0, [PaidIn(1)])], Meta(command, actor, command, None, b"0123456789abcdef"))

        yield append


def private(url: str) -> Generator[Append]:
    """The same with a person's name in each event, encrypted with a key that is known."""
    with open_pool(url, THREADS) as pool:
        pool.wait()
        log = PostgresLog(pool, [guests], PersonalKeys(bytes(32)))
        actor, people = uuid4(), [uuid4() for _ in range(GUESTS)]

        def append_for(guest: UUID) -> object:
            command, paid = uuid4(), GuestPaidIn(1, guest, "Ana Sousa")
            return log.append([Change(uuid4(), guests, 0, [paid])], Meta(command, actor, command, None, b"0123456789abcdef"))

        for each in people:
            append_for(each)
        coming = cycle(people)
        yield lambda: append_for(next(coming))


def library(url: str) -> Generator[Append]:
    # `fill` has made its tables and functions; two processes at once would disturb each other at it.
    application = Tills({**library_environment(url), "CREATE_TABLE": "no"})
    yield lambda: application.save(Till(1))
    application.close()


def bare(url: str) -> Generator[Append]:
    with open_pool(url, THREADS) as pool:
        pool.wait()

        def append() -> None:
            with pool.connection() as connection:
                connection.execute(
                    "INSERT INTO bare (stream, version, type, data) VALUES (%s, %s, %s, %s)",
                    [uuid4(), 1, "till.PaidIn", b'{"amount":1}'],
                    prepare=True,
                )

        yield append


def locked(url: str) -> Generator[Append]:
    """As logs do that let one writer in after another: the order of the log is the order of the lock."""
    with open_pool(url, THREADS) as pool:
        pool.wait()

        def append() -> None:
            with pool.connection() as connection:
                connection.execute(
                    "WITH one AS MATERIALIZED (SELECT pg_advisory_xact_lock(1, 1))"
                    " INSERT INTO bare (stream, version, type, data) SELECT %s, %s, %s, %s FROM one",
                    [uuid4(), 1, "till.PaidIn", b'{"amount":1}'],
                    prepare=True,
                )

        yield append


WAYS: dict[str, Callable[[str], Generator[Append]]] = {
    "PostgresLog.append": ours,
    "Application.save": library,
    "bare INSERT": bare,
    "private": private,
    "locked": locked,
}
COMPARED = ("PostgresLog.append", "Application.save", "bare INSERT")


def run(effort: Effort, report: Report) -> list[Figure]:
    """Rates of 32 writers in two processes."""
    with database() as url:
        fill(url)
        measured: dict[str, list[float]] = {name: [] for name in COMPARED}
        for number in range(effort.rounds):
            for name in COMPARED:
                report(f"{name}: round {number + 1} of {effort.rounds}")
                measured[name].append(rate(url, name, min(effort.seconds, SECONDS)))
    rates = {name: median(each) for name, each in measured.items()}
    ours = rates["PostgresLog.append"]
    return [
        Figure("appends, 32 writers", ours, "events/s", rates["Application.save"], times(5), "control: the library's Application.save"),
        Figure("appends, 32 writers", ours, "events/s", rates["bare INSERT"], times(0.5), "control: bare INSERT; aim at 0.7"),
    ]


def rate(url: str, name: str, seconds: float, writers: int = WRITERS) -> float:
    """Appends a second by so many writers in one of the ways."""
    context = get_context("spawn")
    each = min(PROCESSES, writers)
    barrier = context.Barrier(each + 1)
    counts = context.SimpleQueue()
    processes = [context.Process(target=_write, args=(url, name, seconds, writers // each, barrier, counts)) for _ in range(each)]
    for process in processes:
        process.start()
    barrier.wait(60)
    for process in processes:
        process.join()
    return sum(counts.get() for _ in processes)


def _write(url: str, name: str, seconds: float, writers: int, barrier: Barrier, counts: Any) -> None:
    for append in WAYS[name](url):
        for _ in range(8):
            append()
        barrier.wait(60)
        with ThreadPoolExecutor(writers) as threads:
            done = threads.map(_append_until, [append] * writers, [perf_counter() + seconds] * writers)
        counts.put(sum(done) / seconds)


def _append_until(append: Append, until: float) -> int:
    done = 0
    while perf_counter() < until:
        append()
        done += 1
    return done


def fill(url: str) -> None:
    """Tables for every way, with rows in them."""
    migrate(url)
    Tills(library_environment(url)).close()
    with psycopg.connect(url, autocommit=True) as connection:
        for statements in (BARE_TABLE, OUR_ROWS, THEIR_ROWS):
            psycopg.ClientCursor(connection).execute(statements, {"rows": ROWS})
        connection.execute("VACUUM ANALYZE")


def library_environment(url: str) -> dict[str, str]:
    """Its defaults, but for connections enough for every writer."""
    parts = urlsplit(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts.path[1:],
        "POSTGRES_HOST": parts.hostname or parse_qs(parts.query)["host"][0],
        "POSTGRES_PORT": str(parts.port or 5432),
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_PASSWORD": parts.password or "",
        "POSTGRES_POOL_SIZE": str(THREADS),
        "POSTGRES_CONNECT_TIMEOUT": "120",
    }


@contextmanager
def database() -> Generator[str]:
    """A Postgres that writes through to the disk, as in production."""
    with TemporaryDirectory(prefix="tradewind-") as folder:
        Path(folder).chmod(0o755)
        with engines.start(Path(folder), ["postgres"], lambda _: None) as started:
            yield started.servers["postgres"].url

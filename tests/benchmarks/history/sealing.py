"""What seals cost and give: a whole log verified, and appends with and without a sealer behind them."""

from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from statistics import median
from time import perf_counter, process_time

import psutil
import psycopg
from psycopg import sql

from infrastructure import clock
from infrastructure.embedded import engines
from infrastructure.migrate import migrate
from infrastructure.postgres import Connection
from infrastructure.seals import canonical
from infrastructure.seals.sealer import Sealer
from infrastructure.seals.signing import SigningKey
from infrastructure.seals.stored import sealed_events
from infrastructure.seals.verifying import Verification
from tests.benchmarks import appends
from tests.benchmarks.harness.figures import FULL, Effort, Figure, at_least, times
from tests.benchmarks.harness.installation import Report, own_folder

KEY = SigningKey(bytes(32))
EVENTS = 500_000
PATIENCE = 30.0
"""Seconds: a block that is not full is closed after some ten."""
DATA = '{"listing_id":"01979c5e-7c00-7000-8000-000000000001","price":{"amount":125000,"currency":"USD"},"note":"' + "x" * 100 + '"}'

ROWS = """
INSERT INTO events (position, stream, version, kind, type, schema, event_id, data, actor, command_id, correlation_id, causation_id)
SELECT nextval('events_position'), gen_random_uuid(), 1, 'listing', 'listings.PriceChanged', 1, gen_random_uuid(), %(data)s,
       gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid()
FROM generate_series(1, %(rows)s)
"""


def run(effort: Effort, report: Report) -> list[Figure]:
    rows = EVENTS * effort.rows // FULL.rows
    with own_folder() as folder, engines.start(folder, ["postgres"], report) as started:
        url = started.servers["postgres"].url
        migrate(url)
        with psycopg.connect(url, autocommit=True) as connection:
            report(f"Writing {rows:,} events")
            psycopg.ClientCursor(connection).execute(ROWS, {"data": DATA.encode(), "rows": rows})
            connection.execute("VACUUM ANALYZE events")
            return [*_verified(connection, url, rows, effort, report), _appended(effort, report)]


def _verified(connection: Connection, url: str, rows: int, effort: Effort, report: Report) -> list[Figure]:
    report(f"Sealing {rows:,} events")
    sealer = Sealer(url, [KEY], clock.now)
    began = perf_counter()
    while sealer.step(connection, now=True):
        pass
    sealing = rows / (perf_counter() - began)
    plain: list[float] = []
    whole: list[float] = []
    cores: list[float] = []
    for number in range(effort.rounds):
        report(f"Verifying: round {number + 1} of {effort.rounds}")
        with _spent(connection) as bare:
            for _ in canonical.events(connection, sql.SQL("true ORDER BY position")):
                pass
        with _spent(connection) as spent:
            verdict = Verification(connection, [KEY.public]).run()
        if verdict.finding or verdict.events != rows:
            raise RuntimeError(f"{verdict.finding}: {verdict.events} of {rows} events were verified")
        plain.append(rows / bare[0])
        whole.append(rows / spent[0])
        cores.append(rows / sum(spent[1:]))
    of = f"of {rows:,} events"
    return [
        Figure("verify", median(whole), "events/s", median(plain), at_least(50_000), f"{of}; control: the same rows read and nothing else"),
        Figure("verify, a second of a core", median(cores), "events", target=at_least(50_000), note="Postgres and the verifier together"),
        Figure("sealing a log anew", sealing, "events/s", note=of),
    ]


@contextmanager
def _spent(connection: Connection) -> Generator[list[float]]:
    """Afterwards: seconds that passed, seconds of a core here, and in the backend."""
    backend = psutil.Process(connection.info.backend_pid)
    spent: list[float] = []
    began, here, there = perf_counter(), process_time(), sum(backend.cpu_times()[:2])
    yield spent
    spent += [perf_counter() - began, process_time() - here, sum(backend.cpu_times()[:2]) - there]


def _appended(effort: Effort, report: Report) -> Figure:
    rates: dict[bool, list[float]] = {False: [], True: []}
    with appends.database() as url:
        appends.fill(url)
        for number in range(effort.rounds * 2):
            for sealed in ((False, True), (True, False))[number % 2]:
                report(f"Appends {'with' if sealed else 'without'} a sealer: round {number + 1} of {effort.rounds * 2}")
                with sealing_behind(url, on=sealed):
                    rates[sealed].append(appends.rate(url, "PostgresLog.append", min(effort.seconds, appends.SECONDS)))
    note = "control: without a sealer"
    return Figure("appends, 32 writers, sealed behind", median(rates[True]), "events/s", median(rates[False]), times(0.95), note)


@contextmanager
def sealing_behind(url: str, *, on: bool) -> Generator[None]:
    """A sealer in a process of its own that has sealed all there was before the measurement begins."""
    if not on:
        yield
        return
    with psycopg.connect(url, autocommit=True) as connection:
        while Sealer(url, [KEY], clock.now).step(connection, now=True):
            pass
        before = sealed_events(connection)
    context = get_context("spawn")
    stop, leading = context.Event(), context.Event()
    process = context.Process(target=_seal, args=(url, stop, leading))
    process.start()
    leading.wait(30)
    try:
        yield
        with psycopg.connect(url, autocommit=True) as connection:
            deadline = perf_counter() + PATIENCE
            while sealed_events(connection) == before:
                if perf_counter() > deadline:
                    raise RuntimeError("nothing was sealed behind the appends")
                stop.wait(0.1)
    finally:
        stop.set()
        process.join()


def _seal(url: str, stop: Event, leading: Event) -> None:
    leading.set()
    Sealer(url, [KEY], clock.now).run(stop)  # type: ignore[arg-type]

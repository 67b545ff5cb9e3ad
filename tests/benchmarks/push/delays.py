"""From a commit until a read model has it and until open feeds have told it, with the whole service at work."""

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from time import perf_counter, sleep

import httpx
import msgspec
import psutil
import psycopg
from msgspec import Struct

from infrastructure.container import Container
from infrastructure.embedded.process import spawn
from infrastructure.settings import load
from interfaces.cli.roles.imports import person
from projections.listings.page import view
from tests.benchmarks.harness.figures import FULL, Effort, Figure, percentile, under
from tests.benchmarks.harness.installation import SELLER, Installation, free_port
from tests.benchmarks.harness.load import ROOT, request
from tests.benchmarks.push import bare
from tests.benchmarks.push.readers import Heard, Listening
from tests.benchmarks.push.writer import CHANNEL, TABLE, Writing, Written

PER_SECOND = 50.0
READERS = 1_000
SERVERS = 2
LOOK = 0.002
"""Seconds between two looks at the read model; a delay is seen so much too long at most."""
PATIENCE = 30.0
LISTINGS = 500

POSITION = "SELECT position FROM projection_positions WHERE name = %s AND version = %s"


class Round(Struct, frozen=True):
    """Delays in milliseconds to the read model and to the feed's readers, the share of a core that the readers took, commits' p99."""

    read_model: list[float]
    feed: list[float]
    readers: float
    commit: float


def run(here: Installation, effort: Effort) -> list[Figure]:
    readers = READERS if effort.rows == FULL.rows else 20
    with Container(load(here.environ)) as container:
        seller = person(container, SELLER.email)
    writing = Writing(seller, here.listings(LISTINGS), PER_SECOND, effort.seconds)
    token = here.token(*here.admin)
    feed = request("GET", f"/v1/feeds/listings?after={head(here, token)}", token=token, more={"Accept": "text/event-stream"})
    stream = request("GET", "/stream")
    with ExitStack() as closing:
        controls = [closing.enter_context(bare.served(here)) for _ in range(SERVERS)]
        one, one_bare = list[Round](), list[Round]()
        for number in range(effort.rounds):
            here.report(f"Push to one reader: round {number + 1} of {effort.rounds}")
            one.append(measured(here, writing, Listening([here.port], [feed], 1)))
            one_bare.append(measured(here, msgspec.structs.replace(writing, bare=True), Listening(controls[:1], [stream], 1)))
        servers = [closing.enter_context(served(here)) for _ in range(SERVERS)]
        ports, processes = [port for port, _ in servers], [psutil.Process(pid) for _, pid in servers]
        many, many_bare, memory = list[Round](), list[Round](), list[float]()
        measured(here, writing, Listening(ports, [feed], SERVERS))
        for number in range(effort.rounds):
            here.report(f"Push to {readers:,} readers: round {number + 1} of {effort.rounds}")
            before = held(processes)
            with listening(here, Listening(ports, [feed], readers)) as heard:
                many.append(delays(here, writing, heard))
                memory.append((held(processes) - before) / readers / 1000)
            many_bare.append(measured(here, msgspec.structs.replace(writing, bare=True), Listening(controls, [stream], readers)))
    return figures(best(one), best(one_bare), best(many), best(many_bare), max(memory), readers)


def figures(one: Round, one_bare: Round, many: Round, many_bare: Round, memory: float, readers: int) -> list[Figure]:
    busy = f"best round; load average {os.getloadavg()[0]:.1f}; a commit's own p99 {one.commit:.0f} ms"
    crowd = f"on {SERVERS} servers; the load client took {many.readers:.2f} of a core; load average {os.getloadavg()[0]:.1f}"
    heard = "control: NOTIFY in the transaction, passed on by a bare stream"
    return [
        Figure("commit to read model, p50", percentile(one.read_model, 0.5), "ms", percentile(one_bare.read_model, 0.5), note=busy),
        Figure(
            "commit to read model, p99",
            percentile(one.read_model, 0.99),
            "ms",
            percentile(one_bare.read_model, 0.99),
            under(50),
            "control: NOTIFY in the transaction, heard by a LISTEN",
        ),
        Figure("commit to open feed, p50", percentile(one.feed, 0.5), "ms", percentile(one_bare.feed, 0.5), note=busy),
        Figure("commit to open feed, p99", percentile(one.feed, 0.99), "ms", percentile(one_bare.feed, 0.99), under(50), heard),
        Figure(f"commit to {readers:,} open feeds, p50", percentile(many.feed, 0.5), "ms", percentile(many_bare.feed, 0.5), note=crowd),
        Figure(f"commit to {readers:,} open feeds, p99", percentile(many.feed, 0.99), "ms", percentile(many_bare.feed, 0.99), under(500), heard),
        Figure("server memory for an open feed", memory, "kB", target=under(50), note=f"USS, {readers:,} readers, the worst round"),
    ]


def best(rounds: Sequence[Round]) -> Round:
    return min(rounds, key=lambda each: percentile(each.feed, 0.99))


def measured(here: Installation, writing: Writing, open: Listening) -> Round:
    with listening(here, open) as heard:
        return delays(here, writing, heard)


def delays(here: Installation, writing: Writing, heard: Callable[[int], Heard]) -> Round:
    watched, written = watch(here, writing)
    committed = written.committed
    told = heard(max(committed))
    arrived = [(moment - committed[position]) * 1000 for position, moment in zip(told.positions, told.times, strict=True) if position in committed]
    if not arrived or len(arrived) % len(committed):
        raise RuntimeError(f"{len(arrived)} events arrived of {len(committed)}")
    return Round([(watched[position] - at) * 1000 for position, at in committed.items()], arrived, told.busy / told.passed, written.p99)


def watch(here: Installation, writing: Writing) -> tuple[dict[int, float], Written]:
    """When a look at the read model, or for the control a NOTIFY, first told of each position."""
    command = [sys.executable, "-m", "tests.benchmarks.push.writer"]
    seen: list[tuple[int, float]] = []
    with (
        psycopg.connect(here.environ["DATABASE_URL"], autocommit=True) as connection,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=here.environ, cwd=ROOT) as writer,
    ):
        connection.execute(TABLE)
        connection.execute(f"LISTEN {CHANNEL}")
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write(msgspec.json.encode(writing))
        writer.stdin.close()
        while writer.poll() is None:
            seen += look(connection, bare=writing.bare)
        written = msgspec.json.decode(writer.stdout.read(), type=Written)
        until = perf_counter() + PATIENCE
        while (not seen or seen[-1][0] < max(written.committed)) and perf_counter() < until:
            seen += look(connection, bare=writing.bare)
    first: dict[int, float] = {}
    going = iter(seen)
    position, moment = next(going)
    for wanted in sorted(written.committed):
        while position < wanted:
            position, moment = next(going)
        first[wanted] = moment
    return first, written


def look(connection: psycopg.Connection, *, bare: bool) -> list[tuple[int, float]]:
    if bare:
        return [(int(notice.payload), perf_counter()) for notice in connection.notifies(timeout=0.2, stop_after=1)]
    sleep(LOOK)
    row = connection.execute(POSITION, [view.name, view.version]).fetchall()[0]
    return [(row[0], perf_counter())]


@contextmanager
def listening(here: Installation, wanted: Listening) -> Generator[Callable[[int], Heard]]:
    """Readers who have their streams open; what they heard is asked for once."""
    command = [sys.executable, "-m", "tests.benchmarks.push.readers"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=here.environ, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(wanted) + b"\n")
        process.stdin.flush()
        if process.stdout.readline() != b"open\n":
            raise RuntimeError("The streams could not be opened.")

        def heard(last: int) -> Heard:
            said, _ = process.communicate(b"%d\n" % last)
            return msgspec.json.decode(said, type=Heard)

        yield heard


@contextmanager
def served(here: Installation) -> Generator[tuple[int, int]]:
    """Port and process of a server of its own that answers queries."""
    port = free_port()
    command = [sys.executable, "-m", "interfaces.cli", "serve", "--queries", "--port", str(port)]
    child = spawn(f"queries-{port}", command, here.folder / "run", environment=here.environ, cwd=ROOT)
    try:
        child.await_ready(lambda: ready(port), PATIENCE * 2)
        yield port, child.pid
    finally:
        child.stop()


def ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/live", trust_env=False).is_success
    except httpx.HTTPError:
        return False


def held(processes: Sequence[psutil.Process]) -> float:
    return sum(each.memory_full_info().uss for each in processes)


def head(here: Installation, token: str) -> int:
    asked = httpx.get(f"{here.url}/v1/feeds/listings/head", headers={"Authorization": f"Bearer {token}"}, trust_env=False)
    return asked.raise_for_status().json()["head"]

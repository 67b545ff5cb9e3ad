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
from msgspec.structs import replace

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

BARE = request("GET", "/stream")
HEARD = "control: NOTIFY in the transaction, heard by a LISTEN"
PASSED_ON = "control: NOTIFY in the transaction, passed on by a bare stream"

POSITION = "SELECT position FROM projection_positions WHERE name = %s AND version = %s"


class Round(Struct, frozen=True):
    """Delays in milliseconds to the read model and to the feed's readers, and the share of a core that reading took."""

    read_model: list[float]
    feed: list[float]
    readers: float


def run(here: Installation, effort: Effort) -> list[Figure]:
    readers = READERS if effort.rows == FULL.rows else 20
    with Container(load(here.environ)) as container:
        seller = person(container, SELLER.email)
    writing = Writing(seller, here.listings(LISTINGS), PER_SECOND, effort.seconds)
    idle = replace(writing, bare=True)
    token = here.token(*here.admin)
    one, one_bare, many, many_bare, memory = list[Round](), list[Round](), list[Round](), list[Round](), list[float]()
    with ExitStack() as closing:
        controls = [closing.enter_context(bare.served(here)) for _ in range(SERVERS)]
        for number in range(effort.rounds):
            here.report(f"Push to one reader: round {number + 1} of {effort.rounds}")
            one.append(measured(here, writing, Listening([here.port], [following(here, token)], 1)))
            one_bare.append(measured(here, idle, Listening(controls[:1], [BARE], 1)))
        servers = [closing.enter_context(served(here)) for _ in range(SERVERS)]
        ports, processes = [port for port, _ in servers], [psutil.Process(pid) for _, pid in servers]
        measured(here, writing, Listening(ports, [following(here, token)], SERVERS))
        for number in range(effort.rounds):
            here.report(f"Push to {readers:,} readers: round {number + 1} of {effort.rounds}")
            before = held(processes)
            with listening(here, Listening(ports, [following(here, token)], readers)) as heard:
                many.append(delays(here, writing, heard, lambda before=before: memory.append((held(processes) - before) / readers / 1000)))
            many_bare.append(measured(here, idle, Listening(controls, [BARE], readers)))
    load_client = f"the load client took {min(each.readers for each in many):.2f} of a core"
    return [
        *told("commit to read model", [each.read_model for each in one], [each.read_model for each in one_bare], 50, HEARD),
        *told("commit to open feed", [each.feed for each in one], [each.feed for each in one_bare], 50, PASSED_ON),
        *told(f"commit to {readers:,} open feeds", [each.feed for each in many], [each.feed for each in many_bare], 500, load_client),
        Figure("server memory for an open feed", max(memory), "kB", target=under(50), note=f"{readers:,} readers, USS, the worst round"),
    ]


def told(name: str, rounds: Sequence[list[float]], controls: Sequence[list[float]], limit: float, note: str) -> list[Figure]:
    """Of the round with the smallest p99: what else the machine did is in the others."""
    ours, control = best(rounds), best(controls)
    busy = f"best of {len(rounds)} rounds; load average {os.getloadavg()[0]:.1f}"
    return [
        Figure(f"{name}, p50", percentile(ours, 0.5), "ms", percentile(control, 0.5), note=busy),
        Figure(f"{name}, p99", percentile(ours, 0.99), "ms", percentile(control, 0.99), under(limit), note),
    ]


def best(rounds: Sequence[list[float]]) -> list[float]:
    return min(rounds, key=lambda each: percentile(each, 0.99))


def following(here: Installation, token: str) -> str:
    """The request of somebody who follows a feed from now on."""
    return request("GET", f"/v1/feeds/listings?after={head(here, token)}", token=token, more={"Accept": "text/event-stream"})


def measured(here: Installation, writing: Writing, open: Listening) -> Round:
    with listening(here, open) as heard:
        return delays(here, writing, heard)


def delays(here: Installation, writing: Writing, heard: Callable[[int], Heard], meanwhile: Callable[[], None] = lambda: None) -> Round:
    watched, written = watch(here, writing)
    meanwhile()
    committed = written.committed
    said = heard(max(committed))
    arrivals = zip(said.positions, said.times, strict=True)
    arrived = [(moment - committed[position]) * 1000 for position, moment in arrivals if position in committed]
    if not arrived or len(arrived) % len(committed):
        raise RuntimeError(f"{len(arrived)} events arrived of {len(committed)}")
    return Round([(watched[position] - at) * 1000 for position, at in committed.items()], arrived, said.busy / writing.seconds)


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

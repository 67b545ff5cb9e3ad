"""A morning's recurring orders, all due at once: how many a second are placed, by a worker that follows one killed half-way."""

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from psycopg_pool import ConnectionPool

from infrastructure.embedded import engines
from infrastructure.migrate import migrate
from infrastructure.postgres import open_pool
from tests.benchmarks.harness.figures import Effort, Figure
from tests.benchmarks.harness.installation import Report, own_folder
from tests.infrastructure.subscriptions.mornings import LEASE, THREADS, Morning

ROOT = Path(__file__).parents[2]
HOUSEHOLDS = 10_000
A_QUARTER = 100
"""Households that share a product and a slot."""

POLL = 0.1
PLACED = "SELECT count(*), count(DISTINCT stream) FROM events WHERE type = 'subscriptions.OccurrencePlaced'"
ORDERS = "SELECT count(*) FROM events WHERE type = 'orders.OrderPlaced'"
DUE = "SELECT count(*) FROM jobs WHERE state = 'due' AND kind = 'place_day' AND due_at < %s"


def run(effort: Effort, report: Report) -> list[Figure]:
    households = HOUSEHOLDS if effort.rows >= HOUSEHOLDS // 2 else effort.rows
    with own_folder() as folder, engines.start(folder, ["postgres"], report) as started:
        url = started.servers["postgres"].url
        migrate(url)
        with open_pool(url, THREADS + 4) as pool:
            morning = Morning(pool)
            report(f"Starting {households:,} recurring orders")
            morning.wanted(households, max(households // A_QUARTER, 1))
            report("Placing half of them, until the worker is killed")
            killed(url, households // 2)
            before = counted(pool, PLACED)[0]
            report("Placing the others")
            seconds = placing_the_rest(pool, morning)
            placed, distinct = counted(pool, PLACED)
            (orders,) = counted(pool, ORDERS)
    if not placed == distinct == orders == households - 1:
        raise AssertionError(f"of {households:,} households {distinct:,} have been placed {placed:,} times, as {orders:,} orders")
    note = f"{households:,} due at once, killed after {before:,}; every one placed once, but one there was no milk for"
    return [Figure("recurring orders placed", (placed - before) / seconds, "orders/s", note=note)]


def killed(url: str, placing: int) -> None:
    command = [sys.executable, "-m", "tests.infrastructure.subscriptions.mornings", url, str(placing)]
    code = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    if code != -signal.SIGKILL:
        raise AssertionError(f"the worker ended by itself: {code}")


def placing_the_rest(pool: ConnectionPool[Any], morning: Morning) -> float:
    """Seconds until nothing is due any more."""
    morning.strike(after=2 * LEASE)
    stop = threading.Event()
    working = threading.Thread(target=morning.worker.run, args=[stop])
    began = perf_counter()
    working.start()
    try:
        while counted(pool, DUE, morning.dairy.now + 2 * LEASE) != (0,):
            stop.wait(POLL)
        return perf_counter() - began
    finally:
        stop.set()
        working.join()


def counted(pool: ConnectionPool[Any], question: str, *values: object) -> Sequence[int]:
    with pool.connection() as connection:
        return connection.execute(question.encode(), values).fetchone() or (0,)

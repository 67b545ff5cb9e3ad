"""A morning's recurring orders, all due at once: how many a second are placed, by a worker that follows one killed half-way."""

from infrastructure.embedded import engines
from infrastructure.migrate import migrate
from infrastructure.postgres import open_pool
from tests.benchmarks.harness.dying import counted, doing_the_rest, killed
from tests.benchmarks.harness.figures import Effort, Figure
from tests.benchmarks.harness.installation import Report, own_folder
from tests.infrastructure.subscriptions.mornings import LEASE, THREADS, Morning

WORKER = "tests.infrastructure.subscriptions.mornings"
HOUSEHOLDS = 10_000
A_QUARTER = 100
"""Households that share a product and a slot."""

PLACED = "SELECT count(*), count(DISTINCT stream) FROM events WHERE type = 'subscriptions.OccurrencePlaced'"
ORDERS = "SELECT count(*) FROM events WHERE type = 'orders.OrderPlaced'"


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
            killed(WORKER, url, households // 2)
            before = counted(pool, PLACED)[0]
            report("Placing the others")
            morning.strike(after=2 * LEASE)
            seconds = doing_the_rest(pool, morning.worker, "place_day", morning.dairy.now + 2 * LEASE)
            placed, distinct = counted(pool, PLACED)
            (orders,) = counted(pool, ORDERS)
    if not placed == distinct == orders == households - 1:
        raise AssertionError(f"of {households:,} households {distinct:,} have been placed {placed:,} times, as {orders:,} orders")
    note = f"{households:,} due at once, killed after {before:,}; every one placed once, but one there was no milk for"
    return [Figure("recurring orders placed", (placed - before) / seconds, "orders/s", note=note)]

"""All of a morning's orders are placed once, though the worker dies in their midst, and the last household gets no milk."""

import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from infrastructure.postgres import open_pool
from tests.infrastructure.subscriptions.mornings import THREADS, Morning

ROOT = Path(__file__).parents[3]
HOUSEHOLDS = 40

PLACED = "SELECT stream, count(*) FROM events WHERE type = 'subscriptions.OccurrencePlaced' GROUP BY stream"
BY_TYPE = "SELECT type, count(*) FROM events GROUP BY type"


def test_a_worker_killed_half_way_is_followed_by_one_that_repeats_nothing(database: str):
    with open_pool(database, THREADS + 4) as pool:
        morning = Morning(pool)
        morning.wanted(HOUSEHOLDS)
        command = [sys.executable, "-m", "tests.infrastructure.subscriptions.mornings", database, str(HOUSEHOLDS // 2)]
        assert subprocess.run(command, cwd=ROOT, check=False, timeout=120).returncode == -signal.SIGKILL
        with pool.connection() as connection:
            before = Counter(dict(connection.execute(BY_TYPE).fetchall()))
        assert HOUSEHOLDS // 2 <= before["subscriptions.OccurrencePlaced"] < HOUSEHOLDS - 1

        morning.strike(after=timedelta(minutes=1))
        morning.worker.empty()
        with pool.connection() as connection:
            after = Counter(dict(connection.execute(BY_TYPE).fetchall()))
            assert {count for _, count in connection.execute(PLACED).fetchall()} == {1}
            assert connection.execute("SELECT count(*) FROM jobs WHERE state = 'dead'").fetchone() == (0,)
    assert after["subscriptions.OccurrencePlaced"] == after["orders.OrderPlaced"] == after["payments.PaymentRequested"] == HOUSEHOLDS - 1
    assert after["deliveries.SlotBooked"] == after["stock.StockReserved"] == HOUSEHOLDS - 1
    assert after["subscriptions.OccurrenceFailed"] == 1
    assert after["subscriptions.OccurrenceScheduled"] == 2 * HOUSEHOLDS

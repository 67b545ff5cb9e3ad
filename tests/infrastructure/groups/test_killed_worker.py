"""All groups of an evening are closed once, though the worker dies in their midst."""

import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from infrastructure.postgres import open_pool
from tests.infrastructure.groups.evenings import THREADS, Evening

ROOT = Path(__file__).parents[3]
GROUPS = 40

BY_TYPE = "SELECT type, count(*) FROM events GROUP BY type"
CLOSED = "SELECT stream, count(*) FROM events WHERE type IN ('groups.GroupLocked', 'groups.GroupFailed') GROUP BY stream"


def test_a_worker_killed_half_way_is_followed_by_one_that_closes_no_group_twice(database: str):
    with open_pool(database, THREADS + 4) as pool:
        evening = Evening(pool)
        evening.gather(GROUPS)
        command = [sys.executable, "-m", "tests.infrastructure.groups.evenings", database, str(GROUPS // 2)]
        assert subprocess.run(command, cwd=ROOT, check=False, timeout=120).returncode == -signal.SIGKILL
        with pool.connection() as connection:
            assert GROUPS // 4 <= len(connection.execute(CLOSED).fetchall()) < GROUPS

        evening.strike(after=timedelta(minutes=1))
        evening.worker.empty()
        with pool.connection() as connection:
            assert Counter(count for _, count in connection.execute(CLOSED).fetchall()) == {1: GROUPS}
            after = Counter(dict(connection.execute(BY_TYPE).fetchall()))
            assert connection.execute("SELECT count(*) FROM jobs WHERE state = 'dead'").fetchone() == (0,)
    assert after["groups.GroupLocked"] == after["groups.GroupFailed"] == after["groups.RefundingBegan"] == GROUPS // 2

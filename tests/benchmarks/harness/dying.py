"""Work that is due all at once: one worker is killed in its midst, and another one does the rest against the clock."""

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from psycopg_pool import ConnectionPool

from infrastructure.jobs.worker import Worker

ROOT = Path(__file__).parents[3]
POLL = 0.1
DUE = "SELECT count(*) FROM jobs WHERE state = 'due' AND kind = %s AND due_at < %s"


def killed(module: str, url: str, doing: int) -> None:
    """Run the module's worker until it has done so much, and died of it."""
    command = [sys.executable, "-m", module, url, str(doing)]
    code = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    if code != -signal.SIGKILL:
        raise AssertionError(f"the worker ended by itself: {code}")


def doing_the_rest(pool: ConnectionPool[Any], worker: Worker, kind: str, moment: datetime) -> float:
    """Seconds until no job of the kind is due at that moment any more."""
    stop = threading.Event()
    working = threading.Thread(target=worker.run, args=[stop])
    began = perf_counter()
    working.start()
    try:
        while counted(pool, DUE, kind, moment) != (0,):
            stop.wait(POLL)
        return perf_counter() - began
    finally:
        stop.set()
        working.join()


def counted(pool: ConnectionPool[Any], question: str, *values: object) -> Sequence[int]:
    with pool.connection() as connection:
        return connection.execute(question.encode(), values).fetchone() or (0,)

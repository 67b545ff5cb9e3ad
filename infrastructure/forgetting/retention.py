"""Papers whose years are over: the key of their year is destroyed, and nobody reads them any more."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from psycopg_pool import ConnectionPool

from application.ports import Clock
from infrastructure.eventlog.outcomes import translated

EVERY = 3600.0
"""Seconds."""

logger = structlog.get_logger(__name__)


class Retention:
    """Papers of a year are kept for so many years after its end."""

    def __init__(self, pool: ConnectionPool[Any], years: int, clock: Clock) -> None:
        self._pool = pool
        self._years = years
        self._clock = clock

    def __call__(self) -> Sequence[int]:
        """The years whose key was destroyed just now."""
        with translated(), self._pool.connection() as connection:
            rows = connection.execute("SELECT destroy_papers(%s)", [first_kept(self._clock(), self._years)])
            destroyed = sorted(year for (year,) in rows.fetchall())
        for year in destroyed:
            logger.warning("invoices destroyed: their time is over", year=year)
        return destroyed

    def run(self, stop: threading.Event, wait: Callable[[float], bool] | None = None) -> None:
        """Look once an hour until told to stop."""
        pause = wait or stop.wait
        while not stop.is_set():
            try:
                self()
            except Exception:
                logger.exception("papers whose time is over could not be destroyed")
            pause(EVERY)


def first_kept(now: datetime, years: int) -> int:
    """The first year whose papers are still kept: those of 2015, kept for ten years, go with the end of 2025."""
    return now.year - years

"""The projector: all read models kept up with the log, by a lane for each engine."""

import threading
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import TypeAlias

import psycopg

from infrastructure.postgres import ALIVE
from infrastructure.projector.lanes import BATCH, POLL, Lane, Progress
from infrastructure.projector.rebuilding.builder import Builder
from infrastructure.projector.rebuilding.site import Sites
from infrastructure.readstores.bookkeeping import Connection
from infrastructure.readstores.store import Store
from projections.ports import LogReader
from projections.view import Projection

Stores: TypeAlias = Mapping[str, Callable[[Connection], Store]]
"""How to open each engine's store on a lane's own connection to Postgres."""

Wait: TypeAlias = Callable[[float], object]
"""Sleeps until the log has grown, at most the given seconds."""


NOT_FLUSHED = "-c synchronous_commit=off"
"""What a lane keeps follows from the log: rows and position that a crash of Postgres takes, it takes together, and they come again.

Whatever is durable and has seen them makes them durable too, since Postgres writes its journal in order.
"""


class Runner:
    """Keeps projections up with the log: `run` in a process of its own, `catch_up` where one waits for it."""

    def __init__(
        self,
        projections: Sequence[Projection],
        reader: LogReader,
        database_url: str,
        stores: Stores,
        *,
        sites: Sites | None = None,
        progress: Progress = lambda _projection, _position, _events: None,
        batch: int = BATCH,
    ) -> None:
        self._reader = reader
        self._lanes = [
            Lane(
                engine,
                [each for each in projections if each.engine == engine],
                reader,
                lambda engine=engine: _connect(database_url, engine, NOT_FLUSHED),
                open_store,
                progress=progress,
                batch=batch,
            )
            for engine, open_store in stores.items()
        ]
        self._builder = (
            None if sites is None else Builder(projections, reader, lambda purpose: _connect(database_url, purpose), stores, sites)
        )
        missing = {each.engine for each in projections} - set(stores)
        if missing:
            raise ValueError(f"no store for {', '.join(sorted(missing))}")

    def run(self, stop: threading.Event, wait: Wait | None = None) -> None:
        """Work until told to stop. `wait` wakes the lanes early; without it, and beside it, they look by themselves."""
        threads = [threading.Thread(target=lane.run, args=(stop,), name=f"lane-{lane.engine}") for lane in self._lanes]
        if self._builder is not None:
            threads.append(threading.Thread(target=self._builder.run, args=(stop,), name="builder"))
        for thread in threads:
            thread.start()
        while not stop.is_set():
            if wait is None:
                stop.wait(POLL)
            else:
                wait(POLL)
            for lane in self._lanes:
                lane.wake()
        for thread in threads:
            thread.join()

    def catch_up(self, timeout: float = 60.0) -> int:
        """Take everything up to the stable position and build what is asked for, in this thread; return that position.

        Raises `Unavailable`, `TimeoutError`, or whatever a projection fails with.
        """
        goal = self._reader.stable()
        for lane in self._lanes:
            lane.catch_up(goal, timeout)
        if self._builder is not None:
            deadline = monotonic() + timeout
            while self._builder.turn():
                if monotonic() > deadline:
                    raise TimeoutError("what is asked for was not built")
        return goal

    def close(self) -> None:
        """Give up all leases and connections that `catch_up` holds on to."""
        for lane in self._lanes:
            lane.close()
        if self._builder is not None:
            self._builder.close()


def _connect(database_url: str, purpose: str, options: str = "") -> Connection:
    # A worker whose network is gone must lose its leases, and one whose server is gone must notice.
    return psycopg.connect(database_url, autocommit=True, application_name=f"tradewind project {purpose}", options=options, **ALIVE)

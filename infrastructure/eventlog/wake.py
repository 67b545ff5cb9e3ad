"""Telling readers that the log has grown: after the commit, coalesced, and never relied upon."""

import contextlib
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Any, LiteralString, Self

import psycopg
import structlog

from infrastructure.postgres import ALIVE

CHANNEL = "tradewind_log"
PAUSE_SECONDS = 0.005
"""At most one NOTIFY in this time, however many appends there are."""
FIRST_SECONDS, AGAIN_SECONDS = 0.02, 1.0
"""Before a lost connection is made again, and before every further attempt."""

logger = structlog.get_logger(__name__)


class Bell:
    """Rings for readers. Call it with a position after a commit; a thread of its own sends the NOTIFY."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._position = 0
        self._rung = Event()
        self._closed = Event()
        self._thread = Thread(target=self._run, name="log-bell", daemon=True)
        self._thread.start()

    def __call__(self, position: int) -> None:
        self._position = position
        if not self._rung.is_set():
            self._rung.set()

    def close(self) -> None:
        self._closed.set()
        self._rung.set()
        self._thread.join()

    def _run(self) -> None:
        pause = 0.0
        while not self._closed.wait(pause):
            try:
                with _connected(self._url, "tradewind bell") as connection:
                    pause = 0.0
                    self._ring(connection)
            except psycopg.Error as reason:
                # Readers poll as well: nothing is lost but some of a second.
                logger.warning("readers are not being woken", reason=str(reason))
                self._rung.set()  # nobody has heard of the last one, and it is not to wait for the next
                pause = AGAIN_SECONDS if pause else FIRST_SECONDS

    def _ring(self, connection: psycopg.Connection[Any]) -> None:
        while not self._closed.is_set():
            self._rung.wait()
            self._rung.clear()
            connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(self._position)])
            self._closed.wait(PAUSE_SECONDS)


class Waker:
    """Wakes a reader when the log grows. Made before the reader's first pull, so that nothing falls between the two."""

    def __init__(self, database_url: str, channel: LiteralString = CHANNEL) -> None:
        """`channel` is another one for who waits for something else, such as jobs."""
        self._url = database_url
        self._channel: LiteralString = channel
        self._connection: psycopg.Connection[Any] | None = None
        self._listen()

    def wait(self, timeout: float) -> bool:
        """Sleep until the log has grown, or for `timeout` seconds; says which. Read again in both cases.

        A lost connection is made again, and the reader woken, since something may have been missed.
        """
        if self._connection is None:
            until = monotonic() + timeout
            if self._listen():
                return True
            Event().wait(max(0.0, until - monotonic()))
            return False
        try:
            return any(True for _ in self._connection.notifies(timeout=timeout, stop_after=1))
        except psycopg.Error:
            self.close()
            return True

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def _listen(self) -> bool:
        try:
            self._connection = _connected(self._url, "tradewind wake")
            self._connection.execute(f"LISTEN {self._channel}")
        except psycopg.Error:
            self.close()
        return self._connection is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _connected(url: str, name: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True, application_name=name, **ALIVE)

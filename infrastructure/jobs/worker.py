"""The role `work`: takes due jobs, does them and says how they ended; whatever is lost on the way is done again."""

import os
import random
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from time import monotonic, sleep

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from application.jobs.ports import Interrupted, Refused, Skipped
from infrastructure.jobs.queue import Queue, Taken

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
PATIENT_TURN = 4
"""Each so-manieth job is one that only tells of something, if there is any: letters go out late under load, but they go out."""

ATTEMPTS = 24
"""With the pauses above a job is tried for some 15 hours: longer than a night without the other side."""

logger = structlog.get_logger(__name__)


def pause(attempts: int) -> timedelta:
    """How long to wait after the n-th failure: doubled each time, and spread so that jobs that failed together part."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts - 1, 16))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, hides nothing


class Worker:
    """Does one job per thread; many workers may run.

    A lease is renewed while its job runs. `stop` is honoured between jobs: what is in work is finished first, or gives itself back by
    raising `Interrupted`, and is then due at once.
    """

    def __init__(
        self,
        queue: Queue,
        do: Callable[[Taken], None],
        *,
        threads: int = 4,
        poll: float = 0.5,
        attempts: int = ATTEMPTS,
        pause: Callable[[int], timedelta] = pause,
    ) -> None:
        self._queue = queue
        self._do = do
        self._threads = threads
        self._poll = poll
        self._attempts = attempts
        self._pause = pause
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._held: dict[int, Taken] = {}
        self._awake = threading.Condition()
        self._wakings = 0
        self._turns = count(1)

    def run(self, stop: threading.Event, threads: int | None = None, wait: Callable[[float], bool] | None = None) -> None:
        """Work until `stop` is set, through lost connections as well; `wait(seconds)` tells whether jobs have been put."""
        finished = threading.Event()
        beside = [threading.Thread(target=self._renew, args=[finished], name="lease-renewal", daemon=True)]
        if wait:
            beside.append(threading.Thread(target=self._wake, args=[finished, wait], name="job-waker", daemon=True))
        workers = [threading.Thread(target=self._work, args=[stop], name=f"work-{number}") for number in range(threads or self._threads)]
        for thread in (*beside, *workers):
            thread.start()
        for thread in workers:
            thread.join()
        finished.set()
        for thread in beside:
            thread.join()

    def empty(self) -> int:
        """Do what is due now, one after another, and tell how many jobs that were."""
        count = 0
        while self.step():
            count += 1
        return count

    def step(self) -> bool:
        """Take one job and bring it to an end or a pause; False when none is due."""
        taken = self._queue.take(self._name, first=int(next(self._turns) % PATIENT_TURN == 0))
        for job in taken:
            thread = threading.get_ident()
            self._held[thread] = job
            try:
                with structlog.contextvars.bound_contextvars(job_id=str(job.id), correlation_id=str(job.correlation_id)):
                    self._finish(job)
            finally:
                del self._held[thread]
        return bool(taken)

    def _work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            wakings = self._wakings
            try:
                if not self.step():
                    self._rest(wakings)
            except (psycopg.OperationalError, PoolTimeout) as error:
                logger.warning("the queue of jobs cannot be reached", error=str(error))
                stop.wait(self._poll * 4)
            except Exception:
                logger.exception("a worker's round failed")
                stop.wait(self._poll * 4)
        self._wake_all()  # those who rest are to see it too

    def _rest(self, wakings: int) -> None:
        """Until somebody was woken since so many wakings, or it is time to look of oneself."""
        with self._awake:
            self._awake.wait_for(lambda: self._wakings != wakings, self._poll)

    def _wake(self, finished: threading.Event, wait: Callable[[float], bool]) -> None:
        while not finished.is_set():
            if wait(self._poll):
                self._wake_all()

    def _wake_all(self) -> None:
        with self._awake:
            self._wakings += 1
            self._awake.notify_all()

    def _finish(self, job: Taken) -> None:
        if job.attempts > self._attempts:  # whoever took it before died of it, or lost it each time
            self._end(job, "dead", "given up: no attempt came to an end")
            return
        try:
            self._do(job)
        except Skipped as skipped:
            self._end(job, "skipped", skipped.reason)
        except Refused as refused:
            self._end(job, "dead", f"refused: {refused}")
        except Interrupted:
            self._give_back(job)
        except Exception as error:  # noqa: BLE001 - anything else may go well the next time, or be mended by then
            self._later(job, error)
        else:
            self._end(job, "done")

    def _give_back(self, job: Taken) -> None:
        logger.info("job given back", kind=job.kind, attempt=job.attempts)
        self._written(lambda: self._queue.postpone(job, timedelta(0), "given back by a worker that was told to stop"))

    def _later(self, job: Taken, error: Exception) -> None:
        note = f"{type(error).__name__}: {error}"
        if job.attempts >= self._attempts:
            self._end(job, "dead", note)
            return
        wait = self._pause(job.attempts)
        logger.warning("job to be tried again", kind=job.kind, attempt=job.attempts, error=note, seconds=round(wait.total_seconds(), 1))
        self._written(lambda: self._queue.postpone(job, wait, note))

    def _end(self, job: Taken, state: str, note: str = "") -> None:
        if not self._written(lambda: self._queue.end(job, state, note)):
            logger.warning("job ended after its lease was lost", kind=job.kind, outcome=state)
            return
        log = logger.error if state == "dead" else logger.info
        log("job ended", kind=job.kind, outcome=state, attempt=job.attempts, note=note)

    def _written(self, write: Callable[[], bool]) -> bool:
        """How a job ended is kept in hand while the queue cannot be reached, for as long as nobody else is given the job."""
        until = monotonic() + self._queue.lease.total_seconds()
        while True:
            try:
                return write()
            except (psycopg.OperationalError, PoolTimeout) as error:
                if monotonic() > until:
                    raise
                logger.warning("how a job ended could not be written down yet", error=str(error))
                sleep(self._poll)

    def _renew(self, finished: threading.Event) -> None:
        while not finished.wait(self._queue.lease.total_seconds() / 3):
            for job in list(self._held.values()):
                try:
                    self._queue.extend(job)
                except (psycopg.OperationalError, PoolTimeout) as error:
                    logger.warning("a lease could not be renewed", error=str(error))

"""Two tills that are owed money when a third is opened, and a worker's parts over a database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.effects.effect import Deadline, Process, by_event, jobs
from application.effects.job import Job
from application.effects.job import React as Work
from application.handler import Handler
from application.jobs.react import React
from domain.process import Owed
from domain.recorded import Recorded
from infrastructure.eventlog.log import PostgresLog
from infrastructure.jobs.queue import Queue
from infrastructure.jobs.worker import Worker
from infrastructure.reactor.reactor import Reactor
from tests.fakes.clock import Moving
from tests.infrastructure.eventlog.toys import ALL, Draw, PaidIn, PayIn, TillOpened, keys, meta, tills

FIRST, LEFT, RIGHT, URN = (UUID(int=number) for number in range(11, 15))
DUE = datetime.now(UTC) + timedelta(days=1)
BAD, LATE = 13, 14
"""Amounts with consequences: of which the first is refused, and which come later."""


def share(_event: TillOpened) -> Owed:
    return [(LEFT, PayIn(5)), (RIGHT, PayIn(7))]


def consequences(event: PaidIn) -> Owed:
    return [(LEFT, PayIn(-1)), (URN, Draw()), (RIGHT, PayIn(3))] if event.amount == BAD else []


def close(_event: PaidIn) -> Owed:
    return [(LEFT, PayIn(100))]


REACTIONS = (
    Process(TillOpened, "share", share),
    Process(PaidIn, "consequences", consequences),
    Deadline(PaidIn, "close", lambda event: DUE if event.amount == LATE else None, close),
)
EFFECTS = by_event(REACTIONS)


def due(recorded: Recorded[Any]) -> list[Job]:
    return jobs(recorded, EFFECTS.get(type(recorded.event), ()))


class Counter:
    """One log with its reactor, queue and worker, by a clock that a test moves."""

    def __init__(self, pool: ConnectionPool[Any], lease: timedelta = timedelta(seconds=30)) -> None:
        self.clock = Moving()
        self.pool = pool
        self.log = PostgresLog(pool, ALL, keys())
        self.handle = Handler(self.log, ALL)
        self.queue = Queue(pool, lease, clock=self.clock)
        self.react = React(self.log, self.handle, REACTIONS, self.clock)
        self.reactor = Reactor(pool, self.log, due, list(EFFECTS))
        self.worker = Worker(self.queue, self._do)

    def _do(self, job: Job) -> None:
        assert isinstance(job.work, Work)
        self.react(job.work)

    def settle(self) -> None:
        while self.reactor.catch_up() + self.worker.empty():
            pass

    def total(self, till: UUID) -> int:
        return self.handle.state(till, tills).total

    def pay(self, till: UUID, amount: int) -> None:
        self.handle(till, PayIn(amount), meta())

    def fates(self) -> list[tuple[str, str]]:
        """State and note of every job that was not simply done."""
        with self.pool.connection() as connection:
            return connection.execute("SELECT state, note FROM jobs WHERE state <> 'done' ORDER BY due_at").fetchall()

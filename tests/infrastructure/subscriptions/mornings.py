"""Many households have milk brought on the same morning; a worker does what is due in a process of its own, and may be killed.

Arguments: database URL, how many orders it places before it is killed by SIGKILL in the midst of others.
"""

import os
import signal
import sys
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from psycopg_pool import ConnectionPool

from application.commands.checkouts import CheckedOut, CheckOut
from application.effects.effect import jobs
from application.effects.job import Job
from application.jobs.occurrences import OccurrenceJobs
from domain.recorded import Recorded
from domain.registry import DECIDERS
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.rows import ROWS
from infrastructure.jobs.queue import Queue
from infrastructure.jobs.worker import Worker
from infrastructure.keys import PersonalKeys
from infrastructure.postgres import open_pool
from infrastructure.reactor.reactor import Reactor
from tests.application.jobs.dairy import EFFECTS, FRIDAY_NOON, MILK, ORDER, ZONE, Dairy

EVENING = FRIDAY_NOON.replace(day=7, hour=19)
"""When Monday's orders are due."""

THREADS = 4
LEASE = timedelta(seconds=10)


def household(number: int) -> UUID:
    return uuid5(ORDER, str(number))


def due(recorded: Recorded[Any]) -> list[Job]:
    return jobs(recorded, EFFECTS.get(type(recorded.event), ()))


class Morning:
    """A dairy over a database, with the roles that bring about what is due on Sunday evening."""

    def __init__(self, pool: ConnectionPool[Any], lease: timedelta = LEASE) -> None:
        log = PostgresLog(pool, DECIDERS, PersonalKeys(bytes(32)), ROWS)
        self.dairy = Dairy(log)
        self.reactor = Reactor(pool, log, due, tuple(EFFECTS))
        self.worker = Worker(Queue(pool, lease, clock=lambda: self.dairy.now), self.dairy.do, threads=THREADS, poll=0.05)

    def wanted(self, households: int, quarters: int = 1) -> None:
        """Every quarter of the town has a dairy's product and a zone of its own; there is a litre too little in one of them."""
        self.dairy.open(litres=2 * -(-households // quarters) - 1)
        places = [(MILK, ZONE)]
        for number in range(1, quarters):
            places.append((uuid5(MILK, str(number)), uuid5(ZONE, str(number))))
            self.dairy.sell(places[-1][0], f"MILK-{number}", 2 * households)
            self.dairy.deliver(places[-1][1])
        for number in range(households):
            listing, zone = places[number % quarters]
            self.dairy.order(household(number), listing, zone_id=zone)

    def strike(self, after: timedelta = timedelta(0)) -> None:
        """The time of the orders has come, or so much more."""
        self.dairy.now = EVENING + after
        self.reactor.catch_up()


class Killing(CheckOut):
    """Places so many, and then ends the process before it can say so."""

    def __init__(self, check_out: CheckOut, placing: int) -> None:
        super().__init__(check_out.handle, check_out.quotes)
        self._left = placing
        self._lock = threading.Lock()

    def __call__(self, *purchase: Any) -> CheckedOut:
        placed = super().__call__(*purchase)
        with self._lock:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)
        return placed


def main(database: str, placing: str) -> None:
    with open_pool(database, THREADS + 4) as pool:
        morning = Morning(pool)
        dairy = morning.dairy
        dairy.work = OccurrenceJobs(dairy.handle, Killing(dairy.check_out, int(placing)), dairy.log, lambda: dairy.now)
        morning.strike()
        morning.worker.run(threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])

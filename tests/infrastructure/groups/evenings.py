"""Many groups end on the same evening; a worker closes them in a process of its own, and may be killed.

Arguments: database URL, how many groups it closes before it is killed by SIGKILL in the midst of others.
"""

import datetime as dt
import os
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from psycopg_pool import ConnectionPool

from application.effects.effect import by_event, jobs
from application.effects.job import Job
from application.effects.job import React as Reacting
from application.handler import Handler
from application.jobs.react import React
from application.ports import Meta
from application.processes import groups
from domain.goods import TaxClass, Tier, Unit
from domain.groups.commands import ConfirmContribution, JoinGroup, OpenGroup, RequestContribution
from domain.groups.events import PickupPlace, Visibility
from domain.recorded import Recorded
from domain.registry import DECIDERS
from domain.values import SYSTEM, Actor, Place, Role, Value
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.rows import ROWS
from infrastructure.jobs.queue import Queue
from infrastructure.jobs.worker import Worker
from infrastructure.keys import PersonalKeys
from infrastructure.postgres import open_pool
from infrastructure.reactor.reactor import Reactor

NAMESPACE = UUID("018f0000-0000-7000-8000-00000000e7e1")
NOON = dt.datetime(2026, 6, 5, 12, tzinfo=dt.UTC)
DEADLINE = NOON + timedelta(hours=7)
EFFECTS = by_event(groups.REACTIONS)
TRADER = Actor(uuid5(NAMESPACE, "trader"), frozenset({Role.CUSTOMER}))
MBARE = PickupPlace(
    uuid5(NAMESPACE, "mbare"),
    "Mbare Musika",
    "Ardbennie Road, Harare",
    Place("ZW", "Harare", "Harare", -17.86, 31.04),
    DEADLINE + timedelta(days=10),
    DEADLINE + timedelta(days=12),
)
MINIMUM = 10
PRICE = 2_450
THREADS = 4
LEASE = timedelta(seconds=10)
AT_ONCE = 50
"""Groups that are opened in one append."""


def due(recorded: Recorded[Any]) -> list[Job]:
    return jobs(recorded, EFFECTS.get(type(recorded.event), ()))


def group(number: int) -> UUID:
    return uuid5(NAMESPACE, str(number))


def filled(number: int) -> bool:
    """Every other group has reached its minimum."""
    return number % 2 == 0


class Evening:
    """Groups over a database, with the roles that bring about what is due at their deadline."""

    def __init__(self, pool: ConnectionPool[Any], lease: timedelta = LEASE) -> None:
        self.now = NOON
        self.log = PostgresLog(pool, DECIDERS, PersonalKeys(bytes(32)), ROWS)
        self.handle = Handler(self.log, DECIDERS)
        self.react = React(self.log, self.handle, groups.REACTIONS, lambda: self.now)
        self.reactor = Reactor(pool, self.log, due, tuple(EFFECTS))
        self.worker = Worker(Queue(pool, lease, clock=lambda: self.now), self.do, threads=THREADS, poll=0.05)

    def do(self, job: Job) -> None:
        assert isinstance(job.work, Reacting), job
        self.react(job.work)

    def gather(self, count: int) -> None:
        """So many groups with one member each, who has paid for enough in half of them."""
        for first in range(0, count, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, count))
            commands = [(group(each), command) for each in numbers for command in gathering(each)]
            self.handle.together(commands, Meta(uuid5(NAMESPACE, f"gather {first}"), SYSTEM.id, NAMESPACE))

    def strike(self, after: timedelta = timedelta(0)) -> None:
        """The deadline has come, or so much more."""
        self.now = DEADLINE + after
        self.reactor.catch_up()


def gathering(number: int) -> Sequence[Value]:
    id, payment = group(number), uuid5(group(number), "payment")
    pieces = MINIMUM if filled(number) else MINIMUM - 1
    opened = OpenGroup(
        group_id=id,
        organiser_id=TRADER.id,
        supplier_id=uuid5(NAMESPACE, "mill"),
        seller_id=uuid5(NAMESPACE, "miller"),
        listing_id=uuid5(NAMESPACE, "maize"),
        sku="MAIZE-10",
        title="Maize meal, 10 kg",
        category="groceries",
        currency="USD",
        unit=Unit.PACK,
        minimum=MINIMUM,
        maximum=2 * MINIMUM,
        least=1,
        most=2 * MINIMUM,
        tiers=(Tier(2 * MINIMUM, PRICE - 100),),
        price=PRICE,
        deadline=DEADLINE,
        pickups=(MBARE,),
        visibility=Visibility.PUBLIC,
        invited=(),
        fee_rate=1_000,
        tax_class=TaxClass.STANDARD,
        lead_days=3,
        by=TRADER,
        now=NOON,
    )
    return (
        opened,
        JoinGroup(id, TRADER.id, pieces, MBARE.id, TRADER, NOON),
        RequestContribution(id, TRADER.id, payment, "USD", pieces * PRICE, None, NOON),
        ConfirmContribution(id, TRADER.id, payment, pieces * PRICE, "USD", NOON),
    )


class Killing(React):
    """Closes so many, and then ends the process before it can say so."""

    def __init__(self, evening: Evening, closing: int) -> None:
        super().__init__(evening.log, evening.handle, groups.REACTIONS, lambda: evening.now)
        self._left = closing
        self._lock = threading.Lock()

    def __call__(self, work: Reacting) -> None:
        super().__call__(work)
        with self._lock:
            self._left -= work.reaction == "close_gathering"
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


def main(database: str, closing: str) -> None:
    with open_pool(database, THREADS + 4) as pool:
        evening = Evening(pool)
        evening.react = Killing(evening, int(closing))
        evening.strike()
        evening.worker.run(threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])

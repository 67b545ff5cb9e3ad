"""All that one seed makes: the service, the engines under it, the people who use it, and what goes wrong."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from application.handler import Handler
from domain.registry import DECIDERS
from domain.values import SYSTEM
from infrastructure.readstores.redis import keys as redis_keys
from projections.catalogue import PROJECTIONS
from projections.payments import ledger
from projections.view import Count, Projection
from tests.simulation.ending import Ending
from tests.simulation.engines.log import SimulatedLog
from tests.simulation.engines.postgres import Database
from tests.simulation.invariants import Watch
from tests.simulation.people.grouping import Member, Organiser, Supplier
from tests.simulation.people.messenger import Messenger
from tests.simulation.people.past import STAGES, lead_up
from tests.simulation.people.person import Person
from tests.simulation.people.shopping import Buyer, Seller
from tests.simulation.people.town import ANA, BEN, CARA, MILL, SAM, settle_in
from tests.simulation.service import ENGINES, Service
from tests.simulation.stage import Faults, Stage

KEPT_UP = 12
"""Read models that one seed keeps up, of all there are."""

HORIZON = timedelta(days=60)
"""How long after the last step everything that is owed is waited for."""


STRIKING = ("crash", "lost", "refused", "disconnected", "forgotten", "severed", "stalled")


class Day(Struct, frozen=True):
    """`stage` is how far a group has come before, `leap` how often time goes on by hours, `at_once` how much a batch may hold."""

    faults: Faults
    stage: int
    shopping: int
    grouping: int
    leap: float
    at_once: int


class World:
    """All that one seed makes."""

    def __init__(self, seed: int, faults: Faults | None = None) -> None:
        chance = Random(seed)  # noqa: S311 - the same seed is the same world
        self.day = day(chance)
        self.faults = faults or self.day.faults
        self.stage = Stage(seed, self.faults)
        self.log = SimulatedLog(self.stage, lambda events: self.watch.committed(events))  # noqa: PLW0108 - there is no watch yet
        self.database = Database(self.stage)
        self.projections = kept_up(chance)
        self.service = Service(self.stage, self.log, self.database, self.projections, self.day.at_once)
        self.watch = Watch(self.log, self.database, self.service.redis, self.service.opensearch, self.projections)
        self.database.on_commit = self.watch.changed
        self.service.redis.on_change = self.watch.counted
        self.stage.after_step = self.watch.raise_what_is_broken
        self.people: list[Person] = []

    def open(self) -> None:
        """The town as it was before, and then everybody at once."""
        settle_in(Handler(self.log, DECIDERS), self.stage.now)
        self.service.start()
        members = [Member(self.stage, self.service, each) for each in (ANA, BEN, CARA)]
        counters = [Organiser(self.stage, self.service, CARA) for _ in range(2)]
        supplier = Supplier(self.stage, self.service, MILL)
        lead_up(self.day.stage, members, counters[0], supplier, self._catch_up)
        buyers = [Buyer(self.stage, self.service, each) for each in (ANA, BEN, CARA)]
        seller = Seller(self.stage, self.service, SAM)
        self.people = [*members, *counters, supplier, *buyers, seller, Messenger(self.stage, self.service, SYSTEM)]
        for number, each in enumerate(self.people):
            weight = self.day.shopping if isinstance(each, Buyer | Seller) else self.day.grouping
            self.stage.cast(f"{type(each).__name__.lower()} {number}", each.act, 1 if isinstance(each, Messenger) else weight)
        self._cast_service()
        self.stage.cast("time", self.pass_time)

    def _cast_service(self) -> None:
        for projector in self.service.projectors:
            for engine in ENGINES:
                self.stage.cast(f"{projector.process.name} {engine}", lambda p=projector, e=engine: p.turn(e))
        for reactor in self.service.reactors:
            self.stage.cast(reactor.process.name, reactor.turn, 2)
        for worker in self.service.workers:
            for thread in (1, 2):
                self.stage.cast(f"{worker.process.name}.{thread}", worker.turn, 4)

    def pass_time(self) -> None:
        """Time goes on, engines notice who is dead, Redis writes to disk or loses what it has not."""
        chance, stage = self.stage.random, self.stage
        if chance.random() < 0.5:
            self.database.notice_the_dead()
        if stage.strikes(stage.faults.severed):
            self.database.sever()
        if chance.random() < 0.1:
            self.service.redis.save()
        elif stage.strikes(stage.faults.forgotten):
            self.service.redis.forget()
        long = chance.random() < self.day.leap
        jump = chance.choice((1800, 3600, 7200, 86_400, 259_200)) if long else chance.choice((1, 1, 5, 5, 20, 60))
        stage.told(f"{jump} seconds pass")
        stage.now += timedelta(seconds=jump)

    def settle(self) -> None:
        """Nothing strikes any longer: all is brought to its end, and looked at as a whole."""
        self.stage.finish()
        self.database.notice_the_dead()
        end = self.stage.now + HORIZON
        while True:
            self._catch_up()
            due = [row["due_at"] for row in self.database.table("jobs").values() if row["state"] == "due"]
            if not due or self.stage.now >= end:
                break
            self.stage.now = min(max(min(due), self.stage.now) + timedelta(seconds=1), end)
        self.watch.caught_up()
        Ending(self.log, self.database).look(self.service.provider, self.service.post, self.people)

    def _catch_up(self) -> None:
        while self._round():
            self.watch.raise_what_is_broken()
        self.watch.raise_what_is_broken()

    def _round(self) -> bool:
        """Whether anybody had anything to do."""
        self.stage.now += timedelta(seconds=2)
        before = self.log.last, self._positions(), self._waiting()
        for projector in self.service.projectors:
            for engine in ENGINES:
                projector.turn(engine)
        for reactor in self.service.reactors:
            reactor.turn()
        for worker in self.service.workers:
            while worker.turn():
                pass
        return before != (self.log.last, self._positions(), self._waiting())

    def _waiting(self) -> int:
        return sum(row["attempts"] for row in self.database.table("jobs").values())

    def _positions(self) -> Sequence[int]:
        positions = self.database.table("positions")
        here = [row["position"] for row in positions.values()]
        counted = [self.service.redis.values.get(redis_keys(each).position, 0) for each in self.projections if isinstance(each, Count)]
        return [*here, *counted, self.database.table("reactions").get("effects", 0)]


def day(chance: Random) -> Day:
    """Each seed has troubles of its own: some of them often, others never."""
    rates = Faults()
    often = {name: getattr(rates, name) * chance.choice((0, 0.3, 1, 1, 3)) for name in STRIKING}
    faults = replace(rates, switch=chance.choice((0.05, 0.3, 0.6)), **often)
    shopping, grouping = chance.choice(((1, 1), (2, 0), (0, 2), (0, 2)))
    stage = chance.choice((*range(STAGES), STAGES - 1, STAGES - 1)) if grouping else 0
    return Day(faults, stage, shopping, grouping, chance.choice((0, 0.05, 0.3)), chance.choice((3, 7, 40)))


def kept_up(chance: Random) -> Sequence[Projection]:
    """The ledger always, one of each engine, and some others."""
    wanted: list[Projection] = [ledger.journal]
    wanted += [chance.choice([each for each in PROJECTIONS if each.engine == engine]) for engine in ENGINES]
    wanted += chance.sample(PROJECTIONS, KEPT_UP - len(wanted))
    return list({each.name: each for each in wanted}.values())

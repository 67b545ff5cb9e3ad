"""Plays one seed, or many: `python -m tests.simulation.simulate --seed 17` tells what happened in one, to the step that broke it."""

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from unittest.mock import patch

import structlog
from msgspec.structs import replace

from application.handler import Handler
from domain.registry import DECIDERS
from infrastructure.readstores.redis import keys as redis_keys
from projections.catalogue import PROJECTIONS
from projections.payments import ledger
from projections.view import Count, Journal, Projection
from tests.simulation import people
from tests.simulation.engines import statements
from tests.simulation.engines.log import SimulatedLog
from tests.simulation.engines.postgres import Database
from tests.simulation.invariants import Broken, Watch
from tests.simulation.service import ENGINES, Service
from tests.simulation.stage import NONE, Faults, Stage

STEPS = 500
KEPT_UP = 12
"""Read models that one seed keeps up, of all there are."""

HORIZON = timedelta(days=60)
"""How long after the last step everything that is owed is waited for."""

Changed = Callable[["World"], None]


@dataclass
class Outcome:
    """`broken` says what did not hold, at the last line of the story."""

    seed: int
    broken: str
    streams: Sequence[object]
    story: Sequence[str]
    events: int
    checks: int
    faults: Faults


class World:
    """All that one seed makes."""

    def __init__(self, seed: int, faults: Faults | None = None) -> None:
        chance = Random(seed)  # noqa: S311 - the same seed is the same world
        self.stage = Stage(seed, faults or luck(chance))
        self.log = SimulatedLog(self.stage, lambda events: self.watch.committed(events))  # noqa: PLW0108 - there is no watch yet
        self.database = Database(self.stage)
        self.projections = kept_up(chance)
        self.service = Service(self.stage, self.log, self.database, self.projections)
        self.watch = Watch(self.log, self.database, self.service.redis, self.service.opensearch, self.projections)
        self.database.on_commit = self.watch.changed
        self.service.redis.on_change = self.watch.counted
        self.stage.after_step = self.watch.raise_what_is_broken
        self.people: list[people.Person] = []

    def open(self) -> None:
        people.settle_in(Handler(self.log, DECIDERS), self.stage.now)
        self.service.start()
        stage, service = self.stage, self.service
        for projector in service.projectors:
            for engine in ENGINES:
                stage.cast(f"{projector.process.name} {engine}", lambda p=projector, e=engine: p.turn(e))
        for reactor in service.reactors:
            stage.cast(reactor.process.name, reactor.turn)
        for worker in service.workers:
            for thread in (1, 2):
                stage.cast(f"{worker.process.name}.{thread}", worker.turn)
        buyers = [people.Buyer(stage, service, each) for each in (people.ANA, people.BEN, people.CARA)]
        counters = [people.Organiser(stage, service, people.CARA) for _ in range(2)]
        others = [people.Seller(stage, service, people.SAM), people.Supplier(stage, service, people.MILL)]
        self.people = [*buyers, *counters, *others, people.Messenger(stage, service, people.SYSTEM)]
        for number, each in enumerate(self.people):
            stage.cast(f"{type(each).__name__.lower()} {number}", each.act)
        stage.cast("time", self.pass_time)

    def pass_time(self) -> None:
        """Time goes on, engines notice who is dead, Redis writes to disk or loses what it has not."""
        chance, stage = self.stage.random, self.stage
        if chance.random() < 0.5:
            self.database.notice_the_dead()
        if chance.random() < 0.1:
            self.service.redis.save()
        elif stage.strikes(stage.faults.crash * 2):
            self.service.redis.forget()
        jump = chance.choice((1, 5, 20, 60, 60, 600, 600, 3600, 7200, 86_400))
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
        self.watch.at_the_end(self.service, self.people)

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
            for _ in range(20):
                worker.turn()
        return before != (self.log.last, self._positions(), self._waiting())

    def _waiting(self) -> int:
        return sum(row["attempts"] for row in self.database.table("jobs").values())

    def _positions(self) -> Sequence[int]:
        positions = self.database.table("positions")
        here = [row["position"] for row in positions.values()]
        counted = [self.service.redis.values.get(redis_keys(each).position, 0) for each in self.projections if isinstance(each, Count)]
        return [*here, *counted, self.database.table("reactions").get("effects", 0)]


def luck(chance: Random) -> Faults:
    """Each seed has troubles of its own: some of them often, others never."""
    rates = Faults()
    often = {name: getattr(rates, name) * chance.choice((0, 0.3, 1, 1, 3)) for name in ("crash", "lost", "refused", "disconnected")}
    return replace(rates, switch=chance.choice((0.05, 0.3, 0.6)), **often)


def kept_up(chance: Random) -> Sequence[Projection]:
    """The ledger always, one of each engine, and some others."""
    wanted: list[Projection] = [ledger.journal]
    wanted += [chance.choice([each for each in PROJECTIONS if each.engine == engine]) for engine in ENGINES]
    wanted += chance.sample(PROJECTIONS, KEPT_UP - len(wanted))
    return list({each.name: each for each in wanted}.values())


@contextmanager
def on(stage: Stage) -> Generator[None]:
    """Whoever looks at a clock of his own looks at the stage's; nobody writes a log of what is simulated."""
    clocks = ("infrastructure.projector.lanes", "infrastructure.projector.leases", "application.memory")
    with structlog.testing.capture_logs(), ExitStack() as stack:
        for each in clocks:
            stack.enter_context(patch(f"{each}.monotonic", stage.monotonic))
        yield


def simulate(seed: int, steps: int = STEPS, faults: Faults | None = None, change: Changed | None = None) -> Outcome:
    """`change` puts a mistake into the service before it starts."""
    statements.JOURNALS.update({each.table: each for each in PROJECTIONS if isinstance(each, Journal)})
    world = World(seed, faults)
    if change:
        change(world)
    stage, broken = world.stage, None
    with on(stage):
        try:
            world.open()
            stage.play(steps)
            world.settle()
        except Broken as found:
            broken = found
        finally:
            stage.close()
    story = stage.story
    streams = broken.streams if broken else ()
    return Outcome(seed, str(broken or ""), streams, story, len(world.log.events), world.watch.checks, stage.faults)


__all__ = ["NONE", "Outcome", "World", "simulate"]

"""A lane takes the read models of one engine forward, in turn, so that an engine that is away holds up no other."""

import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from random import uniform
from time import monotonic
from typing import TypeAlias

import structlog
from msgspec.structs import replace

from application.ports import Unavailable as LogUnavailable
from infrastructure.projector.leases import Leases
from infrastructure.projector.retrying import try_again
from infrastructure.readstores.bookkeeping import Connection, asked, blocked, orphaned, reaching_postgres, tell
from infrastructure.readstores.store import Parked, Refused, Step, Store, Superseded, TakesTogether
from projections.ports import LogReader, Unavailable
from projections.view import Projection

BATCH = 1000
POLL = 0.5
"""Seconds between two looks at the log when nobody wakes the lane."""
FEW = 20
"""So many events are taken for all read models in one transaction; with more of them each has its own."""
SOON = 0.005
"""Seconds until the next look where an append is under way that others stand behind; doubled as long as it is."""
LOOK = 0.25
"""Seconds between two looks at what operators have asked for: pauses, and parked events to be tried again."""
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
"""Seconds between two attempts at what fails."""

logger = structlog.get_logger(__name__)

Progress: TypeAlias = Callable[[Projection, int, int], None]
"""Told after every step: the projection, the position it has reached, and how many events the step held."""


class Session:
    """Everything that ends with the lane's connection: the leases, the store, and what is known of parked sequences."""

    def __init__(self, connection: Connection, store: Store, projections: Sequence[Projection]) -> None:
        self.connection = connection
        self.store = store
        self.leases = Leases(connection, projections)
        self.blocked: dict[str, dict[str, int]] = {}
        self.ready: list[Projection] = []
        self.paused: set[str] = set()
        self.standing: dict[str, int] = {}
        self._looked = float("-inf")

    def take_leases(self) -> Iterable[Projection]:
        """Projections that this worker holds from now on, and must prepare."""
        for projection in self.leases.take():
            self.blocked[projection.name] = blocked(self.connection, projection)
            self._looked = float("-inf")
            yield projection

    def look(self) -> Sequence[Projection]:
        """See from time to time what operators have asked for; return the projections with parked events to be tried again."""
        if not self.ready or monotonic() - self._looked < LOOK:
            return []
        self._looked = monotonic()
        self.standing.clear()
        with reaching_postgres():
            for projection in self.ready:
                if self.blocked[projection.name]:  # they may have been let go
                    orphaned(self.connection, projection)
                    self.blocked[projection.name] = blocked(self.connection, projection)
            self.paused, again = asked(self.connection, self.ready)
        return [each for each in self.ready if each.name in again and each.name not in self.paused]

    def look_at_once(self) -> None:
        self._looked = float("-inf")

    def positions(self, projections: Sequence[Projection]) -> Sequence[int]:
        """Where they stand. While all goes well nobody else moves them; where somebody does, the store refuses to go on from there."""
        if any(each.name not in self.standing for each in projections):
            self.standing = {each.name: at for each, at in zip(projections, self.store.positions(projections), strict=True)}
        return [self.standing[each.name] for each in projections]

    def moved(self, projections: Iterable[Projection], upto: int) -> None:
        self.standing.update((each.name, upto) for each in projections)


class Lane:
    """`connect` opens an autocommit connection to Postgres, `open_store` the engine's store on it."""

    def __init__(
        self,
        engine: str,
        projections: Sequence[Projection],
        reader: LogReader,
        connect: Callable[[], Connection],
        open_store: Callable[[Connection], Store],
        *,
        progress: Progress,
        batch: int = BATCH,
    ) -> None:
        self.engine = engine
        self.projections = projections
        self._reader = reader
        self._connect = connect
        self._open_store = open_store
        self._progress = progress
        self._batch = batch
        self._session: Session | None = None
        self._awake = threading.Event()
        self._under_way = False
        self._failed: dict[str, tuple[float, Exception]] = {}

    def wake(self) -> None:
        """There may be new events."""
        self._awake.set()

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; nothing that fails ends it."""
        pause, soon = FIRST_PAUSE, SOON
        while not stop.is_set():
            self._awake.clear()
            try:
                more = self.turn()
                pause = FIRST_PAUSE
            except Exception as error:
                self.close()
                known = isinstance(error, (Unavailable, LogUnavailable))
                logger.warning("projections wait", engine=self.engine, error=repr(error), seconds=pause, exc_info=not known)
                stop.wait(uniform(pause / 2, pause))  # noqa: S311 - spreads retries, guards nothing
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            # Who rings for an append that comes to nothing? Those that it held up wait for nobody else's.
            soon = min(POLL, soon * 2) if self._under_way else SOON
            if not more:
                self._awake.wait(soon if self._under_way else POLL)
        self.close()

    def catch_up(self, goal: int, timeout: float) -> None:
        """Take everything up to a position, here and now; raises what `run` would wait for."""
        deadline = monotonic() + timeout
        self._open().look_at_once()
        while True:
            self.turn()
            for _, error in self._failed.values():
                raise error
            session = self._open()
            going = [each for each in self.projections if each.name not in session.paused]
            if min(session.store.positions(going), default=goal) >= goal:
                session.store.settle(self.projections)
                return
            if monotonic() > deadline:
                raise TimeoutError(f"projections of {self.engine} did not reach position {goal}")

    def turn(self) -> bool:
        """One batch for each projection; whether there is more to take at once."""
        session = self._open()
        with reaching_postgres():
            for projection in session.take_leases():
                session.ready.append(projection)
                self._attempt(projection, lambda each=projection: session.store.prepare(each))
        for projection in session.look():
            self._attempt(projection, lambda each=projection: self._again(each))
        now = monotonic()
        at_work = [each for each in session.ready if each.name not in session.paused and self._failed.get(each.name, (0.0,))[0] <= now]
        if not at_work:
            return False
        standing = sorted(zip(session.positions(at_work), at_work, strict=True), key=itemgetter(0))
        behind = [self._read_for(position, [each for _, each in group]) for position, group in groupby(standing, itemgetter(0))]
        return any(behind)

    def close(self) -> None:
        """Give up the leases and the connection."""
        if self._session is not None:
            self._session.connection.close()
            self._session = None

    def _open(self) -> Session:
        if self._session is None:
            with reaching_postgres():
                connection = self._connect()
                try:
                    self._session = Session(connection, self._open_store(connection), self.projections)
                except BaseException:
                    connection.close()
                    raise
        return self._session

    def _read_for(self, position: int, projections: Sequence[Projection]) -> bool:
        """One reading of the log serves all projections that stand at the same position."""
        types = {type_ for projection in projections for type_ in projection.events}
        batch = self._reader.read(position, self._batch, list(types))
        self._under_way = batch.under_way
        if batch.upto <= position:
            return False
        steps: list[tuple[Projection, Step]] = []
        idle: list[Projection] = []
        session = self._open()
        for projection in projections:
            mine = set(projection.events)
            events = [each for each in batch.events if type(each.event) in mine]
            if events:
                steps.append((projection, Step(position, batch.upto, events, session.blocked[projection.name])))
            else:
                idle.append(projection)
        if len(batch.events) <= FEW and self._take_together(steps, idle, position, batch.upto):
            session.moved(projections, batch.upto)
        else:
            session.standing.clear()
            self._take_each(steps, idle, position, batch.upto)
        with reaching_postgres():
            tell(session.connection)
        return len(batch.events) >= self._batch

    def _take_together(self, steps: Sequence[tuple[Projection, Step]], idle: Sequence[Projection], position: int, upto: int) -> bool:
        """Whether all took what there was. One commit for all of them is most of what makes them prompt."""
        store = self._open().store
        if not isinstance(store, TakesTogether):
            return False
        try:
            parked = store.take_together(steps, idle, position, upto)
        except (Unavailable, LogUnavailable):
            raise
        except Exception as error:  # noqa: BLE001 - whose fault it is turns out one by one
            logger.info("events are taken one by one", engine=self.engine, error=repr(error))
            return False
        for (projection, step), these in zip(steps, parked, strict=True):
            self._taken(projection, step, these)
        for projection in idle:
            self._progress(projection, upto, 0)
        return True

    def _take_each(self, steps: Sequence[tuple[Projection, Step]], idle: Sequence[Projection], position: int, upto: int) -> None:
        for projection, step in steps:
            self._attempt(projection, lambda each=projection, this=step: self._take(each, this))
        if idle:
            try:
                self._open().store.advance(idle, position, upto)
            except Superseded:
                logger.info("another worker moved a projection", engine=self.engine)
                self.wake()
                return
            for projection in idle:
                self._progress(projection, upto, 0)

    def _take(self, projection: Projection, step: Step) -> None:
        try:
            parked = self._open().store.apply(projection, step)
        except Refused as reason:
            events = step.events
            if len(events) == 1:
                self._take(projection, replace(step, refused=str(reason)))
                return
            middle = len(events) // 2
            between = events[middle - 1].position
            self._take(projection, replace(step, upto=between, events=events[:middle]))
            self._take(projection, replace(step, after=between, events=events[middle:]))
            return
        self._taken(projection, step, parked)

    def _taken(self, projection: Projection, step: Step, parked: Sequence[Parked]) -> None:
        blocked = self._open().blocked[projection.name]
        for each in parked:
            blocked.setdefault(each.sequence, each.recorded.position)
            if each.error:
                logger.error("event parked", projection=projection.name, position=each.recorded.position, error=each.error)
        self._progress(projection, step.upto, len(step.events))

    def _again(self, projection: Projection) -> None:
        session = self._open()
        taken = try_again(session.connection, session.store, self._reader, projection)
        with reaching_postgres():
            session.blocked[projection.name] = blocked(session.connection, projection)
        if taken:
            logger.info("parked events taken", projection=projection.name, events=taken)

    def _attempt(self, projection: Projection, work: Callable[[], None]) -> None:
        """What fails for one projection alone is tried again later, and the others go on."""
        try:
            work()
            self._failed.pop(projection.name, None)
        except (Unavailable, LogUnavailable):
            raise
        except Superseded:
            logger.info("another worker moved the projection", projection=projection.name)
        except Exception as error:
            logger.exception("projection failed", projection=projection.name)
            self._failed[projection.name] = (monotonic() + LONGEST_PAUSE, error)

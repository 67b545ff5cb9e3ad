"""A lane takes the read models of one engine forward, in turn, so that an engine that is away holds up no other."""

import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from random import uniform
from time import monotonic
from typing import Any, TypeAlias

import structlog

from application.ports import Unavailable as LogUnavailable
from domain.recorded import Recorded
from infrastructure.projector.leases import Leases
from infrastructure.projector.retrying import try_again
from infrastructure.readstores.bookkeeping import Connection, asked, blocked, orphaned, reaching_postgres
from infrastructure.readstores.store import Refused, Step, Store, Superseded
from projections.ports import LogReader, Unavailable
from projections.view import Projection

BATCH = 1000
POLL = 0.5
"""Seconds between two looks at the log when nobody wakes the lane."""
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
        with reaching_postgres():
            for projection in self.ready:
                if self.blocked[projection.name]:  # they may have been let go
                    orphaned(self.connection, projection)
                    self.blocked[projection.name] = blocked(self.connection, projection)
            self.paused, again = asked(self.connection, self.ready)
        return [each for each in self.ready if each.name in again and each.name not in self.paused]

    def look_at_once(self) -> None:
        self._looked = float("-inf")


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
        self._failed: dict[str, tuple[float, Exception]] = {}

    def wake(self) -> None:
        """There may be new events."""
        self._awake.set()

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; nothing that fails ends it."""
        pause = FIRST_PAUSE
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
            if not more:
                self._awake.wait(POLL)
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
        standing = sorted(zip(session.store.positions(at_work), at_work, strict=True), key=itemgetter(0))
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
        if batch.upto <= position:
            return False
        idle: list[Projection] = []
        for projection in projections:
            mine = set(projection.events)
            events = [each for each in batch.events if type(each.event) in mine]
            if events:
                self._attempt(projection, lambda each=projection, these=events: self._take(each, position, batch.upto, these))
            else:
                idle.append(projection)
        if idle:
            try:
                self._open().store.advance(idle, position, batch.upto)
            except Superseded:
                logger.info("another worker moved a projection", engine=self.engine)
                return True
            for projection in idle:
                self._progress(projection, batch.upto, 0)
        return len(batch.events) >= self._batch

    def _take(self, projection: Projection, after: int, upto: int, events: Sequence[Recorded[Any]], refused: str = "") -> None:
        session = self._open()
        try:
            parked = session.store.apply(projection, Step(after, upto, events, session.blocked[projection.name], refused))
        except Refused as reason:
            if len(events) == 1:
                self._take(projection, after, upto, events, str(reason))
                return
            middle = len(events) // 2
            between = events[middle - 1].position
            self._take(projection, after, between, events[:middle])
            self._take(projection, between, upto, events[middle:])
            return
        for each in parked:
            session.blocked[projection.name].setdefault(each.sequence, each.recorded.position)
            if each.error:
                logger.error("event parked", projection=projection.name, position=each.recorded.position, error=each.error)
        self._progress(projection, upto, len(events))

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

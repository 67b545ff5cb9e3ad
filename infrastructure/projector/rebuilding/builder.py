"""The builder: makes read models anew beside those that are served, one batch after the other, and rows from zero that were asked for."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from random import uniform

import structlog

from application.ports import Unavailable as LogUnavailable
from infrastructure.locks import Lock
from infrastructure.projector import refolding
from infrastructure.projector.rebuilding import books
from infrastructure.projector.rebuilding.books import Building
from infrastructure.projector.rebuilding.filling import fill
from infrastructure.projector.rebuilding.mender import Mender
from infrastructure.projector.rebuilding.site import Bench, Site, Sites
from infrastructure.readstores import bookkeeping
from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from infrastructure.readstores.folding import describe
from infrastructure.readstores.generations.tables import BUILDING
from infrastructure.readstores.store import Poisoned, Store, Superseded
from projections.ports import LogReader, Unavailable
from projections.view import Feed, Projection

BATCH = 5000
LOOK = 1.0
"""Seconds between two looks at what is asked for."""
AGAIN = 0.02
"""Seconds between two attempts at a switch or a comparison for which the worker was too fast."""
LONGEST_PAUSE = 5.0

logger = structlog.get_logger(__name__)


class Builder:
    """One thread of a worker; of many workers one builds each read model, and a dead one's work is taken over where it stood.

    `connect` opens an autocommit connection for a purpose; the second is open only while something is built.
    """

    def __init__(
        self,
        projections: Sequence[Projection],
        reader: LogReader,
        connect: Callable[[str], Connection],
        stores: Mapping[str, Callable[[Connection], Store]],
        sites: Sites,
        *,
        batch: int = BATCH,
    ) -> None:
        self._projections = {(each.name, each.version): each for each in projections}
        self._reader = reader
        self._connect = connect
        self._stores = stores
        self._open_site = sites
        self._batch = batch
        self._served: Connection | None = None
        self._bench: Bench | None = None
        self._mender = Mender(self._projections, reader, stores)
        self._sites: dict[int, Site] = {}
        self._passed: dict[int, frozenset[int]] = {}
        """Of what is compared, by lease: the parked events that were left out. Who takes over does not know, and begins anew."""
        self._doubted: set[int] = set()

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; nothing that fails ends it."""
        pause = 0.1
        while not stop.is_set():
            try:
                if not self.turn():
                    stop.wait(LOOK)
                pause = 0.1
            except Exception as error:
                self.close()
                known = isinstance(error, (Unavailable, LogUnavailable, Superseded))
                logger.warning("building waits", error=repr(error), seconds=pause, exc_info=not known)
                stop.wait(uniform(pause / 2, pause))  # noqa: S311 - spreads retries, guards nothing
                pause = min(pause * 2, LONGEST_PAUSE)
        self.close()

    def turn(self) -> bool:
        """Rows that were asked for, and one step of what is built; whether there is more to do at once."""
        with reaching_postgres():
            connection = self._open()
            buildings = books.open_buildings(connection)
        mended = self._mender.turn(connection)
        for building in buildings:
            projection = self._projections.get((building.name, building.version))
            if projection is not None and self._takes(connection, building):
                return self._attempt(connection, projection, building) or mended
        if not buildings and self._bench is not None:
            self._put_away()
        return mended

    def close(self) -> None:
        """Give up the leases and the connections."""
        self._put_away()
        if self._served is not None:
            self._served.close()
            self._served = None

    def _put_away(self) -> None:
        if self._bench is not None:
            self._bench.beside.close()
        self._bench = None
        self._sites.clear()
        self._passed.clear()
        self._doubted.clear()

    def _open(self) -> Connection:
        if self._served is None or self._served.closed:
            self._served = self._connect("builder")
        return self._served

    def _site(self, connection: Connection, projection: Projection, building: Building) -> Site:
        if self._bench is None:
            with reaching_postgres():
                found = connection.execute("SELECT current_schema()").fetchone()
                beside = self._connect("building")
                beside.execute(f"SET search_path = {BUILDING}")
                beside.execute("SET synchronous_commit = off")  # rows and position are lost together, and made again
            self._bench = Bench(connection, beside, found[0] if found else "public")
        site = self._sites.get(building.lease)
        if site is None:
            site = self._sites[building.lease] = self._open_site[projection.engine](self._bench, building.generation)
        return site

    def _takes(self, connection: Connection, building: Building) -> bool:
        if building.lease in self._sites:
            return True
        with reaching_postgres():
            taken = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (Lock.BUILDING, building.lease)).fetchone()
        return taken == (True,)

    def _let_go(self, connection: Connection, building: Building) -> None:
        self._sites.pop(building.lease, None)
        self._passed.pop(building.lease, None)
        self._doubted.discard(building.lease)
        with reaching_postgres():
            connection.execute("SELECT pg_advisory_unlock(%s, %s)", (Lock.BUILDING, building.lease))

    def _attempt(self, connection: Connection, projection: Projection, building: Building) -> bool:
        site = self._site(connection, projection, building)
        try:
            return self._step(connection, site, projection, building)
        except (Unavailable, LogUnavailable):
            raise
        except Superseded:  # it was called off
            return True
        except Exception as error:
            logger.exception("building failed", projection=building.name, generation=building.generation)
            with reaching_postgres():
                books.failed(connection, building, str(error) if isinstance(error, Poisoned) else describe(error))
            return True

    def _step(self, connection: Connection, site: Site, projection: Projection, building: Building) -> bool:
        match building.state:
            case "failed" | "cancelled" | "done":
                site.clear(projection)
                self._end(connection, building)
            case "dropped":
                site.drop(projection)
                self._end(connection, building)
            case "requested":
                self._begin(connection, site, projection, building)
            case _ if building.purpose == "check":
                self._check(connection, site, projection, building)
            case _:
                self._build(connection, site, projection, building)
        return True

    def _end(self, connection: Connection, building: Building) -> None:
        with reaching_postgres():
            books.closed(connection, building)
        self._let_go(connection, building)
        logger.info("building ended", projection=building.name, generation=building.generation, state=building.state)

    def _begin(self, connection: Connection, site: Site, projection: Projection, building: Building) -> None:
        if isinstance(projection, Feed) and building.purpose == "rebuild":
            raise TypeError("consumers have read what a feed has told, and it stays")
        site.begin(projection)
        with reaching_postgres():
            books.begun(connection, building)
        self._passed[building.lease] = frozenset()
        logger.info("building", projection=building.name, generation=building.generation, purpose=building.purpose)

    def _build(self, connection: Connection, site: Site, projection: Projection, building: Building) -> None:
        goal = self._reader.stable()
        with reaching_postgres():
            skipped = bookkeeping.skipped(connection, projection)
        at = fill(self._reader, site.store, projection, self._batch, goal, skipped)
        self._mark(connection, building, goal, "building" if at < goal else "ready")
        if at < goal:
            return
        if building.state != "ready":
            site.finish(projection)
        self._restate(connection, site.store, projection, building, skipped)
        if site.switch(projection):
            self._let_go(connection, building)
            logger.info("read model switched", projection=building.name, generation=building.generation, position=at)
        else:
            threading.Event().wait(AGAIN)

    def _check(self, connection: Connection, site: Site, projection: Projection, building: Building) -> None:
        if building.lease not in self._passed:
            self._begin(connection, site, projection, building)
            return
        store = self._stores[projection.engine](connection)
        (goal,) = store.positions([projection])
        passing = self._passing(connection, projection, site.store, building, goal)
        if passing is None or self._is_asked_of(connection, building):
            self._begin(connection, site, projection, building)
            return
        at = fill(self._reader, site.store, projection, self._batch, goal, passing)
        self._mark(connection, building, goal, "building" if at < goal else "ready")
        if at < goal:
            return
        with site.still(projection) as moment:
            passing = self._passing(connection, projection, site.store, building, moment)
            near = passing is not None and fill(self._reader, site.store, projection, self._batch, moment, passing) == moment
            found = site.compare(projection) if near else None
        if found is None or (found.differences and building.lease not in self._doubted):
            if found is not None:  # of what was parked or taken at this very moment nothing may be said
                self._doubted.add(building.lease)
            threading.Event().wait(AGAIN)
            return
        with reaching_postgres():
            books.compared(connection, building, found)
        report = logger.info if found.differences == 0 else logger.error
        report("read model compared", projection=building.name, rows=found.rows, differences=found.differences, position=found.at)

    def _passing(
        self, connection: Connection, projection: Projection, store: Store, building: Building, upto: int
    ) -> frozenset[int] | None:
        """Events that the served read model is without; None where that is not what was left out so far."""
        (at,) = store.positions([projection])
        with reaching_postgres():
            over = bookkeeping.passed_over(connection, projection, upto)
        if _upto(over, at) != _upto(self._passed[building.lease], at):
            return None
        self._passed[building.lease] = over
        return over

    def _mark(self, connection: Connection, building: Building, goal: int, state: str) -> None:
        with reaching_postgres():
            books.aimed(connection, building, goal, state)

    def _is_asked_of(self, connection: Connection, building: Building) -> bool:
        """Whether rows of it are to be made from zero, since something was forgotten meanwhile; they are all made so then."""
        with reaching_postgres():
            asked = refolding.asked_of(connection, building.name, building.version, building.generation)
            refolding.done(connection, building.name, building.version, building.generation, asked)
        return bool(asked)

    def _restate(self, connection: Connection, store: Store, projection: Projection, building: Building, passing: Collection[int]) -> None:
        while True:
            with reaching_postgres():
                asked = refolding.asked_of(connection, building.name, building.version, building.generation)
            if not asked:
                return
            (at,) = store.positions([projection])
            made = refolding.refold(self._reader, projection, set(asked), at, passing=passing)
            if made.parked:
                first = made.parked[0]
                raise Poisoned(f"{first.recorded.type} at position {first.recorded.position}: {first.error}")
            store.restate(projection, at, {**refolding.nothing_of(projection, asked, made), **made.states})
            with reaching_postgres():
                refolding.done(connection, building.name, building.version, building.generation, asked)


def _upto(positions: Collection[int], last: int) -> frozenset[int]:
    return frozenset(each for each in positions if each <= last)

"""Rows of a read model made from zero, while its worker goes on: for parked sequences, and for what may not be known any more."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from msgspec import Struct

from domain.recorded import Recorded
from infrastructure.readstores import bookkeeping
from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from infrastructure.readstores.folding import describe
from infrastructure.readstores.store import Parked, States, Store, Superseded
from projections.ports import LogReader
from projections.view import Count, Key, Projection, View

BATCH = 2000
AT_ONCE = 500
"""Rows that one reading of the log is made for."""
NEAR = 200
"""Positions that are read while the worker is held up; more are read before."""
ATTEMPTS = 20

logger = structlog.get_logger(__name__)


class Refolded(Struct):
    """States by key as they are at `upto`, and what could not be folded; its keys then stop before it."""

    upto: int
    states: dict[Key, tuple[Any, Recorded[Any] | None]]
    parked: list[Parked]


def refold(
    reader: LogReader,
    projection: Projection,
    keys: Collection[str],
    upto: int,
    *,
    begun: Refolded | None = None,
    passing: Collection[int] = (),
) -> Refolded:
    """Fold the events of these keys up to a position, from zero or on from what is `begun`, by one reading of the log.

    Memory is for the keys and one batch, whatever the log holds. Events at positions in `passing` are left out. For a journal or
    a feed the states are what they know of the things. Keys that no event concerns are missing from the states.
    """
    found = begun or Refolded(0, {}, [])
    evolve: Callable[[Any, Any], Any] = projection.evolve
    nothing: Any = () if isinstance(projection, Count) else None
    stopped = {each.sequence for each in found.parked}
    at = found.upto
    while at < upto:
        batch = reader.read(at, BATCH, list(projection.events))
        for recorded in batch.events:
            if recorded.position > upto:
                break
            if recorded.position in passing or (key := _key(projection, recorded)) is None or str(key) not in keys:
                continue
            if str(key) in stopped:
                found.parked.append(Parked(recorded, str(key), ""))
                continue
            before = found.states.get(key, (nothing, None))[0]
            try:
                found.states[key] = (evolve(before, recorded.event), recorded)
            except Exception as error:  # noqa: BLE001 - whatever a projection raises, the event is parked
                found.parked.append(Parked(recorded, str(key), describe(error)))
                stopped.add(str(key))
        if batch.upto <= at:
            break
        at = batch.upto
    found.upto = upto
    return found


def mend(connection: Connection, store: Store, reader: LogReader, projection: Projection) -> int:
    """Make the rows that were asked for from zero, at most `AT_ONCE`, and set them; how many that were.

    `store` is on `connection`. The log is read beside the projection's worker. At the end its position is held for the last few
    events, so that nothing of what it does meanwhile is lost; then it goes on with the new rows. Raises `Superseded` when it is
    always faster.
    """
    with reaching_postgres():
        generation = bookkeeping.generation(connection, projection)
        asked = asked_of(connection, projection.name, projection.version, generation)
    if not asked:
        return 0
    passing, begun = frozenset[int](), Refolded(0, {}, [])
    for _ in range(ATTEMPTS):
        (at,) = store.positions([projection])
        with reaching_postgres():
            if passing != bookkeeping.passed_over(connection, projection, begun.upto):
                begun = Refolded(0, {}, [])  # something was taken that had been parked, or the other way about
            passing = bookkeeping.passed_over(connection, projection, at)
        begun = refold(reader, projection, set(asked), at, begun=begun, passing=passing)
        with suppress(Superseded), reaching_postgres(), connection.transaction():
            bookkeeping.hold(connection, projection)
            _settle(connection, store, reader, projection, begun, asked, passing)
            done(connection, projection.name, projection.version, generation, asked)
            logger.info("rows made from zero", projection=projection.name, rows=len(asked), position=at)
            return len(asked)
    raise Superseded


def _settle(
    connection: Connection,
    store: Store,
    reader: LogReader,
    projection: Projection,
    begun: Refolded,
    asked: Mapping[str, int],
    passing: frozenset[int],
) -> None:
    """While the position is held; what the worker took since `begun` is read here."""
    (at,) = store.positions([projection])
    over = bookkeeping.passed_over(connection, projection, at)
    if at - begun.upto > NEAR or frozenset(each for each in over if each <= begun.upto) != passing:
        raise Superseded
    ended = refold(reader, projection, set(asked), at, begun=begun, passing=over)
    store.restate(projection, at, {**nothing_of(projection, asked, ended), **ended.states})
    if ended.parked:
        bookkeeping.park(connection, projection, ended.parked)


def nothing_of(projection: Projection, asked: Iterable[str], found: Refolded) -> States:
    """Of keys that no event concerns nothing is kept."""
    there = {str(key) for key in found.states}
    kind = UUID if isinstance(projection, View) and projection.key_type == "uuid" else str
    return {kind(key): ((), None) if isinstance(projection, Count) else (None, None) for key in asked if key not in there}


def _key(projection: Projection, recorded: Recorded[Any]) -> Key | None:
    key_of: Callable[[Any], Key | None] = projection.key
    try:
        return key_of(recorded.event)
    except Exception:  # noqa: BLE001 - its stream is parked already, or will be
        return None


def asked_of(connection: Connection, name: str, version: int, generation: int) -> dict[str, int]:
    """The keys of rows that are to be made from zero, each with the number of its asking."""
    rows = connection.execute(
        "SELECT key, asked FROM projection_refolds WHERE name = %s AND version = %s AND generation = %s ORDER BY asked LIMIT %s",
        (name, version, generation, AT_ONCE),
    )
    return dict(rows.fetchall())


def done(connection: Connection, name: str, version: int, generation: int, asked: Mapping[str, int]) -> None:
    """They are made; one that was asked for again meanwhile stays."""
    connection.execute(
        "DELETE FROM projection_refolds AS r USING unnest(%s::text[], %s::bigint[]) AS t(key, asked)"
        " WHERE r.name = %s AND r.version = %s AND r.generation = %s AND r.key = t.key AND r.asked = t.asked",
        (list(asked), list(asked.values()), name, version, generation),
    )

"""Parked events that a person wants tried again: each with its sequence, in order, until one fails once more."""

from itertools import groupby
from operator import itemgetter
from typing import Any

import structlog

from domain.recorded import Recorded
from infrastructure.operations.statements import ASK_REFOLD
from infrastructure.readstores import bookkeeping
from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from infrastructure.readstores.store import Parked, Refused, Step, Store
from projections.ports import LogReader
from projections.view import Journal, Projection

AT_ONCE = 200
"""Events that are tried again in one turn; the rest follow in the next."""

WHOLE = """
    UPDATE parked_events SET retry_at = clock_timestamp() WHERE projection = %(name)s AND version = %(version)s AND retry_at IS NULL
    AND sequence IN (SELECT sequence FROM parked_events WHERE projection = %(name)s AND version = %(version)s AND retry_at IS NOT NULL)
"""
ASKED = """
    SELECT sequence, position FROM parked_events WHERE projection = %(name)s AND version = %(version)s AND retry_at IS NOT NULL
    ORDER BY sequence, position LIMIT %(limit)s
"""
ENOUGH = """
    UPDATE parked_events SET retry_at = NULL WHERE projection = %(name)s AND version = %(version)s AND sequence = %(sequence)s
"""

logger = structlog.get_logger(__name__)


def try_again(connection: Connection, store: Store, reader: LogReader, projection: Projection) -> int:
    """Take what was asked for, in the place of the projection's worker and between two of its batches; how many were taken."""
    values = {"name": projection.name, "version": projection.version, "limit": AT_ONCE}
    with reaching_postgres():
        connection.execute(WHOLE, values)
        asked: list[tuple[str, int]] = connection.execute(ASKED, values).fetchall()
        blocked = bookkeeping.blocked(connection, projection)
    taken = 0
    for sequence, places in groupby(asked, itemgetter(0)):
        others = {each: first for each, first in blocked.items() if each != sequence}
        for _, position in places:
            parked = _again(connection, store, reader, projection, Step(0, 0, (), others, again=True), position)
            if parked:
                logger.warning("event parked again", projection=projection.name, position=position, error=parked[0].error)
                with reaching_postgres():
                    connection.execute(ENOUGH, {**values, "sequence": sequence})
                break
            taken += 1
    return taken


def _again(connection: Connection, store: Store, reader: LogReader, projection: Projection, step: Step, position: int) -> list[Parked]:
    events = [each for each in reader.read(position - 1, 1, list(projection.events)).events if each.position == position]
    if not events:  # the projection is no longer told of such events
        with reaching_postgres():
            bookkeeping.unpark(connection, projection, [position])
        return []
    (at,) = store.positions([projection])
    try:
        parked = store.apply(projection, Step(at, at, events, step.blocked, again=True))
    except Refused as reason:
        parked = store.apply(projection, Step(at, at, events, step.blocked, str(reason), again=True))
    if not parked:
        _in_order(connection, projection, events[0])
    return list(parked)


def _in_order(connection: Connection, projection: Projection, recorded: Recorded[Any]) -> None:
    """One that was parked with its stream, since its key could not be told, may come behind later events of that key."""
    key = projection.key(recorded.event)
    if key is None or isinstance(projection, Journal):  # rows of a journal lie in the order of the log by themselves
        return
    with reaching_postgres():
        behind = connection.execute(
            "SELECT FROM projection_positions WHERE name = %s AND version = %s AND position > %s",
            (projection.name, projection.version, recorded.position),
        ).fetchone()
        if behind is not None and str(key) != str(recorded.stream):
            connection.execute(ASK_REFOLD, {"projection": projection.name, "keys": [str(key)]})

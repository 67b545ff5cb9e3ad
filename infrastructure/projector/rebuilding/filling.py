"""Batches of the log for what is built: larger than a worker's, and never parked."""

from collections.abc import Collection, Sequence
from typing import Any

from domain.recorded import Recorded
from infrastructure.readstores.store import Poisoned, Refused, Step, Store
from projections.ports import LogReader
from projections.view import Projection


def fill(reader: LogReader, store: Store, projection: Projection, limit: int, goal: int, passing: Collection[int]) -> int:
    """Take one batch, never past the goal and without the events at positions in `passing`; where that leads to.

    Raises `Poisoned` for an event that cannot be taken.
    """
    (at,) = store.positions([projection])
    if at >= goal:
        return at
    batch = reader.read(at, limit, list(projection.events))
    upto = min(batch.upto, goal)
    events = [each for each in batch.events if each.position <= upto and each.position not in passing]
    _take(store, projection, at, upto, events)
    return upto


def _take(store: Store, projection: Projection, after: int, upto: int, events: Sequence[Recorded[Any]]) -> None:
    try:
        store.apply(projection, Step(after, upto, events))
    except Refused as reason:
        if len(events) == 1:
            raise Poisoned(f"{events[0].type} at position {events[0].position}: {reason}") from reason
        middle = len(events) // 2
        between = events[middle - 1].position
        _take(store, projection, after, between, events[:middle])
        _take(store, projection, between, upto, events[middle:])

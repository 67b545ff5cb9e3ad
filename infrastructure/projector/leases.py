"""Who works on a projection: many workers may run, one of them holds its lease."""

from collections.abc import Sequence
from time import monotonic

from infrastructure.locks import Lock
from infrastructure.readstores.bookkeeping import Connection, enrol
from projections.view import Projection

TRY_EVERY = 1.0
"""Seconds between two looks at leases that others hold."""


class Leases:
    """Leases end with the connection they are held on, so a dead worker's are free as soon as Postgres has noticed."""

    def __init__(self, connection: Connection, projections: Sequence[Projection]) -> None:
        self._connection = connection
        self._numbers = enrol(connection, projections)
        self._free = list(projections)
        self._tried = float("-inf")
        self.held: list[Projection] = []

    def take(self) -> Sequence[Projection]:
        """Take what nobody holds; return the new ones."""
        if not self._free or monotonic() - self._tried < TRY_EVERY:
            return []
        self._tried = monotonic()
        taken = [each for each in self._free if self._lock(each)]
        self.held += taken
        self._free = [each for each in self._free if each not in taken]
        return taken

    def _lock(self, projection: Projection) -> bool:
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (Lock.PROJECTION, self._numbers[projection.name])).fetchone()
        return row is not None and row[0]

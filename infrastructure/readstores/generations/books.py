"""The books of a read model: those of the served one, which workers and waiters share, and those of one that is built beside it."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct
from psycopg.sql import Composed, Identifier

from infrastructure.readstores import bookkeeping
from infrastructure.readstores.bookkeeping import Connection
from infrastructure.readstores.declared import literal
from infrastructure.readstores.store import Parked, Poisoned, Step, Superseded
from projections.view import Projection


class Books(Protocol):
    """Where positions are written, and what becomes of events that cannot be taken."""

    def positions(self, connection: Connection, projections: Sequence[Projection]) -> Sequence[int]: ...

    def move(self, connection: Connection, projections: Sequence[Projection], after: int, upto: int, taken: int = 0) -> None:
        """Compare and set. Raises `Superseded`; holds the rows until the transaction ends."""
        ...

    def show(self, connection: Connection, projections: Sequence[Projection], upto: int, taken: int = 0) -> None:
        """For engines that keep the position themselves."""
        ...

    def generation(self, connection: Connection, projection: Projection) -> int: ...

    def put_aside(self, connection: Connection, projection: Projection, step: Step, parked: Sequence[Parked]) -> None: ...


class Served:
    """Of what is served: an event that cannot be taken is parked."""

    def positions(self, connection: Connection, projections: Sequence[Projection]) -> Sequence[int]:
        return bookkeeping.positions(connection, projections)

    def move(self, connection: Connection, projections: Sequence[Projection], after: int, upto: int, taken: int = 0) -> None:
        bookkeeping.move(connection, projections, after, upto, taken)

    def show(self, connection: Connection, projections: Sequence[Projection], upto: int, taken: int = 0) -> None:
        bookkeeping.show(connection, projections, upto, taken)

    def generation(self, connection: Connection, projection: Projection) -> int:
        return bookkeeping.generation(connection, projection)

    def put_aside(self, connection: Connection, projection: Projection, step: Step, parked: Sequence[Parked]) -> None:
        if parked:
            bookkeeping.park(connection, projection, parked)
        if step.again:
            kept = {each.recorded.position for each in parked}
            bookkeeping.unpark(connection, projection, [each.position for each in step.events if each.position not in kept])


SERVED = Served()


class Building(Struct, frozen=True):
    """Of what is built beside: an event that cannot be taken stops it. `schema` is where the bookkeeping lies."""

    number: int
    schema: str

    def positions(self, connection: Connection, projections: Sequence[Projection]) -> Sequence[int]:
        found: list[int] = []
        for projection in projections:
            row = connection.execute(
                self._sql("SELECT position FROM {} WHERE name = %s AND version = %s AND generation = %s"), self._row(projection)
            ).fetchone()
            found.append(row[0] if row else 0)
        return found

    def move(self, connection: Connection, projections: Sequence[Projection], after: int, upto: int, taken: int = 0) -> None:
        statement = self._sql(
            "UPDATE {} SET position = %s, events = events + %s WHERE name = %s AND version = %s AND generation = %s"
            " AND position = %s AND state IN ('building', 'ready')"
        )
        for projection in projections:
            if connection.execute(statement, (upto, taken, *self._row(projection), after)).rowcount != 1:
                raise Superseded

    def show(self, connection: Connection, projections: Sequence[Projection], upto: int, taken: int = 0) -> None:
        statement = self._sql("UPDATE {} SET position = %s, events = events + %s WHERE name = %s AND version = %s AND generation = %s")
        for projection in projections:
            connection.execute(statement, (upto, taken, *self._row(projection)))

    def generation(self, connection: Connection, projection: Projection) -> int:  # noqa: ARG002 - what is built has its number from the start
        return self.number

    def put_aside(self, connection: Connection, projection: Projection, step: Step, parked: Sequence[Parked]) -> None:  # noqa: ARG002
        if parked:
            first = parked[0]
            raise Poisoned(f"{first.recorded.type} at position {first.recorded.position}: {first.error}")

    def _row(self, projection: Projection) -> tuple[str, int, int]:
        return projection.name, projection.version, self.number

    def _sql(self, text: str) -> Composed:
        return literal(text).format(Identifier(self.schema, "projection_rebuilds"))

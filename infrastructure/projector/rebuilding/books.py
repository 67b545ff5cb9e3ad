"""What is written down of buildings: which are asked for, how far they are, and how they ended."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from psycopg.rows import class_row

from infrastructure.projector.rebuilding.site import Comparison
from infrastructure.readstores.bookkeeping import Connection
from projections.view import Projection

OPEN = """
    SELECT r.name, r.version, generation, purpose, state, lease, goal FROM projection_rebuilds AS r
    JOIN (SELECT name, version, lease FROM projection_positions) AS p USING (name, version)
    WHERE r.ended_at IS NULL AND state <> 'switched' ORDER BY requested_at, name
"""
BEGUN = """
    UPDATE projection_rebuilds SET state = 'building', position = 0, events = 0, started_at = clock_timestamp()
    WHERE name = %(name)s AND version = %(version)s AND generation = %(generation)s AND state IN ('requested', 'building', 'ready')
"""
GOAL = """
    UPDATE projection_rebuilds SET goal = %(goal)s, state = %(state)s
    WHERE name = %(name)s AND version = %(version)s AND generation = %(generation)s AND state IN ('building', 'ready')
"""
FAILED = """
    UPDATE projection_rebuilds SET state = 'failed', error = %(error)s
    WHERE name = %(name)s AND version = %(version)s AND generation = %(generation)s AND state IN ('requested', 'building', 'ready')
"""
COMPARED = """
    UPDATE projection_rebuilds SET state = 'done', differences = %(differences)s, report = %(report)s, position = %(position)s
    WHERE name = %(name)s AND version = %(version)s AND generation = %(generation)s AND state IN ('building', 'ready')
"""
CLOSED = """
    UPDATE projection_rebuilds SET ended_at = clock_timestamp(), state = CASE state WHEN 'dropped' THEN 'done' ELSE state END
    WHERE name = %(name)s AND version = %(version)s AND generation = %(generation)s AND ended_at IS NULL
"""

SERVE = """
    UPDATE projection_positions SET generation = %(generation)s, position = greatest(position, %(position)s), updated_at = clock_timestamp()
    WHERE name = %(name)s AND version = %(version)s
"""
UNPARK = "DELETE FROM parked_events WHERE projection = %(name)s AND version = %(version)s AND position <= %(position)s"
REPLACE = """
    UPDATE projection_rebuilds SET state = 'done', ended_at = clock_timestamp()
    WHERE name = %(name)s AND version = %(version)s AND generation <> %(generation)s AND state IN ('switched', 'dropped')
"""
SWITCHED = """
    UPDATE projection_rebuilds SET state = 'switched' WHERE name = %(name)s AND version = %(version)s AND generation = %(generation)s
"""
FORGET = "DELETE FROM projection_refolds WHERE name = %(name)s AND version = %(version)s AND generation <> %(generation)s"


UNASKED = """
    DELETE FROM projection_refolds AS r WHERE name = %(name)s AND version = %(version)s AND generation = %(generation)s
    AND NOT EXISTS (SELECT FROM projection_positions AS p WHERE (p.name, p.version, p.generation) = (r.name, r.version, r.generation))
"""


class Building(Struct, frozen=True):
    """`lease` is the number by which one worker at a time builds."""

    name: str
    version: int
    generation: int
    purpose: str
    state: str
    lease: int
    goal: int

    @property
    def row(self) -> dict[str, object]:
        return {"name": self.name, "version": self.version, "generation": self.generation}


def open_buildings(connection: Connection) -> Sequence[Building]:
    """What there is to do, the longest asked for first."""
    with connection.cursor(row_factory=class_row(Building)) as cursor:
        return cursor.execute(OPEN).fetchall()


def begun(connection: Connection, building: Building) -> None:
    connection.execute(BEGUN, building.row)


def aimed(connection: Connection, building: Building, goal: int, state: str) -> None:
    connection.execute(GOAL, {**building.row, "goal": goal, "state": state})


def failed(connection: Connection, building: Building, error: str) -> None:
    connection.execute(FAILED, {**building.row, "error": error.replace("\0", "")})


def compared(connection: Connection, building: Building, found: Comparison) -> None:
    report = msgspec.json.encode(found).decode()
    connection.execute(COMPARED, {**building.row, "differences": found.differences, "report": report, "position": found.at})


def closed(connection: Connection, building: Building) -> None:
    """Nothing of it is left beside, nor anything to do about it."""
    connection.execute(CLOSED, building.row)
    connection.execute(UNASKED, building.row)


def wanted(connection: Connection, projection: Projection, generation: int) -> int | None:
    """How far the building is, if it is still wanted; nobody calls it off until the transaction ends."""
    row = connection.execute(
        "SELECT position FROM projection_rebuilds WHERE name = %s AND version = %s AND generation = %s"
        " AND state IN ('building', 'ready') FOR UPDATE",
        (projection.name, projection.version, generation),
    ).fetchone()
    return None if row is None else row[0]


def serve(connection: Connection, projection: Projection, generation: int, position: int) -> None:
    """What was built is what is served: what was parked before is in it."""
    values = {"name": projection.name, "version": projection.version, "generation": generation, "position": position}
    for statement in (SERVE, UNPARK, REPLACE, SWITCHED, FORGET):
        connection.execute(statement, values)

"""What became of an event that is not where it was sealed, or as it was sealed."""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct
from psycopg import sql

from infrastructure.postgres import Connection
from infrastructure.seals import canonical, stored
from infrastructure.seals.merkle import leaf

Leaves = Sequence[tuple[int, bytes]]
"""Position and leaf hash."""

Kind = Literal["changed", "added", "removed", "moved"]


class Difference(Struct, frozen=True):
    what: Kind
    position: int
    said: str


def first_difference(connection: Connection, sealed: Leaves, events: Leaves) -> Difference:
    """The first of the events of a block that is not as it was sealed; there is one."""
    for number, (position, hashed) in enumerate(sealed):
        here = events[number] if number < len(events) else None
        if here == (position, hashed):
            continue
        if here and here[0] < position:
            return added(connection, here[0])
        elsewhere = found_at(connection, position, hashed)
        if elsewhere is not None:
            return Difference("moved", position, f"the event of position {position} was moved to {elsewhere}")
        if here and here[0] == position:
            return Difference("changed", position, f"the event at position {position} was changed")
        return Difference("removed", position, f"the event of position {position} was removed")
    return added(connection, events[len(sealed)][0])


def added(connection: Connection, position: int) -> Difference:
    """An event stands where none was sealed; it may be one that was sealed elsewhere and is missing there."""
    (_, row) = next(canonical.events(connection, canonical.at(position)))
    for was, hashed in all_sealed(connection):
        if leaf(canonical.moved(row, was)) == hashed and not stands(connection, was, hashed):
            return Difference("moved", position, f"the event of position {was} was moved to {position}")
    return Difference("added", position, f"the event at position {position} was added")


def found_at(connection: Connection, position: int, hashed: bytes) -> int | None:
    """Where an event stands now that was sealed at `position`: it would have that hash there."""
    for now, row in canonical.events(connection, sql.SQL("true ORDER BY position")):
        if now != position and leaf(canonical.moved(row, position)) == hashed:
            return now
    return None


def all_sealed(connection: Connection) -> Iterator[tuple[int, bytes]]:
    for block in stored.all_blocks(connection):
        yield from zip(canonical.unpacked(block.positions), block.hashes, strict=False)


def stands(connection: Connection, position: int, hashed: bytes) -> bool:
    return any(here == hashed for _, here in canonical.leaves(connection, canonical.at(position)))

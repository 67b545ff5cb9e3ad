"""Proofs for auditors: that an event is in a signed tree, and that one tree goes on from another."""

from base64 import b64encode
from bisect import bisect_left
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from psycopg_pool import ConnectionPool

from infrastructure.postgres import Connection
from infrastructure.readstores.bookkeeping import reaching_postgres
from infrastructure.seals import canonical, stored
from infrastructure.seals.merkle import consistency_path, inclusion_path
from projections.seals import Consistency, Head, PositionNotSealed, PositionUnknown, Proof, SealKey, SizeUnknown

PATIENCE = 2.0
"""Seconds to wait for a connection."""

BLOCKS = """
SELECT start, positions FROM seals WHERE size IN (
    SELECT (SELECT size FROM seals WHERE last_position >= p ORDER BY last_position LIMIT 1) FROM unnest(%s::bigint[]) AS p)
"""


class PostgresSeals:
    """`projections.seals.Seals`. A proof reads at most two tiles of leaves and the hashes above them."""

    def __init__(self, pool: ConnectionPool[Connection]) -> None:
        self._pool = pool

    def head(self, size: int | None = None) -> Head:
        with self._connection() as connection:
            return self._head(connection, size)

    def heads(self, after: int, limit: int) -> Sequence[Head]:
        with self._connection() as connection:
            return stored.heads(connection, after, limit)

    def keys(self) -> Sequence[SealKey]:
        with self._connection() as connection:
            return stored.keys(connection)

    def inclusion(self, position: int, size: int | None = None) -> Proof:
        with self._connection() as connection:
            event = next(canonical.events(connection, canonical.at(position)), None)
            if event is None:
                raise PositionUnknown
            if size is None and stored.newest(connection) is None:
                raise PositionNotSealed
            head = self._head(connection, size)
            if position > head.last_position:
                raise PositionNotSealed
            index = self._index(connection, position)
            ranges = inclusion_path(index, head.size)
            hashes = stored.Hashes(connection, ranges)
            return Proof(position, index, b64encode(event[1]).decode(), [hashes.of(*each).hex() for each in ranges], head)

    def inclusions(self, positions: Sequence[int], head: Head) -> list[Proof]:
        """Of many events at once, in the order of the log; those that the head does not cover, or that were never sealed, are left out."""
        with self._connection() as connection:
            indices = self._indices(connection, [each for each in positions if each <= head.last_position])
            paths = {position: inclusion_path(index, head.size) for position, index in indices.items()}
            ranges = dict.fromkeys(part for path in paths.values() for part in path)
            hashes = stored.Hashes(connection, ranges)
            found = {part: hashes.of(*part).hex() for part in ranges}
            return [
                Proof(position, indices[position], b64encode(event).decode(), [found[part] for part in paths[position]], head)
                for position, event in canonical.events(connection, canonical.among(list(indices)))
            ]

    def consistency(self, before: int, after: int) -> Consistency:
        if before > after:
            raise SizeUnknown
        with self._connection() as connection:
            smaller, greater = self._head(connection, before), self._head(connection, after)
            ranges = consistency_path(before, after)
            hashes = stored.Hashes(connection, ranges)
            return Consistency(smaller, greater, [hashes.of(*each).hex() for each in ranges])

    def _head(self, connection: Connection, size: int | None) -> Head:
        found = stored.newest(connection) if size is None else stored.of_size(connection, size)
        if found is None:
            raise SizeUnknown
        return found

    def _index(self, connection: Connection, position: int) -> int:
        """Which leaf it is; an event that stands where none was sealed came there afterwards, and no proof can be had for it."""
        row = connection.execute(
            "SELECT start, positions FROM seals WHERE last_position >= %s ORDER BY last_position LIMIT 1", (position,), binary=True
        ).fetchone()
        if row is None:
            raise PositionNotSealed
        start, positions = row[0], canonical.unpacked(row[1])
        at = bisect_left(positions, position)
        if positions[at] != position:
            raise PositionNotSealed
        return start + at

    def _indices(self, connection: Connection, positions: Sequence[int]) -> dict[int, int]:
        """Which leaf each is, of those that are one."""
        found: dict[int, int] = {}
        for start, sealed in connection.execute(BLOCKS, (list(positions),), binary=True).fetchall():
            leaves = {position: start + at for at, position in enumerate(canonical.unpacked(sealed))}
            found |= {each: leaves[each] for each in positions if each in leaves}
        return found

    @contextmanager
    def _connection(self) -> Generator[Connection]:
        with reaching_postgres(), self._pool.connection(timeout=PATIENCE) as connection:
            yield connection

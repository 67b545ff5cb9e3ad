"""What becomes evidence: all that one stream holds, or all that has to do with one person, proved against one signed head."""
# ruff: noqa: S608 - the texts are put together from constants of this module

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.ports import Clock
from domain.users.user import users
from infrastructure.postgres import Connection
from infrastructure.readstores import bookkeeping
from infrastructure.readstores.bookkeeping import reaching_postgres
from infrastructure.seals import evidence, stored
from infrastructure.seals.proofs import PostgresSeals
from infrastructure.seals.signing import SigningKey
from projections.ports import Unavailable
from projections.seals import Bundle, Head, NothingSealed, Proof
from projections.users import mentions

PATIENCE = 2.0
"""Seconds to wait for a connection."""

PAGE = 200
"""Events that are held at once."""

NAMED = 1000
"""How many of the events without a proof are named."""

# Each row: behind what the next page begins, and the position. A stream is read by version, so that a page costs what it holds.
STREAM = "SELECT version, position FROM events WHERE stream = %(id)s AND version > %(after)s ORDER BY version LIMIT %(limit)s"

PERSON = f"""
SELECT position, position FROM (
    (SELECT position FROM events WHERE actor = %(id)s AND position > %(after)s ORDER BY position LIMIT %(limit)s)
    UNION (SELECT position FROM events WHERE stream = %(id)s AND position > %(after)s ORDER BY position LIMIT %(limit)s)
    UNION (SELECT DISTINCT position FROM {mentions.journal.table} WHERE person = %(id)s AND position > %(after)s
           ORDER BY position LIMIT %(limit)s)
) AS each (position) ORDER BY position LIMIT %(limit)s
"""

COUNT = {
    STREAM: "SELECT count(*) FROM events WHERE stream = %(id)s AND position <= %(last)s",
    PERSON: f"""
SELECT count(*) FROM (
    SELECT position FROM events WHERE (actor = %(id)s OR stream = %(id)s) AND position <= %(last)s
    UNION SELECT position FROM {mentions.journal.table} WHERE person = %(id)s AND position <= %(last)s
) AS each
""",
}


class PostgresEvidence:
    """`projections.seals.Evidence`; `key` signs what is taken away."""

    def __init__(self, pool: ConnectionPool[Connection], seals: PostgresSeals, key: SigningKey, clock: Clock) -> None:
        self._pool = pool
        self._seals = seals
        self._key = key
        self._clock = clock

    def of_stream(self, stream: UUID, asked_by: str) -> Bundle | None:
        with self._connection() as connection:
            if not exists(connection, "SELECT 1 FROM events WHERE stream = %s LIMIT 1", stream):
                return None
            head = stored.newest(connection)
        return self._bundle(STREAM, stream, head, {"stream": stream, "askedBy": asked_by})

    def of_person(self, person: UUID, asked_by: str) -> Bundle | None:
        with self._connection() as connection:
            known = "SELECT 1 FROM events WHERE stream = %s AND kind = %s LIMIT 1"
            if not exists(connection, known, person, users.name):
                return None
            # What came later may concern the person without our knowing yet: a bundle is complete for its head.
            [reached] = bookkeeping.positions(connection, [mentions.journal])
            head = stored.newest(connection, upto=reached)
        return self._bundle(PERSON, person, head, {"person": person, "askedBy": asked_by})

    def _bundle(self, query: str, id: UUID, head: Head | None, about: Mapping[str, Any]) -> Bundle:
        if head is None:
            raise NothingSealed
        with self._connection() as connection:
            keys = stored.keys(connection)
            counted = connection.execute(COUNT[query].encode(), {"id": id, "last": head.last_position}).fetchone()
        if not counted or not counted[0]:
            raise NothingSealed
        if self._key.id not in {each.key_id for each in keys}:
            raise Unavailable("seals")  # the sealer has not taken up the key that is set
        unproved = Unproved()
        said = {**about, "madeAt": self._clock()}
        pages = self._proofs(query, id, head, unproved)
        # The first page now: what fails is then refused, and not cut off.
        proofs = chain(next(pages, ()), chain.from_iterable(pages))
        return Bundle(counted[0], evidence.pieces(proofs, head, keys, self._key, lambda: {**said, "notInTree": unproved.shown()}))

    def _proofs(self, query: str, id: UUID, head: Head, unproved: "Unproved") -> Iterator[Sequence[Proof]]:
        after = 0
        while True:
            with self._connection() as connection:
                rows = connection.execute(query.encode(), {"id": id, "after": after, "limit": PAGE}).fetchall()
            positions = [position for _, position in rows]
            proofs = self._seals.inclusions(positions, head)
            unproved.add(sorted({*positions} - {each.position for each in proofs}))
            yield proofs
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    @contextmanager
    def _connection(self) -> Generator[Connection]:
        with reaching_postgres(), self._pool.connection(timeout=PATIENCE) as connection:
            yield connection


class Unproved:
    """Events that belong here and are not in the tree: too young for it, or put there behind its back."""

    def __init__(self) -> None:
        self._count = 0
        self._positions: list[int] = []

    def add(self, positions: Sequence[int]) -> None:
        self._count += len(positions)
        self._positions += positions[: NAMED - len(self._positions)]

    def shown(self) -> Mapping[str, Any]:
        return {"events": self._count, "positions": self._positions}


def exists(connection: Connection, query: str, *values: Any) -> bool:
    return connection.execute(query.encode(), values).fetchone() is not None

"""Seals as Postgres keeps them."""
# ruff: noqa: S608 - the texts are put together from constants of this module

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg.rows import class_row

from infrastructure.postgres import Connection
from infrastructure.seals.merkle import TILE, complete, joined, subtree
from projections.seals import Head, SealKey

HASH = 32

KEYS = """
SELECT key_id, public_key, since, made_at, lag(key_id) OVER (ORDER BY ordinal), signature, endorsement FROM seal_keys ORDER BY ordinal
"""
ADD_KEY = """
INSERT INTO seal_keys (ordinal, key_id, public_key, since, made_at, signature, endorsement) VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
HEAD_COLUMNS = "size, root, last_position, sealed_at, previous, key_id, signature"
NEWEST = f"SELECT {HEAD_COLUMNS} FROM seals ORDER BY size DESC LIMIT 1"
NEWEST_UPTO = f"SELECT {HEAD_COLUMNS} FROM seals WHERE last_position <= %s ORDER BY last_position DESC LIMIT 1"
OF_SIZE = f"SELECT {HEAD_COLUMNS} FROM seals WHERE size = %s"
AFTER = f"SELECT {HEAD_COLUMNS} FROM seals WHERE size > %s ORDER BY size LIMIT %s"
ADD_BLOCK = """
INSERT INTO seals (size, start, last_position, root, previous, sealed_at, key_id, signature, positions, leaves, subtrees)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class Block(Struct, frozen=True):
    """What one signature added: which events, by position and leaf hash, and the subtrees that were completed."""

    size: int
    start: int
    last_position: int
    root: bytes
    previous: bytes
    sealed_at: datetime
    key_id: str
    signature: bytes
    positions: bytes
    leaves: bytes
    subtrees: bytes

    @property
    def head(self) -> Head:
        return as_head((self.size, self.root, self.last_position, self.sealed_at, self.previous, self.key_id, self.signature))

    @property
    def hashes(self) -> list[bytes]:
        return split(self.leaves)


def split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]


def as_head(row: Sequence[Any]) -> Head:
    size, root, last_position, sealed_at, previous, key, signature = row
    return Head(size, root.hex(), last_position, sealed_at, previous.hex(), key, b64encode(signature).decode())


def keys(connection: Connection) -> list[SealKey]:
    return [
        SealKey(
            name,
            b64encode(public).decode(),
            since,
            made_at,
            follows,
            b64encode(signature).decode(),
            b64encode(endorsement).decode() if endorsement is not None else None,
        )
        for name, public, since, made_at, follows, signature, endorsement in connection.execute(KEYS, binary=True).fetchall()
    ]


def add_key(connection: Connection, ordinal: int, key: SealKey) -> None:
    endorsement = b64decode(key.endorsement) if key.endorsement else None
    public, signature = b64decode(key.public_key), b64decode(key.signature)
    connection.execute(ADD_KEY, (ordinal, key.key_id, public, key.since, key.made_at, signature, endorsement))


def newest(connection: Connection, upto: int | None = None) -> Head | None:
    """The newest of all, or of those that cover nothing behind a position."""
    query, values = (NEWEST, ()) if upto is None else (NEWEST_UPTO, (upto,))
    row = connection.execute(query, values, binary=True).fetchone()
    return as_head(row) if row else None


def of_size(connection: Connection, size: int) -> Head | None:
    row = connection.execute(OF_SIZE, (size,), binary=True).fetchone()
    return as_head(row) if row else None


def heads(connection: Connection, after: int, limit: int) -> list[Head]:
    return [as_head(row) for row in connection.execute(AFTER, (after, limit), binary=True).fetchall()]


def sealed_events(connection: Connection) -> int:
    found = newest(connection)
    return found.size if found else 0


def add(connection: Connection, blocks: Iterable[Block]) -> None:
    """Raises UniqueViolation where somebody else has gone on from there."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(
            ADD_BLOCK,
            [
                (
                    each.size,
                    each.start,
                    each.last_position,
                    each.root,
                    each.previous,
                    each.sealed_at,
                    each.key_id,
                    each.signature,
                    each.positions,
                    each.leaves,
                    each.subtrees,
                )
                for each in blocks
            ],
        )


def all_blocks(connection: Connection, at_once: int = 32) -> Iterator[Block]:
    """In order of size, a few at a time."""
    after = -1
    while True:
        with connection.cursor(row_factory=class_row(Block), binary=True) as cursor:
            statement = "SELECT * FROM seals WHERE size > %s ORDER BY size LIMIT %s"
            found = cursor.execute(statement, (after, at_once)).fetchall()
        yield from found
        if len(found) < at_once:
            return
        after = found[-1].size


class Hashes:
    """The hashes of any part of the tree, from the tiles and subtrees that it is made of: read with two statements at once."""

    def __init__(self, connection: Connection, ranges: Iterable[tuple[int, int]]) -> None:
        """`ranges` are what will be asked for."""
        parts = [part for low, high in ranges for part in complete(low, high)]
        great = sorted({high for low, high in parts if high - low >= TILE})
        small = sorted({low // TILE for low, high in parts if high - low < TILE})
        rows = (
            connection.execute("SELECT size, subtrees FROM seals WHERE size = ANY(%s)", (great,), binary=True).fetchall() if great else []
        )
        self._subtrees: dict[int, list[bytes]] = {size: split(hashes) for size, hashes in rows}
        self._tiles: dict[int, list[bytes]] = {tile: self._leaves(connection, tile) for tile in small}

    def of(self, low: int, high: int) -> bytes:
        """The Merkle tree hash of these leaves."""
        return joined(self.parts(low, high))

    def parts(self, low: int, high: int) -> list[bytes]:
        """The complete subtrees of these leaves, from the left."""
        return [self._part(*part) for part in complete(low, high)]

    def _part(self, low: int, high: int) -> bytes:
        if high - low >= TILE:
            return self._subtrees[high][(high - low).bit_length() - TILE.bit_length()]
        tile = low // TILE
        return subtree(self._tiles[tile][low - tile * TILE : high - tile * TILE])

    @staticmethod
    def _leaves(connection: Connection, tile: int) -> list[bytes]:
        rows = connection.execute(
            "SELECT leaves FROM seals WHERE size > %s AND size <= %s ORDER BY size", (tile * TILE, (tile + 1) * TILE), binary=True
        ).fetchall()
        return split(b"".join(leaves for (leaves,) in rows))

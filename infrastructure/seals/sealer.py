"""Closes blocks of the log and signs the tree over them: one sealer at a time, behind the appends and out of their way."""

from base64 import b64decode
from collections.abc import Sequence
from itertools import islice
from threading import Event
from time import monotonic

import psycopg
from msgspec.structs import replace
from structlog import get_logger

from application.ports import Clock
from infrastructure.eventlog import statements
from infrastructure.locks import Lock
from infrastructure.postgres import Connection
from infrastructure.seals import canonical, stored
from infrastructure.seals.merkle import TILE, Frontier, complete
from infrastructure.seals.signing import SigningKey, chained, head_statement, succession
from infrastructure.seals.stored import Block
from projections.seals import Head

logger = get_logger(__name__)

LEASE = (Lock.SEALER, 1)
"""The advisory lock of the sealer that leads; it ends with its connection."""

AGE_SECONDS = 10.0
"""How long an event waits for its block to fill before the block is closed with what there is."""

PAUSE_SECONDS = 1.0
RETRY_SECONDS = 5.0
AT_ONCE = 32 * TILE
NOTHING_BEFORE = -(2**63)
NO_HEAD = "00" * 32


class RetiredKey(Exception):
    """The key that is set was followed by another: nothing may be signed with it any more."""


class Sealer:
    """`keys` are the one that signs, then those it may follow. The log's own order is the order of leaves."""

    def __init__(self, database_url: str, keys: Sequence[SigningKey], clock: Clock, *, age: float = AGE_SECONDS) -> None:
        self._url = database_url
        self._keys = keys
        self._clock = clock
        self._age = age
        self._last: Head | None = None
        self._frontier: Frontier | None = None
        self._waiting_since: float | None = None

    def run(self, stop: Event) -> None:
        """Seal until told to stop; while another sealer leads, wait for its end."""
        while not stop.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True, application_name="tradewind seal") as connection:
                    while not stop.is_set():
                        if self._leads(connection):
                            self._lead(connection, stop)
                        stop.wait(PAUSE_SECONDS)
            except (psycopg.Error, RetiredKey, LookupError) as reason:
                # LookupError: a seal is gone that a new one would build upon, which `verify` names.
                logger.warning("the log is not being sealed", reason=repr(reason))
                stop.wait(RETRY_SECONDS)

    def step(self, connection: Connection, *, now: bool = False) -> int:
        """Close what blocks are full, and the last one if its time has come, or at once; return how many events were sealed."""
        frontier = self._frontier or self._resumed(connection)
        after = self._last.last_position if self._last else NOTHING_BEFORE
        stable = connection.execute(statements.STABLE, prepare=True, binary=True).fetchall()[0][0]
        room = TILE - frontier.size % TILE
        due = now or self._due()
        if stable <= after or (stable - max(after, 0) < room and self._waiting_since is not None and not due):
            return 0
        found = list(canonical.leaves(connection, canonical.between(after, stable, room + AT_ONCE - TILE)))
        self._waiting_since = (self._waiting_since or monotonic()) if found else None
        self._frontier = None  # until what follows is stored
        blocks = self._blocks(frontier, found, partly=due)
        if blocks:
            stored.add(connection, blocks)
            self._last = blocks[-1].head
            self._waiting_since = None
        self._frontier = frontier
        return sum(each.size - each.start for each in blocks)

    def _lead(self, connection: Connection, stop: Event) -> None:
        self._frontier = None  # another may have led meanwhile
        while not stop.is_set():
            try:
                sealed = self.step(connection)
            except psycopg.errors.UniqueViolation:
                self._frontier = None
                sealed = 0
            if sealed < AT_ONCE - TILE:
                stop.wait(PAUSE_SECONDS)

    @staticmethod
    def _leads(connection: Connection) -> bool:
        (ours,) = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", LEASE).fetchone() or (False,)
        return ours

    def _due(self) -> bool:
        """Measured on our own clock that never jumps, from when we first saw that something waits."""
        return self._waiting_since is not None and monotonic() - self._waiting_since >= self._age

    def _resumed(self, connection: Connection) -> Frontier:
        self._last = stored.newest(connection)
        size = self._last.size if self._last else 0
        self._take_up_key(connection, size)
        return Frontier(size, stored.Hashes(connection, complete(0, size)).parts(0, size))

    def _take_up_key(self, connection: Connection, size: int) -> None:
        known = stored.keys(connection)
        if known and known[-1].key_id == self._keys[0].id:
            return
        if any(each.key_id == self._keys[0].id for each in known):
            raise RetiredKey(f"the seal key {self._keys[0].id} was followed by {known[-1].key_id}: set that one, or a new one")
        stored.add_key(connection, len(known) + 1, succession(self._keys[0], known, self._keys[1:], size, self._clock()))

    def _blocks(self, frontier: Frontier, found: Sequence[tuple[int, bytes]], *, partly: bool) -> list[Block]:
        blocks: list[Block] = []
        rest = iter(found)
        last = self._last
        while True:
            room = TILE - frontier.size % TILE
            taken = list(islice(rest, room))
            if not taken or (len(taken) < room and not partly):
                return blocks
            blocks.append(self._block(frontier, taken, last))
            last = blocks[-1].head

    def _block(self, frontier: Frontier, taken: Sequence[tuple[int, bytes]], last: Head | None) -> Block:
        start = frontier.size
        leaves = [leaf for _, leaf in taken]
        subtrees = frontier.extend(leaves)
        before = chained(last) if last else NO_HEAD
        unsigned = Head(frontier.size, frontier.root().hex(), taken[-1][0], self._clock(), before, self._keys[0].id, "")
        head = replace(unsigned, signature=self._keys[0].sign(head_statement(unsigned)))
        return Block(
            head.size,
            start,
            head.last_position,
            bytes.fromhex(head.root),
            bytes.fromhex(head.previous),
            head.sealed_at,
            head.key_id,
            b64decode(head.signature),
            canonical.packed([position for position, _ in taken]),
            b"".join(leaves),
            b"".join(subtrees),
        )

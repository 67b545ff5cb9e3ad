"""Recomputes every seal from the events as they stand, and names the first event that is not as it was sealed."""

from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Literal

from msgspec import Struct

from infrastructure.eventlog import statements
from infrastructure.postgres import Connection
from infrastructure.seals import canonical, differing, stored
from infrastructure.seals.merkle import Frontier
from infrastructure.seals.sealer import NO_HEAD, NOTHING_BEFORE
from infrastructure.seals.signing import chained, head_statement, signed_by, trusted
from infrastructure.seals.stored import Block
from projections.seals import Head, SealKey

Events = Sequence[tuple[int, bytes]]
"""Position and leaf hash."""

BLOCKS_AT_ONCE = 64


class Finding(Struct, frozen=True):
    """The first thing that is not as it was signed: an event (by position), or a seal where the events may be as they were."""

    what: Literal["changed", "added", "removed", "moved", "seal"]
    position: int | None
    said: str


class Verdict(Struct, frozen=True):
    """How many events were recomputed up to `head`; without a finding they are all as they were sealed.

    `unsealed` events came after it, the first of them at `waiting_since`.
    """

    events: int
    head: Head | None
    unsealed: int = 0
    waiting_since: datetime | None = None
    finding: Finding | None = None


class Found(Exception):
    def __init__(self, what: Literal["changed", "added", "removed", "moved", "seal"], position: int | None, said: str) -> None:
        super().__init__(said)
        self.finding = Finding(what, position, said)


class Verification:
    """`anchors` are the public keys that are known to be ours; `witness` is a tree head that was kept elsewhere."""

    def __init__(
        self, connection: Connection, anchors: Sequence[bytes], witness: Head | None = None, report: Callable[[int], None] = lambda _: None
    ) -> None:
        """`report` is told how many events were recomputed so far."""
        self._connection = connection
        self._anchors = anchors
        self._witness = witness
        self._report = report
        self._keys: dict[str, SealKey] = {}
        self._frontier = Frontier()
        self._last: Head | None = None

    def run(self) -> Verdict:
        try:
            self._read_keys()
            for block, events in self._blocks():
                self._check(block, events)
            self._check_end()
            unsealed, since = self._unsealed()
        except Found as found:
            return Verdict(self._frontier.size, self._last, finding=found.finding)
        return Verdict(self._frontier.size, self._last, unsealed, since)

    def _read_keys(self) -> None:
        listed = stored.keys(self._connection)
        for anchor in self._anchors:
            self._keys |= trusted(listed, anchor)
        if listed and not self._keys:
            raise Found("seal", None, "none of the keys that are set here is among those that signed: the seals are not ours")
        if self._witness and not self._holds(self._witness):
            raise Found("seal", None, f"the tree head of size {self._witness.size} that was given is not signed by a key of ours")

    def _blocks(self) -> Iterator[tuple[Block, Events]]:
        """Each block with the events that stand where its own should."""
        after = NOTHING_BEFORE
        blocks: list[Block] = []
        for block in chain(stored.all_blocks(self._connection, BLOCKS_AT_ONCE), [None]):
            if block:
                blocks.append(block)
            if len(blocks) == BLOCKS_AT_ONCE or (blocks and block is None):
                events = list(canonical.leaves(self._connection, canonical.between(after, blocks[-1].last_position)))
                at = 0
                for each in blocks:
                    end = at
                    while end < len(events) and events[end][0] <= each.last_position:
                        end += 1
                    yield each, events[at:end]
                    at = end
                after = blocks[-1].last_position
                blocks = []

    def _check(self, block: Block, events: Events) -> None:
        head = block.head
        if block.start != self._frontier.size:
            raise Found("seal", None, f"a seal is missing: after size {self._frontier.size} comes one that begins at {block.start}")
        leaves = [leaf for _, leaf in events]
        frontier = self._frontier.copy()
        subtrees = b"".join(frontier.extend(leaves))
        kept = b"".join(leaves) == block.leaves and canonical.packed([position for position, _ in events]) == block.positions
        if frontier.size != block.size or frontier.root() != block.root:
            self._blame(block, events, kept=kept)
        if not kept or subtrees != block.subtrees:
            raise Found(
                "seal", None, f"the hashes kept with the seal of size {block.size} were changed; its events are as they were signed"
            )
        self._check_signature(head)
        self._compare_with_witness(frontier, leaves, head)
        self._frontier, self._last = frontier, head
        self._report(frontier.size)

    def _check_signature(self, head: Head) -> None:
        if not self._holds(head):
            raise Found("seal", None, f"the tree head of size {head.size} is not signed by a key of ours")
        if head.previous != (chained(self._last) if self._last else NO_HEAD):
            raise Found("seal", None, f"the tree head of size {head.size} does not follow the one before it")

    def _holds(self, head: Head) -> bool:
        key = self._keys.get(head.key_id)
        return key is not None and signed_by(b64decode(key.public_key), head.signature, head_statement(head))

    def _blame(self, block: Block, events: Events, *, kept: bool) -> None:
        """The events do not give the root: by the hashes kept with the seal, if these do, the first that differs is known."""
        first = events[0][0] if events else block.last_position
        if kept:
            span = f"between positions {first} and {block.last_position}"
            if self._holds(block.head):
                raise Found("changed", first, f"an event {span} was changed, and the hashes kept with its seal as well")
            raise Found(
                "seal", None, f"the tree head of size {block.size} was changed; the events {span} are those of the hashes kept with it"
            )
        if not len(block.positions) // 8 == len(block.hashes) == block.size - block.start:
            raise Found("seal", None, f"the hashes kept with the seal of size {block.size} are not as many as its events")
        sealed = list(zip(canonical.unpacked(block.positions), block.hashes, strict=True))
        finding = differing.first_difference(self._connection, sealed, events)
        frontier = self._frontier.copy()
        frontier.extend(block.hashes)
        sound = frontier.root() == block.root and self._holds(block.head)
        also = "" if sound else f"; the seal of size {block.size} was changed too"
        raise Found(finding.what, finding.position, finding.said + also)

    def _compare_with_witness(self, frontier: Frontier, leaves: Sequence[bytes], head: Head) -> None:
        witness = self._witness
        if witness is None or not self._frontier.size < witness.size <= head.size:
            return
        partly = frontier
        if witness.size < head.size:
            partly = self._frontier.copy()
            partly.extend(leaves[: witness.size - partly.size])
        if partly.root().hex() != witness.root:
            said = f"the first {witness.size} events are not those of the tree head that was given: history up to position"
            raise Found("changed", None, f"{said} {witness.last_position} was changed and sealed anew with our own key")
        if partly is not frontier or chained(head) != chained(witness):
            raise Found("seal", None, f"the tree head of size {witness.size} was signed anew; the events are as they were")

    def _check_end(self) -> None:
        """What a witnessed head covers beyond the last seal must still be there."""
        witness = self._witness
        if witness is None or witness.size <= self._frontier.size:
            return
        after = self._last.last_position if self._last else NOTHING_BEFORE
        missing = witness.size - self._frontier.size
        events = list(canonical.leaves(self._connection, canonical.between(after, witness.last_position)))
        frontier = self._frontier.copy()
        frontier.extend([leaf for _, leaf in events])
        if frontier.root().hex() == witness.root:
            raise Found("seal", None, f"the seals of the last {missing} events that were sealed are gone; the events are as they were")
        if not events:
            since = f"after position {after}" if self._last else "from the first"
            raise Found(
                "removed",
                witness.last_position,
                f"the log ends early: {missing} sealed events {since} up to {witness.last_position} are gone",
            )
        said = (
            f"{missing} events were sealed up to {witness.last_position}, and {len(events)} stand there that differ; their seals are gone"
        )
        raise Found("removed" if len(events) < missing else "changed", events[0][0], said)

    def _unsealed(self) -> tuple[int, datetime | None]:
        after = self._last.last_position if self._last else NOTHING_BEFORE
        stable = self._connection.execute(statements.STABLE).fetchall()[0][0]
        row = self._connection.execute(
            "SELECT count(*), min(recorded_at) FROM events WHERE position > %s AND position <= %s", (after, stable)
        ).fetchone()
        return row or (0, None)

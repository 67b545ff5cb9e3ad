"""Merkle trees as RFC 6962 defines them: hashes of leaves, of growing trees, and which hashes a proof needs."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

TILE = 1024
"""Leaves of which a proof may read all; of complete subtrees of so many or more the hashes are kept."""

NO_LEAVES = sha256(b"").digest()

Range = tuple[int, int]
"""The leaves from the first number up to, and without, the second."""


def leaf(content: bytes) -> bytes:
    return sha256(b"\x00" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def subtree(hashes: Sequence[bytes]) -> bytes:
    """The hash over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def joined(subtrees: Sequence[bytes]) -> bytes:
    """The hash over complete subtrees that stand side by side and shrink to the right."""
    total = subtrees[-1]
    for each in reversed(subtrees[:-1]):
        total = node(each, total)
    return total


class Frontier:
    """A tree that grows at its right edge: the complete subtrees that its size has as binary digits, the greatest first."""

    def __init__(self, size: int = 0, subtrees: Iterable[bytes] = ()) -> None:
        self.size = size
        self._subtrees = list(subtrees)

    def extend(self, leaves: Sequence[bytes]) -> list[bytes]:
        """Add leaves; return the complete subtrees of a tile or more that end with the last of them, the smallest first."""
        done = 0
        ended: list[bytes] = []
        while done < len(leaves):
            width = min(self.size & -self.size or TILE, 1 << (len(leaves) - done).bit_length() - 1, TILE)
            ended = self._add(subtree(leaves[done : done + width]), width)
            done += width
        return ended

    def copy(self) -> "Frontier":
        return Frontier(self.size, self._subtrees)

    def root(self) -> bytes:
        return joined(self._subtrees) if self._subtrees else NO_LEAVES

    def _add(self, found: bytes, width: int) -> list[bytes]:
        ended = [found] if width == TILE else []
        self.size += width
        # What the new one completes: as many as the addition carried.
        while self.size % (2 * width) == 0:
            found, width = node(self._subtrees.pop(), found), 2 * width
            if width >= TILE:
                ended.append(found)
        self._subtrees.append(found)
        return ended


def complete(low: int, high: int) -> list[Range]:
    """The complete subtrees that leaves are made of, from the left; `low` begins one at least as great as the whole."""
    found: list[Range] = []
    while low < high:
        width = 1 << (high - low).bit_length() - 1
        found.append((low, low + width))
        low += width
    return found


def inclusion_path(index: int, size: int) -> list[Range]:
    """What to hash for the audit path of one leaf, from its sibling up (RFC 6962, 2.1.1)."""
    path: list[Range] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _left(high - low)
        path.append((middle, high) if index < middle else (low, middle))
        low, high = (low, middle) if index < middle else (middle, high)
    return path[::-1]


def consistency_path(before: int, after: int) -> list[Range]:
    """What to hash for the proof that a tree goes on from a smaller one that is not empty (RFC 6962, 2.1.2)."""
    path: list[Range] = []
    low, high = 0, after
    while before != high:
        middle = low + _left(high - low)
        path.append((middle, high) if before <= middle else (low, middle))
        low, high = (low, middle) if before <= middle else (middle, high)
    return [*([(low, high)] if low else []), *path[::-1]]


def _left(leaves: int) -> int:
    """How many of so many leaves lie in the left subtree: the greatest power of two that is less."""
    return 1 << (leaves - 1).bit_length() - 1

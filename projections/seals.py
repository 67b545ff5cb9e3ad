"""What proves that history was not changed: signed heads of the tree over all events, and proofs against them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct


class PositionUnknown(Exception):
    """No event stands there."""


class PositionNotSealed(Exception):
    """An event stands there that the tree asked for does not hold yet."""


class SizeUnknown(Exception):
    """No block was closed at that size, or none at all yet."""


class NothingSealed(Exception):
    """What is asked for is there, and no tree holds any of it yet."""


class Head(Struct, frozen=True, rename="camel"):
    """What the log was at some moment, signed: the Merkle tree hash (RFC 6962) over its first `size` events.

    `previous` is the SHA-256 of what the head before says and of its signature. Hashes are in hexadecimal, the signature
    (Ed25519) in base64; docs/auditing.md says over which bytes.
    """

    size: int
    root: str
    last_position: int
    sealed_at: datetime
    previous: str
    key_id: str
    signature: str


class Proof(Struct, frozen=True, rename="camel"):
    """That an event is in the tree of `head`: `leaf` are its canonical bytes in base64, `path` the hashes from there to the root."""

    position: int
    index: int
    leaf: str
    path: list[str]
    head: Head


class Consistency(Struct, frozen=True, rename="camel"):
    """That the tree of `after` holds all that the tree of `before` held, unchanged and in the same order."""

    before: Head
    after: Head
    path: list[str]


class SealKey(Struct, frozen=True, rename="camel"):
    """The public half of a key (32 bytes in base64) that signs heads greater than `since`.

    `signature` is its own, `endorsement` that of the key it follows (if that one was at hand), over the same statement.
    """

    key_id: str
    public_key: str
    since: int
    made_at: datetime
    follows: str | None
    signature: str
    endorsement: str | None


class Bundle(Struct, frozen=True):
    """A zip of so many events with their proofs, read from the log as its `pieces` are taken."""

    events: int
    pieces: Iterator[bytes]


@runtime_checkable
class Seals(Protocol):
    def head(self, size: int | None = None) -> Head:
        """The head of that size, or the newest; raises SizeUnknown."""
        ...

    def heads(self, after: int, limit: int) -> Sequence[Head]:
        """Heads greater than `after`, in order."""
        ...

    def keys(self) -> Sequence[SealKey]:
        """All that ever signed, the present one last."""
        ...

    def inclusion(self, position: int, size: int | None = None) -> Proof:
        """Against the head of that size, or the newest; raises PositionUnknown, PositionNotSealed, SizeUnknown."""
        ...

    def consistency(self, before: int, after: int) -> Consistency:
        """Between the heads of two sizes; raises SizeUnknown."""
        ...


@runtime_checkable
class Evidence(Protocol):
    """Bundles that are complete for the newest signed head (of a person: the newest up to which is known what concerns him).

    Both raise `NothingSealed`, and `Unavailable` where nothing can be signed now.
    """

    def of_stream(self, stream: UUID, asked_by: str) -> Bundle | None:
        """All that happened to one thing; None where nothing was recorded there."""
        ...

    def of_person(self, person: UUID, asked_by: str) -> Bundle | None:
        """What a person did, what happened to him, and all that holds personal data of his; None where there never was such a person."""
        ...

"""The keys of persons: one each, made with their first personal event, gone when they are erased."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from infrastructure.wrapping import KEY_BYTES, Wrapping

SELECT = """
SELECT epoch, k.subject, k.wrapped FROM key_epoch LEFT JOIN personal_keys k ON k.subject = ANY(%b)
"""


class NewKey(Struct, frozen=True):
    """A key that is not stored yet; its row travels in the append that first uses it."""

    subject: UUID
    wrapped: bytes


class Ring(Struct, frozen=True):
    """The keys of a batch: None for a person whose key was erased. `new` are those that the append must write."""

    keys: dict[UUID, AESGCM | None]
    new: Sequence[NewKey] = ()


class PersonalKeys:
    """Unwraps keys and remembers them until the key epoch moves. Threads share it."""

    def __init__(self, *wrapping_keys: bytes) -> None:
        """`wrapping_keys` are the key-encryption keys, 32 bytes each, the one for new keys first."""
        self._wrapping = Wrapping(wrapping_keys)
        self._remembered: tuple[int, dict[UUID, AESGCM]] = (-1, {})
        self.on_erasure: Callable[[], None] = lambda: None
        """Called when a key was destroyed somewhere: whatever else is remembered in clear is to be forgotten."""

    def seen(self, epoch: int) -> None:
        """Forget every key if one was erased since they were read. Whoever reads the log reads the epoch with it."""
        if epoch > self._remembered[0]:
            self._remembered = (epoch, {})
            self.on_erasure()

    def for_reading(self, connection: psycopg.Connection[Any], subjects: Iterable[UUID]) -> dict[UUID, AESGCM | None]:
        """The stored keys of these persons, with at most one SELECT; a person without one is left out."""
        remembered = self._remembered[1]
        found: dict[UUID, AESGCM | None] = {}
        missing: list[UUID] = []
        for subject in subjects:
            key = remembered.get(subject)
            if key is None:
                missing.append(subject)
            else:
                found[subject] = key
        if missing:
            found |= self._select(connection, missing)
        return found

    def for_writing(self, connection: psycopg.Connection[Any], subjects: Iterable[UUID]) -> Ring:
        """As for reading, with a new key for everyone who never had one."""
        wanted = sorted(subjects)
        keys = self.for_reading(connection, wanted)
        new: list[NewKey] = []
        for subject in wanted:
            if subject not in keys:
                clear = AESGCM.generate_key(KEY_BYTES * 8)
                keys[subject] = AESGCM(clear)
                new.append(NewKey(subject, self._wrapping.wrap(clear, subject.bytes)))
        return Ring(keys, new)

    def _select(self, connection: psycopg.Connection[Any], subjects: list[UUID]) -> dict[UUID, AESGCM | None]:
        rows = connection.execute(SELECT, [subjects], prepare=True, binary=True).fetchall()
        found: dict[UUID, AESGCM | None] = {}
        for epoch, subject, wrapped in rows:
            self.seen(epoch)
            if subject is not None:
                found[subject] = None if wrapped is None else AESGCM(self._wrapping.unwrap(wrapped, subject.bytes))
        current, remembered = self._remembered
        if rows and rows[0][0] == current:
            # What is read at an epoch is remembered for it alone: a key erased since lies under a dictionary no longer used.
            remembered.update({subject: key for subject, key in found.items() if key is not None})
        return found

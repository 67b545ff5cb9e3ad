"""What long streams have come to: in which form it is kept, and how it is read back, or not at all."""

import hashlib
import inspect
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from application.ports import Snapshot
from domain.decider import Decider
from infrastructure.eventlog.mapper import stable_name
from infrastructure.eventlog.personal import NONCE_BYTES, KeyRing, personal_fields

Row = tuple[UUID, int, UUID, bytes]
"""Stream, version, schema and what is stored of the state."""


ENCODER = msgspec.msgpack.Encoder(uuid_format="bytes")
"""Half the bytes of JSON, and two thirds of the time to read them, where a state is mostly ids."""


class Unreadable(Exception):
    """A person whose key is gone is in it, or a state that does not come back as it was: the events have to be read."""


class SnapshotForm(Struct, frozen=True):
    """How the states of one kind are kept; `personal` are the names of the events that tell of persons."""

    kind: str
    schema: UUID
    decoder: msgspec.msgpack.Decoder[Any]
    personal: Sequence[str]


class Sealed(Struct, frozen=True, array_like=True):
    """The state as msgpack, encrypted with the key of each subject in turn, as nothing of a stream is left when one of them is erased."""

    subjects: tuple[UUID, ...]
    data: bytes


def snapshot_form(decider: Decider[Any, Any, Any]) -> SnapshotForm:
    """Raises TypeError where the state cannot be told from its bytes, such as a union of Structs without tags."""
    personal = [stable_name(event) for event in decider.events if personal_fields(event)]
    return SnapshotForm(decider.name, schema_of(decider), msgspec.msgpack.Decoder(decider.state), personal)


def schema_of(decider: Decider[Any, Any, Any]) -> UUID:
    """Changes with the form of the state, and with the module whose `evolve` leads to it: a mended rule has to see every event again."""
    module = inspect.getmodule(decider.evolve)
    rules = "" if module is None else inspect.getsource(module)
    form = msgspec.json.encode([decider.name, msgspec.json.schema(decider.state), rules], order="sorted")
    return UUID(bytes=hashlib.sha256(form).digest()[:16])


class SnapshotForms:
    """Those of every kind with a policy."""

    def __init__(self, deciders: Iterable[Decider[Any, Any, Any]]) -> None:
        self._by_kind = {decider.name: snapshot_form(decider) for decider in deciders if decider.snapshot_every}
        self._by_schema = {form.schema: form for form in self._by_kind.values()}

    def of(self, kind: str) -> SnapshotForm:
        return self._by_kind[kind]

    def schemas(self, kinds: Iterable[str]) -> list[UUID]:
        """The only ones that are read of these kinds."""
        return [self._by_kind[kind].schema for kind in kinds if kind in self._by_kind]

    def subjects(self, rows: Iterable[Row]) -> set[UUID]:
        """The persons whose keys are needed to read these."""
        return {subject for *_, stored in rows for subject in msgspec.msgpack.decode(stored, type=Sealed).subjects}

    def read(self, row: Row, ring: KeyRing) -> Snapshot:
        """Raises `Unreadable` where a key is missing."""
        stream, version, schema, stored = row
        form, sealed = self._by_schema[schema], msgspec.msgpack.decode(stored, type=Sealed)
        data = sealed.data
        for subject in reversed(sealed.subjects):
            key = ring.get(subject)
            if key is None:
                raise Unreadable(str(stream))
            data = key.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound_to(stream, version, subject))
        return Snapshot(form.kind, version, form.decoder.decode(data))

    def written(self, stream: UUID, snapshot: Snapshot, keys: Mapping[UUID, AESGCM | None]) -> bytes:
        """What is stored of it, under the keys of everyone in it. Raises `Unreadable` where it would not come back as it is."""
        data = ENCODER.encode(snapshot.state)
        if self.of(snapshot.kind).decoder.decode(data) != snapshot.state:
            raise Unreadable(f"a {snapshot.kind} does not come back as it was")
        subjects = tuple(sorted(keys))
        for subject in subjects:
            key = keys[subject]
            if key is None:
                raise Unreadable(str(stream))
            nonce = os.urandom(NONCE_BYTES)
            data = nonce + key.encrypt(nonce, data, bound_to(stream, snapshot.version, subject))
        return ENCODER.encode(Sealed(subjects, data))


def bound_to(stream: UUID, version: int, subject: UUID) -> bytes:
    """Authenticated with a sealed state, so that one moved elsewhere does not open."""
    return stream.bytes + version.to_bytes(8, "big") + subject.bytes

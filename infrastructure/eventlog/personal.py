"""Personal fields of events: encrypted under the key of the person they are about, unreadable once that key is gone."""

import base64
import os
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Raw

from domain.personal import PersonalField, personal_fields
from domain.values import ERASED, Erased, Value

__all__ = [
    "ERASED_JSON",
    "NONCE_BYTES",
    "SCHEME",
    "KeyRing",
    "PersonalField",
    "opened_json",
    "personal_fields",
    "seal",
    "sealed_json",
    "unseal",
]

KeyRing = Mapping[UUID, AESGCM | None]
"""The keys of the persons that a batch of events is about; none for a person who is unknown or whose key was erased."""

SCHEME = "enc:v1:"
NONCE_BYTES = 12
ERASED_JSON = msgspec.json.encode(ERASED)


def seal(key: AESGCM, value: Any, event_id: UUID, subject: UUID, field: str) -> str:
    """A value as it stands on the log: scheme, then base64 of nonce and AES-256-GCM ciphertext.

    Event, person and field are authenticated with it, so that a ciphertext moved elsewhere does not open.
    """
    nonce = os.urandom(NONCE_BYTES)
    ciphertext = key.encrypt(nonce, msgspec.json.encode(value), _bound_to(event_id, subject, field))
    return SCHEME + base64.b64encode(nonce + ciphertext).decode()


def unseal(key: AESGCM, stored: str, event_id: UUID, subject: UUID, field: str) -> bytes:
    """The value's JSON. Raises `cryptography.exceptions.InvalidTag` where it was changed or belongs elsewhere."""
    sealed = base64.b64decode(stored.removeprefix(SCHEME), validate=True)
    return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound_to(event_id, subject, field))


def _bound_to(event_id: UUID, subject: UUID, field: str) -> bytes:
    return event_id.bytes + subject.bytes + field.encode()


def sealed_json(event: Value, fields: tuple[PersonalField, ...], event_id: UUID, ring: KeyRing) -> bytes:
    """An event's JSON with its personal fields encrypted; of a person whose key was erased nothing is written."""
    document = {stored: getattr(event, name) for name, stored in zip(event.__struct_fields__, event.__struct_encode_fields__, strict=True)}
    for field in fields:
        value = document[field.stored]
        if value is None or isinstance(value, Erased):
            continue
        subject: UUID = getattr(event, field.subject)
        key = ring[subject]
        document[field.stored] = ERASED if key is None else seal(key, value, event_id, subject, field.stored)
    return msgspec.json.encode(document)


def opened_json(data: bytes, fields: tuple[PersonalField, ...], event_id: UUID, ring: KeyRing) -> bytes:
    """The event's JSON with its personal fields in clear, or as ERASED where there is no key."""
    document = msgspec.json.decode(data, type=dict[str, Raw])
    for field in fields:
        raw = document.get(field.stored)
        if raw is None or not bytes(raw).startswith(b'"' + SCHEME.encode()):
            continue
        subject = msgspec.json.decode(document[field.subject_stored], type=UUID)
        key = ring.get(subject)
        clear = ERASED_JSON if key is None else unseal(key, msgspec.json.decode(raw, type=str), event_id, subject, field.stored)
        document[field.stored] = Raw(clear)
    return msgspec.json.encode(document)

"""Where a list goes on: a cursor carries the last row's place in the order, and fits the question it answers and no other."""

import base64
import binascii
from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from projections.ports import BadCursor
from projections.sql import Order, Where

DIGEST = 6
"""Bytes of checksum: against mix-ups and typing errors; a cursor grants nothing, so it needs no secret."""

Place = tuple[str | None, ...]
_decoder = msgspec.json.Decoder(tuple[str | None, ...])


def asked(table: str, where: Where, order: Order) -> bytes:
    """What a list is known by: which rows, on which conditions, in which order."""
    return blake2b(msgspec.json.encode((table, where, order), order="deterministic")).digest()


def write(place: Sequence[str | None], of: bytes) -> str:
    """`of` is the list's `asked`; the place has each order column's value as Postgres writes it, the key last."""
    payload = msgspec.json.encode(place)
    return base64.urlsafe_b64encode(_checksum(payload, of) + payload).rstrip(b"=").decode()


def read(cursor: str, of: bytes, width: int) -> Place:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        if raw[:DIGEST] != _checksum(raw[DIGEST:], of):
            raise BadCursor
        place = _decoder.decode(raw[DIGEST:])
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise BadCursor from error
    if len(place) != width:
        raise BadCursor
    return place


def _checksum(payload: bytes, of: bytes) -> bytes:
    return blake2b(payload, digest_size=DIGEST, key=of).digest()

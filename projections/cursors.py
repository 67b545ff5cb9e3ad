"""Where a list goes on: a cursor carries the last row's place in the order, and fits the question that it answers and no other."""

import base64
import binascii
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec

from projections.ports import BadCursor

SEAL = 8
"""Bytes that guard the others against mix-ups and typing errors; a cursor grants nothing, so it needs no secret."""

T = TypeVar("T")


def written(place: Any, asked: Any) -> str:
    """`asked` is all that makes the list: what it is of, its conditions and its order. Both are anything that JSON can hold."""
    return _sealed(msgspec.json.encode(place), asked)


def read(cursor: str, asked: Any, kind: type[T]) -> T:
    """The place, of this type. Raises `BadCursor` where the cursor was not written for this very question."""
    try:
        payload = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)[SEAL:]
        if _sealed(payload, asked) != cursor:
            raise BadCursor
        return msgspec.json.decode(payload, type=kind)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise BadCursor from error


def _sealed(payload: bytes, asked: Any) -> str:
    # The length keeps the two apart that are summed as one.
    told = b"%d %b%b" % (len(payload), payload, msgspec.json.encode(asked, order="deterministic"))
    return base64.urlsafe_b64encode(blake2b(told, digest_size=SEAL).digest() + payload).rstrip(b"=").decode()

"""The tokens of mailed links: signed, not stored, so that a mail sent again holds the same one."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import UTC, datetime
from struct import Struct
from uuid import UUID

from domain.decider import Rejected
from domain.users.links import LASTS, Link, Purpose

FORMAT = Struct(">B16s16sQ32s")
"""The purpose's number, user, request, end in seconds since 1970, and the HMAC-SHA256 of all of that."""

SIGNED = FORMAT.size - 32
NUMBERS = {Purpose.EMAIL_VERIFICATION: 1, Purpose.EMAIL_CHANGE: 2, Purpose.PASSWORD_RESET: 3}
PURPOSES = {number: purpose for purpose, number in NUMBERS.items()}


class SignedLinks:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, purpose: str, user_id: UUID, request_id: UUID, at: datetime) -> str:
        """`at` is the moment of the request, from which the link's time runs."""
        of = Purpose(purpose)
        ends = int((at + LASTS[of]).timestamp())
        signed = FORMAT.pack(NUMBERS[of], user_id.bytes, request_id.bytes, ends, b"")[:SIGNED]
        return urlsafe_b64encode(signed + self._mac(signed)).rstrip(b"=").decode()

    def read(self, token: str) -> Link:
        try:
            found = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (Error, ValueError):
            found = b""
        if len(found) != FORMAT.size or not hmac.compare_digest(found[SIGNED:], self._mac(found[:SIGNED])):
            raise Rejected("code_invalid", "Use the link as it came by mail.", pointer="/token")
        number, user, request, ends, _ = FORMAT.unpack(found)
        return Link(PURPOSES[number], UUID(bytes=user), UUID(bytes=request), datetime.fromtimestamp(ends, UTC))

    def _mac(self, signed: bytes) -> bytes:
        return hmac.digest(self._key, signed, hashlib.sha256)

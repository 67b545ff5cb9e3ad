"""The tokens of guests: an id and its HMAC, so that nobody takes up another's cart or orders by guessing."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from uuid import UUID

ID_BYTES = 16
MAC_BYTES = 32


class SignedGuests:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, guest_id: UUID) -> str:
        return urlsafe_b64encode(guest_id.bytes + self._mac(guest_id.bytes)).decode()

    def read(self, token: str) -> UUID | None:
        try:
            found = urlsafe_b64decode(token)
        except (Error, ValueError):
            return None
        id, mac = found[:ID_BYTES], found[ID_BYTES:]
        if len(found) != ID_BYTES + MAC_BYTES or not hmac.compare_digest(mac, self._mac(id)):
            return None
        return UUID(bytes=id)

    def _mac(self, signed: bytes) -> bytes:
        return hmac.digest(self._key, signed, hashlib.sha256)

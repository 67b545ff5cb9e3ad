"""Tokens that stand for an id, with its HMAC: nobody takes up another's cart, or comes to another's payment, by guessing."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from uuid import UUID

ID_BYTES = 16
MAC_BYTES = 32


class SignedIds:
    """Each purpose has a key of its own, so that one's tokens are none of another's."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, id: UUID) -> str:
        return urlsafe_b64encode(id.bytes + self._mac(id.bytes)).decode()

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

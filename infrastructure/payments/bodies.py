"""The bodies of providers' messages at rest: sealed, since they name people, each under the id of its message."""

import os
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Bodies:
    """`key` has 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def sealed(self, message_id: UUID, body: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, body, message_id.bytes)

    def opened(self, message_id: UUID, kept: bytes) -> bytes:
        """Raises `cryptography.exceptions.InvalidTag` where it was changed, or put in another's place."""
        return self._cipher.decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], message_id.bytes)

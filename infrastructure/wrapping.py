"""Keys that wrap other keys: one for what is wrapped from now on, and those before it, until everything is wrapped anew."""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class Wrapping:
    """`keys` are the key-encryption keys, 32 bytes each, the one for new wrappings first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._newest, *self._older = [AESGCM(key) for key in keys]

    def wrap(self, clear: bytes, bound_to: bytes) -> bytes:
        """`bound_to` says whose key it is, so that no other can be put in its place."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._newest.encrypt(nonce, clear, bound_to)

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """Raises `cryptography.exceptions.InvalidTag` where none of the keys fits."""
        return self._opened(wrapped, bound_to)[0]

    def rewrapped(self, wrapped: bytes, bound_to: bytes) -> bytes | None:
        """The same under the newest key; None where it is so already. Raises `InvalidTag` as above."""
        clear, newest = self._opened(wrapped, bound_to)
        return None if newest else self.wrap(clear, bound_to)

    def _opened(self, wrapped: bytes, bound_to: bytes) -> tuple[bytes, bool]:
        nonce, cipher = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        for key in (self._newest, *self._older):
            try:
                return key.decrypt(nonce, cipher, bound_to), key is self._newest
            except InvalidTag:
                continue
        raise InvalidTag

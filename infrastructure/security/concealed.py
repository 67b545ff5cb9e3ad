"""Values that must be found again but never read, such as e-mail addresses that are taken."""

import hashlib
import hmac


class Concealed:
    """HMAC-SHA256 under a key of the installation: without it nobody can try out likely addresses."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __call__(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(), hashlib.sha256)

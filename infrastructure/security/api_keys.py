"""API keys of services: `twk_<id>_<secret>`, shown when they are made and known by a hash from then on."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

from application.credentials import NewKey
from infrastructure.security.tokens import hashed

PREFIX = "twk_"


class DerivedApiKeys:
    """The secret follows from the id under a key of the installation, so that a repeated creation shows the same key again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def new(self, key_id: UUID) -> NewKey:
        secret = urlsafe_b64encode(hmac.digest(self._key, key_id.bytes, hashlib.sha256)).rstrip(b"=").decode()
        return NewKey(f"{PREFIX}{key_id.hex}_{secret}", hashed(secret))


def read(key: str) -> tuple[UUID, bytes] | None:
    """The id that a key names and the hash of its secret."""
    id, _, secret = key.removeprefix(PREFIX).partition("_")
    try:
        return UUID(hex=id), hashed(secret)
    except ValueError:
        return None

"""The tokens of passes: what a phone shows and a counter scans, unreadable and unforgeable without a key of the installation.

AES-GCM is authenticated encryption: whoever cannot decrypt cannot make a token that decrypts either, and every bit of it, with the
name of the key, is covered by its tag. A signature of another kind would add nothing here, since only the service itself reads
tokens. A counter without a network does not read them: it compares their hashes with a list that is signed (`lists.py`).
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence
from datetime import UTC, datetime
from struct import Struct
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.decider import Rejected
from projections.groups.passes.ports import Sealed

CLEAR = Struct(">16sHI")
"""The pass, its number, and its end in seconds since 1970."""

NAME_BYTES = 4
NONCE_BYTES = 12
TAG_BYTES = 16
TOKEN_BYTES = NAME_BYTES + NONCE_BYTES + CLEAR.size + TAG_BYTES
"""54, which are 72 characters of base64url: a QR code of version 5 with the error correction M, 37 modules wide."""


class Key:
    """One of the installation's pass keys of 32 bytes. What it is for is derived from it, each apart, by HKDF-SHA256 (RFC 5869).

    The nonce is made of what is sealed (as in RFC 8452's synthetic IVs): the same pass always has the same token, so that a list can
    name it by its hash, and no nonce is ever used for two texts.
    """

    def __init__(self, secret: bytes) -> None:
        self.name = derived(secret, "name", NAME_BYTES)
        self._cipher = AESGCM(derived(secret, "seal", 32))
        self._nonces = derived(secret, "nonce", 32)

    def seal(self, clear: bytes) -> bytes:
        nonce = self._nonce(clear)
        return self.name + nonce + self._cipher.encrypt(nonce, clear, self.name)

    def open(self, token: bytes) -> bytes | None:
        nonce = token[NAME_BYTES : NAME_BYTES + NONCE_BYTES]
        try:
            clear = self._cipher.decrypt(nonce, token[NAME_BYTES + NONCE_BYTES :], self.name)
        except InvalidTag:
            return None
        return clear if hmac.compare_digest(nonce, self._nonce(clear)) else None

    def _nonce(self, clear: bytes) -> bytes:
        return hmac.digest(self._nonces, clear, hashlib.sha256)[:NONCE_BYTES]


def derived(secret: bytes, purpose: str, length: int) -> bytes:
    return HKDF(SHA256(), length=length, salt=None, info=f"tradewind/passes/{purpose}".encode()).derive(secret)


class SealedPasses:
    """New tokens are made with the first key; those made with any of the others are read for as long as that key is kept."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._keys = [Key(secret) for secret in secrets]
        self._by_name = {key.name: key for key in self._keys}

    def token(self, sealed: Sealed) -> str:
        return text(self._keys[0].seal(clear_of(sealed)))

    def of_pass(self, pass_id: UUID, number: int, expires_at: datetime) -> str:
        """The same, for letters."""
        return self.token(Sealed(pass_id, number, expires_at))

    def hashes(self, sealed: Sealed) -> list[str]:
        """Of the token as it is made by each of the keys; a phone may show one that was made before the last change of keys."""
        return [hashlib.sha256(text(key.seal(clear_of(sealed))).encode()).hexdigest() for key in self._keys]

    def read(self, token: str) -> Sealed:
        """What was sealed, also where its time is over. Refuses `pass_forged` what is no token of this installation's."""
        try:
            found = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (Error, ValueError):
            found = b""
        key = self._by_name.get(found[:NAME_BYTES])
        clear = key.open(found) if key and len(found) == TOKEN_BYTES and text(found) == token else None
        if clear is None:
            raise Rejected("pass_forged", "This is no pass of ours.")
        pass_id, number, ends = CLEAR.unpack(clear)
        return Sealed(UUID(bytes=pass_id), number, datetime.fromtimestamp(ends, UTC))


def clear_of(sealed: Sealed) -> bytes:
    return CLEAR.pack(sealed.pass_id.bytes, sealed.number, int(sealed.expires_at.timestamp()))


def text(token: bytes) -> str:
    return urlsafe_b64encode(token).rstrip(b"=").decode()

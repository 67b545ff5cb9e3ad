"""What counters without a network work by, signed so that nobody between here and there can change it unseen."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infrastructure.passes.tokens import derived
from projections.groups.passes.ports import SignedFile


class SignedFiles:
    """Signs with a key pair that is derived from the first pass key; those of the others are still published."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._keys = [Ed25519PrivateKey.from_private_bytes(derived(secret, "lists", 32)) for secret in secrets]
        self._published = [public_key(key, derived(secret, "lists name", 8)) for key, secret in zip(self._keys, secrets, strict=True)]

    def sign(self, payload: bytes) -> SignedFile:
        protected = base64url(msgspec.json.encode({"alg": "EdDSA", "kid": self._published[0]["kid"]}))
        body = base64url(payload)
        return SignedFile(protected, body, base64url(self._keys[0].sign(f"{protected}.{body}".encode())))

    def public_keys(self) -> Sequence[Mapping[str, str]]:
        return self._published


def public_key(key: Ed25519PrivateKey, name: bytes) -> Mapping[str, str]:
    public = key.public_key().public_bytes_raw()
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": name.hex(), "x": base64url(public)}


def base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()

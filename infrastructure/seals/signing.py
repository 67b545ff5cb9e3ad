"""Who vouches for a tree head: keys that sign (Ed25519), what exactly they sign, and how one follows another."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from projections.seals import Head, SealKey

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def key_id(public: bytes) -> str:
    return sha256(public).hexdigest()[:16]


def head_statement(head: Head) -> bytes:
    """What is signed of a head."""
    said = ("tradewind tree head 1", head.size, head.root, head.last_position, microseconds(head.sealed_at), head.previous, head.key_id)
    return "".join(f"{each}\n" for each in said).encode()


def key_statement(public: bytes, since: int, made_at: datetime, follows: bytes | None) -> bytes:
    """What a key signs of itself and of the one it follows."""
    said = ("tradewind seal key 1", public.hex(), since, microseconds(made_at), follows.hex() if follows else "first")
    return "".join(f"{each}\n" for each in said).encode()


def chained(head: Head) -> str:
    """The `previous` of the head that comes after this one."""
    return sha256(head_statement(head) + b64decode(head.signature)).hexdigest()


class SigningKey:
    """`seed` are 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    def sign(self, statement: bytes) -> str:
        """In base64."""
        return b64encode(self._private.sign(statement)).decode()


def signed_by(public: bytes, signature: str, statement: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(b64decode(signature), statement)
    except (InvalidSignature, ValueError):
        return False
    return True


def succession(key: SigningKey, known: Sequence[SealKey], at_hand: Sequence[SigningKey], since: int, made_at: datetime) -> SealKey:
    """A new key, which signs that it follows the last of those known; endorsed by that one where it is still at hand."""
    last = known[-1] if known else None
    follows = b64decode(last.public_key) if last else None
    statement = key_statement(key.public, since, made_at, follows)
    before = next((each for each in at_hand if last and each.id == last.key_id), None)
    return SealKey(
        key.id,
        b64encode(key.public).decode(),
        since,
        made_at,
        last.key_id if last else None,
        key.sign(statement),
        before.sign(statement) if before else None,
    )


def trusted(keys: Sequence[SealKey], anchor: bytes) -> dict[str, SealKey]:
    """Those that `anchor` vouches for: itself, the one it says it follows, and so on back to the first."""
    found: dict[str, SealKey] = {}
    expected = anchor
    for number in range(len(keys) - 1, -1, -1):
        key = keys[number]
        public = b64decode(key.public_key)
        if not found and public != anchor:
            continue
        follows = b64decode(keys[number - 1].public_key) if number else None
        statement = key_statement(public, key.since, key.made_at, follows)
        if public != expected or key.key_id != key_id(public) or not signed_by(public, key.signature, statement):
            break
        found[key.key_id] = key
        expected = follows
    return found

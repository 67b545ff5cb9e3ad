"""What passes need of the outside: tokens, pictures of them, and lists that a counter without a network can trust."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable
from uuid import UUID

from domain.values import Value

Picture = Literal["svg", "png"]


class Sealed(Value, frozen=True):
    """What a token holds, and nothing about a person; `expires_at` in whole seconds."""

    pass_id: UUID
    number: int
    expires_at: datetime


class SignedFile(Value, frozen=True):
    """A JSON Web Signature in its flattened form (RFC 7515, 7.2.2), its parts in base64url; the algorithm is EdDSA (RFC 8037).

    `signature` is of `protected`, a full stop and `payload`, as they stand here. `protected` names the key.
    """

    protected: str
    payload: str
    signature: str


@runtime_checkable
class PassTokens(Protocol):
    def token(self, sealed: Sealed) -> str:
        """At most a hundred characters of base64url, the same ones each time."""
        ...

    def hashes(self, sealed: Sealed) -> Sequence[str]:
        """SHA-256, in hexadecimal digits, of every token that the pass may be shown by."""
        ...

    def read(self, token: str) -> Sealed:
        """What was sealed, also where its time is over. Refuses `pass_forged`."""
        ...


@runtime_checkable
class PassPictures(Protocol):
    def picture(self, token: str, form: Picture) -> bytes:
        """The token as a QR code, black on white, with the margin that scanners need."""
        ...


@runtime_checkable
class FileSigner(Protocol):
    def sign(self, payload: bytes) -> SignedFile: ...

    def public_keys(self) -> Sequence[Mapping[str, str]]:
        """As JSON Web Keys (RFC 8037); what was signed before the last change of keys can still be checked."""
        ...

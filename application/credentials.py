"""What signing in needs of the outside: passwords, tokens, links, limits, and the rows that are kept of users beside the log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

from domain.users.links import Link


class TooManyAttempts(Exception):
    """Try again after so many seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class Login(Struct, frozen=True):
    """What a person signs in with; `suspended` may change at any time. Who signs in by telephone alone has no password."""

    user_id: UUID
    password_hash: str | None
    suspended: bool


class Holder(Struct, frozen=True):
    """Whose a number is that people sign in with."""

    user_id: UUID
    suspended: bool


class Device(Struct, frozen=True):
    """Where someone signs in from: the browser or app as it names itself, and its network address."""

    agent: str
    address: str


class Tokens(Struct, frozen=True):
    """`expires_in` is in seconds and concerns the access token."""

    access_token: str
    refresh_token: str
    expires_in: int
    user_id: UUID
    session_id: UUID


class FirstToken(Struct, frozen=True):
    """A session's first refresh token with its hash, and until when the session lasts without being used."""

    token: str
    hash: bytes
    expires_at: datetime


class Rotated(Struct, frozen=True):
    """What a refresh token was exchanged for."""

    token: str
    user_id: UUID
    session_id: UUID


class Spent(Struct, frozen=True):
    """A refresh token that was used before, or whose session has expired: the session must end, for this reason."""

    user_id: UUID
    session_id: UUID
    expired: bool


class NewKey(Struct, frozen=True):
    """An API key as its holder shows it, and the hash that is kept of it."""

    key: str
    hash: bytes


@runtime_checkable
class Passwords(Protocol):
    def hash(self, password: str) -> str: ...

    def require_strong(self, password: str, known: Sequence[str], pointer: str = "/password") -> None:
        """Refuse with `password_weak` what is too simple, or easily guessed by who knows these texts of its owner."""
        ...

    def matches(self, password: str, hash: str | None) -> bool:
        """Whether the password is the hash's; takes as long and is false where there is no hash."""
        ...

    def outdated(self, hash: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        ...


@runtime_checkable
class Accounts(Protocol):
    def by_email(self, concealed: bytes) -> Login | None:
        """Whoever holds the address, by its HMAC."""
        ...

    def by_phone(self, concealed: bytes) -> Holder | None:
        """Whoever signs in with the number, by its HMAC."""
        ...

    def by_id(self, user_id: UUID) -> Login | None: ...

    def open_sessions(self, user_id: UUID) -> Sequence[UUID]: ...


@runtime_checkable
class PhoneCodes(Protocol):
    """Codes of six digits that are texted to a number in E.164, each for ten minutes, five tries and one use."""

    def ask(self, number: str, code_id: UUID, now: datetime, correlation_id: UUID) -> None:
        """Have a new code texted; an earlier one is good for nothing from now on."""
        ...

    def spend(self, number: str, code: str, now: datetime) -> bool:
        """Whether this is the number's code. It is used up if it is, and tried once more if it is not."""
        ...

    def sent(self, code_id: UUID, now: datetime) -> tuple[str, str] | None:
        """Number and code, while it may still be used."""
        ...


@runtime_checkable
class Conceal(Protocol):
    def __call__(self, text: str) -> bytes:
        """An HMAC under which equal texts are found again and none can be read."""
        ...


@runtime_checkable
class Links(Protocol):
    def sign(self, purpose: str, user_id: UUID, request_id: UUID, at: datetime) -> str:
        """A token that is the same for the same request made at the same moment."""
        ...

    def read(self, token: str) -> Link:
        """What the token says. Refuses with `code_invalid` what was not signed here."""
        ...


@runtime_checkable
class TokenIssuer(Protocol):
    access_seconds: int

    def access(self, user_id: UUID, session_id: UUID, now: datetime) -> str:
        """A signed token that is good for `access_seconds`."""
        ...

    def first(self, session_id: UUID, now: datetime) -> FirstToken: ...


@runtime_checkable
class RefreshTokens(Protocol):
    def rotate(self, token: str, now: datetime) -> Rotated | Spent | None:
        """Exchange a refresh token. None for one that is not known, or whose session has ended.

        A token that was just exchanged and comes again gives the same successor: a lost answer is no theft.
        """
        ...


@runtime_checkable
class ApiKeyIssuer(Protocol):
    def new(self, key_id: UUID) -> NewKey:
        """The key with this id; the same each time, so that a repeated command repeats its answer."""
        ...


@runtime_checkable
class Remembered(Protocol):
    def forget(self, user_id: UUID) -> None:
        """Ask anew at the next request who this user is: something about it has changed."""
        ...


class Verdict(Protocol):
    @property
    def allowed(self) -> bool: ...
    @property
    def retry_after(self) -> float: ...


@runtime_checkable
class RateLimit(Protocol):
    def allow(self, key: str, limit: int, per_seconds: int) -> Verdict:
        """Count an attempt under the key. `retry_after` is in seconds."""
        ...

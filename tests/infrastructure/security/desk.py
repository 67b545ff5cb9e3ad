"""A front desk: what routes do with people who register, sign in and forget their passwords, on the real log."""

from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from msgspec import Struct
from psycopg_pool import ConnectionPool

from application.credentials import Device, Tokens
from application.handler import Appended, Handler
from application.ports import Meta
from domain.registry import DECIDERS
from domain.users import commands as c
from domain.users.user import Registered, users
from domain.values import SYSTEM, Actor
from infrastructure import settings
from infrastructure.clock import new_id
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.rows import ROWS
from infrastructure.keys import PersonalKeys
from infrastructure.security import rows
from infrastructure.security.access import SigningIn
from infrastructure.security.passwords import Argon2Passwords

ANAS, PASSWORD, OTHER_PASSWORD = "ana@example.org", "Vento-norte-7-nos", "Mare-alta-9-metros"
LAPTOP, PHONE = Device("Firefox", "192.0.2.1"), Device("App", "192.0.2.2")

SETTINGS = settings.load(
    {
        "TRADEWIND_EMBEDDED": "0",
        "TRADEWIND_SECRET_KEY": "a secret that is long enough for tests",
        "TRADEWIND_KEY_ENCRYPTION_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    }
)


class Allowed(Struct, frozen=True):
    allowed: bool
    retry_after: float = 12.5


class Counting:
    """A limit that refuses from the n-th attempt on."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def allow(self, key: str, limit: int, per_seconds: int) -> Allowed:
        assert per_seconds > 0
        self.seen[key] = self.seen.get(key, 0) + 1
        return Allowed(self.seen[key] <= limit)


class Desk:
    """`do` are the commands as routes are given them."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self.pool = pool
        self.log = PostgresLog(pool, DECIDERS, PersonalKeys(SETTINGS.wrapping_key), {**ROWS, **rows.ROWS})
        self.handle = Handler(self.log, DECIDERS)
        self.limits = Counting()
        self.signing_in = SigningIn(SETTINGS, pool, self.handle, self.limits, Argon2Passwords())
        self.check = self.signing_in.authentication.check
        self.do = self.signing_in.commands

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.signing_in.close()

    def register(self, email: str = ANAS, password: str = PASSWORD) -> UUID:
        command = c.RegisterUser(new_id(), email, "Ana Sousa", new_id(), now())
        return self.signing_in.register(command, password, meta()).stream

    def sign_in(self, email: str = ANAS, password: str = PASSWORD, device: Device = LAPTOP) -> Tokens:
        return self.do["sign_in"](email, password, device, new_id(), now(), meta())

    def refresh(self, token: str, at: datetime | None = None) -> Tokens:
        return self.do["refresh"](token, at or now(), meta())

    def suspend(self, user_id: UUID) -> Appended:
        return self.do["change_standing"](c.SuspendUser(user_id, "Rude.", SYSTEM, now()), meta(), None)

    def user(self, user_id: UUID) -> Registered:
        found = self.handle.state(user_id, users)
        assert isinstance(found, Registered)
        return found

    def link(self, purpose: str, user_id: UUID, request_id: UUID, at: datetime | None = None) -> str:
        return self.signing_in.links.sign(purpose, user_id, request_id, at or now())

    def events(self, stream: UUID) -> list[str]:
        return [type(each.event).__name__ for each in self.log.stream(stream)]


def now() -> datetime:
    return datetime.now(UTC)


def meta(command_id: UUID | None = None, fingerprint: bytes = b"") -> Meta:
    return Meta(command_id or new_id(), UUID(int=0), new_id(), fingerprint=fingerprint)


def own(user_id: UUID) -> Actor:
    return Actor(user_id)

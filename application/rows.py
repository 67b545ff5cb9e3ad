"""Rows of several families that are written in the append's transaction."""

from datetime import datetime
from uuid import UUID

from application.ports import Row


class Reserve(Row, frozen=True):
    """Take a value that only one may have; refused as `<space>_taken`. `value` is an HMAC, never the clear text."""

    space: str
    value: bytes
    owner: UUID


class Release(Row, frozen=True):
    """Give up what this owner took; nothing happens where it is someone else's."""

    space: str
    value: bytes
    owner: UUID


class HoldArticles(Row, frozen=True):
    """These article numbers are the product's and no others; refused as `sku_taken` where another product has one of them."""

    listing_id: UUID
    articles: list[bytes]


class KeepFile(Row, frozen=True):
    """The bytes that an import reads, kept until they are no longer asked for."""

    import_id: UUID
    content: bytes


class KeepReport(Row, frozen=True):
    """What became of some rows of an import: a JSON list of `application.imports.ports.Reported`."""

    import_id: UUID
    reported: bytes


class OpenAccount(Row, frozen=True):
    """What authentication has to know of a user; roles by their names."""

    user_id: UUID
    roles: list[str]


class AddRole(Row, frozen=True):
    user_id: UUID
    role: str


class DropRole(Row, frozen=True):
    user_id: UUID
    role: str


class SetSuspended(Row, frozen=True):
    user_id: UUID
    suspended: bool


class SetPassword(Row, frozen=True):
    user_id: UUID
    password_hash: str
    at: datetime


class OpenSession(Row, frozen=True):
    """Nothing is opened where `password_hash`, which the sign-in was let in by, was changed meanwhile."""

    session_id: UUID
    user_id: UUID
    agent: str
    address: str
    at: datetime
    expires_at: datetime
    password_hash: str
    refresh_hash: bytes


class OpenSessionByCode(Row, frozen=True):
    """For who has shown a code; nothing is opened where the account has been suspended meanwhile."""

    session_id: UUID
    user_id: UUID
    agent: str
    address: str
    at: datetime
    expires_at: datetime
    refresh_hash: bytes


class CloseSession(Row, frozen=True):
    session_id: UUID
    reason: str
    at: datetime


class CloseSessions(Row, frozen=True):
    """All of a user's sessions but `kept`, also one that started since they were looked up."""

    user_id: UUID
    reason: str
    at: datetime
    kept: UUID | None = None


class OpenApiKey(Row, frozen=True):
    key_id: UUID
    user_id: UUID
    hash: bytes
    scopes: list[str]


class CloseApiKey(Row, frozen=True):
    key_id: UUID
    at: datetime


class DestroyKey(Row, frozen=True):
    """From this append on nothing personal of the user can be read, and no other key is ever made for him."""

    user_id: UUID


class ForgetAccount(Row, frozen=True):
    """Nobody signs in to it any more; sessions, credentials and reservations go, the bare id stays."""

    user_id: UUID


class NoteErasure(Row, frozen=True):
    """What was derived from history has to follow."""

    user_id: UUID

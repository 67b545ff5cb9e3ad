"""Whose an access token or an API key is, asked on every request."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from msgspec import Struct
from psycopg_pool import ConnectionPool

from domain.users.identity import Identity
from domain.values import Role
from infrastructure.eventlog.outcomes import LogUnavailable, translated
from infrastructure.security.api_keys import PREFIX, read
from infrastructure.security.tokens import SessionTokens

REMEMBERED = 1.0
"""Seconds for which an answer is remembered: as long as another process may let in whom this one has just suspended."""

MOST = 10_000
USED_AGAIN = timedelta(minutes=1)
"""How far the last use of a key may be behind."""

SESSION = """
SELECT a.roles FROM sessions s JOIN accounts a USING (user_id)
WHERE s.id = %s AND s.user_id = %s AND s.ended_at IS NULL AND s.expires_at > now() AND NOT a.suspended"""
KEY = """
SELECT k.user_id, a.roles, k.scopes, k.last_used_at IS NULL OR k.last_used_at < now() - %s
FROM api_keys k JOIN accounts a USING (user_id)
WHERE k.id = %s AND k.hash = %s AND k.revoked_at IS NULL AND NOT a.suspended"""
USED = "UPDATE api_keys SET last_used_at = now() WHERE id = %s AND (last_used_at IS NULL OR last_used_at < now() - %s)"

logger = structlog.get_logger(__name__)


class Known(Struct, frozen=True):
    identity: Identity
    until: float


class Authentication:
    """Roles and suspensions are read from the account's row, so that they hold for every session and key as soon as they are made.

    `clock` gives seconds since 1970.
    """

    def __init__(self, pool: ConnectionPool[Any], tokens: SessionTokens, clock: Callable[[], float] = time.time) -> None:
        self._pool = pool
        self._tokens = tokens
        self._clock = clock
        self._known: dict[str, Known] = {}
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="key-uses")

    def remembered(self, bearer: str) -> Identity | None:
        found = self._known.get(bearer)
        return found.identity if found is not None and self._clock() < found.until else None

    def check(self, bearer: str) -> Identity | None:
        """None for what is forged, expired or revoked, and for a suspended user's. Raises `Unavailable`."""
        with translated():
            return self._key(bearer) if bearer.startswith(PREFIX) else self._session(bearer)

    def forget(self, user_id: UUID) -> None:
        for bearer, known in list(self._known.items()):
            if known.identity.user_id == user_id:
                self._known.pop(bearer, None)

    def close(self) -> None:
        self._aside.shutdown()

    def _session(self, bearer: str) -> Identity | None:
        token = self._tokens.read(bearer)
        if token is None:
            return None
        with self._pool.connection() as connection:
            row = connection.execute(SESSION, [token.session_id, token.user_id], prepare=True).fetchone()
        if row is None:
            return None
        return self._remember(bearer, Identity(token.user_id, roles(row[0]), session_id=token.session_id), token.expires)

    def _key(self, bearer: str) -> Identity | None:
        found = read(bearer)
        if found is None:
            return None
        key_id, hash = found
        with self._pool.connection() as connection:
            row = connection.execute(KEY, [USED_AGAIN, key_id, hash], prepare=True).fetchone()
        if row is None:
            return None
        user_id, held, scopes, is_due = row
        if is_due:
            self._aside.submit(self._used, key_id)
        return self._remember(bearer, Identity(user_id, roles(held), scopes=frozenset(scopes)))

    def _remember(self, bearer: str, identity: Identity, expires: float = float("inf")) -> Identity:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[bearer] = Known(identity, min(self._clock() + REMEMBERED, expires))
        return identity

    def _used(self, key_id: UUID) -> None:
        try:
            with translated(), self._pool.connection() as connection:
                connection.execute(USED, [key_id, USED_AGAIN])
        except LogUnavailable:
            logger.warning("use of a key not noted", key=str(key_id))


def roles(names: list[str]) -> frozenset[Role]:
    return frozenset(map(Role, names))

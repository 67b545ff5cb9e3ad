"""What is kept of users beside the log: who may sign in, their sessions, and the families of refresh tokens."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.credentials import Holder, Login, Rotated, Spent
from infrastructure.eventlog.outcomes import translated
from infrastructure.security.tokens import SessionTokens, hashed
from projections.users.access import SeenSession

Pool = ConnectionPool[Any]

GRACE = timedelta(seconds=30)
"""How long a refresh token that was exchanged still leads to its successor."""

BY_EMAIL = """
SELECT a.user_id, c.password_hash, a.suspended
FROM reservations r JOIN accounts a ON a.user_id = r.owner LEFT JOIN credentials c ON c.user_id = r.owner
WHERE r.space = 'email' AND r.value = %s"""
BY_PHONE = """
SELECT a.user_id, a.suspended FROM reservations r JOIN accounts a ON a.user_id = r.owner
WHERE r.space = 'phone' AND r.value = %s"""
BY_ID = """
SELECT a.user_id, c.password_hash, a.suspended FROM accounts a LEFT JOIN credentials c USING (user_id) WHERE a.user_id = %s"""
OPEN = "SELECT id FROM sessions WHERE user_id = %s AND ended_at IS NULL ORDER BY id"
SEEN_SESSIONS = """
SELECT id, agent, address, started_at, seen_at, expires_at FROM sessions
WHERE user_id = %s AND ended_at IS NULL AND expires_at > %s ORDER BY id DESC"""
LAST_USES = "SELECT id, last_used_at FROM api_keys WHERE id = ANY(%s) AND last_used_at IS NOT NULL"

FIND = """
SELECT t.used_at, s.id, s.user_id, s.expires_at
FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN accounts a USING (user_id)
WHERE t.hash = %s AND s.ended_at IS NULL AND NOT a.suspended FOR UPDATE OF t"""
USE = "UPDATE refresh_tokens SET used_at = %s WHERE hash = %s"
SUCCEED = "INSERT INTO refresh_tokens (hash, session_id, issued_at) VALUES (%s, %s, %s)"
SEEN = "UPDATE sessions SET seen_at = %s, expires_at = %s WHERE id = %s"
TIDY = "DELETE FROM refresh_tokens WHERE session_id = %s AND issued_at < %s"


class PostgresAccounts:
    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def by_email(self, concealed: bytes) -> Login | None:
        return self._login(BY_EMAIL, concealed)

    def by_phone(self, concealed: bytes) -> Holder | None:
        with translated(), self.pool.connection() as connection:
            row = connection.execute(BY_PHONE, [concealed]).fetchone()
        return Holder(*row) if row else None

    def by_id(self, user_id: UUID) -> Login | None:
        return self._login(BY_ID, user_id)

    def open_sessions(self, user_id: UUID) -> Sequence[UUID]:
        with translated(), self.pool.connection() as connection:
            return [id for (id,) in connection.execute(OPEN, [user_id])]

    def sessions(self, user_id: UUID, now: datetime) -> Sequence[SeenSession]:
        """Those that still let someone in, the newest first."""
        with translated(), self.pool.connection() as connection, connection.cursor(row_factory=class_row(SeenSession)) as cursor:
            return cursor.execute(SEEN_SESSIONS, [user_id, now]).fetchall()

    def last_uses(self, keys: Iterable[UUID]) -> Mapping[UUID, datetime]:
        with translated(), self.pool.connection() as connection:
            return dict(connection.execute(LAST_USES, [list(keys)]).fetchall())

    def _login(self, statement: LiteralString, value: bytes | UUID) -> Login | None:
        with translated(), self.pool.connection() as connection:
            row = connection.execute(statement, [value]).fetchone()
        return Login(*row) if row else None


class PostgresRefreshTokens:
    """A family per session: each token is exchanged once, and its row stays to notice a second use."""

    def __init__(self, pool: Pool, tokens: SessionTokens) -> None:
        self.pool = pool
        self.tokens = tokens

    def rotate(self, token: str, now: datetime) -> Rotated | Spent | None:
        own, successor = hashed(token), self.tokens.successor(token)
        with translated(), self.pool.connection() as connection, connection.transaction():
            # Locked: of two that come at the same time, the second finds the token used a moment ago.
            row = connection.execute(FIND, [own]).fetchone()
            if row is None:
                return None
            used_at, session_id, user_id, expires_at = row
            if now >= expires_at:
                return Spent(user_id, session_id, expired=True)
            if used_at is not None and now - used_at > GRACE:
                return Spent(user_id, session_id, expired=False)
            if used_at is None:
                connection.execute(USE, [now, own])
                connection.execute(SUCCEED, [hashed(successor), session_id, now])
                connection.execute(SEEN, [now, now + self.tokens.refresh_lasts, session_id])
                connection.execute(TIDY, [session_id, now - self.tokens.refresh_lasts])
            return Rotated(successor, user_id, session_id)

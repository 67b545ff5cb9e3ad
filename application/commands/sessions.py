"""Signing in and out, and exchanging refresh tokens."""

from datetime import datetime
from uuid import UUID, uuid5

from msgspec.structs import replace

from application import rows
from application.attempts import Attempts
from application.credentials import (
    Accounts,
    Conceal,
    Device,
    Passwords,
    RefreshTokens,
    Remembered,
    Rotated,
    Spent,
    TokenIssuer,
    Tokens,
)
from application.handler import Appended, Handler
from application.ports import Meta, Row
from domain.decider import Rejected
from domain.users.commands import EndSession, StartSession
from domain.users.events import EndReason
from domain.users.session import Started
from domain.users.text import comparable
from domain.values import Actor


class SignIn:
    """Refuses `wrong_credentials` in the same words and time whether the address is unknown or the password wrong.

    `suspended` is said only to who knows the password. Raises `TooManyAttempts` by address of mail and of the network.
    """

    def __init__(
        self, handle: Handler, accounts: Accounts, passwords: Passwords, conceal: Conceal, tokens: TokenIssuer, attempts: Attempts
    ) -> None:
        self.handle = handle
        self.accounts = accounts
        self.passwords = passwords
        self.conceal = conceal
        self.tokens = tokens
        self.attempts = attempts

    def __call__(self, email: str, password: str, device: Device, session_id: UUID, now: datetime, meta: Meta) -> Tokens:
        concealed = self.conceal(comparable(email))
        self.attempts("sign_in_from", device.address)
        self.attempts("sign_in", concealed.hex())
        login = self.accounts.by_email(concealed)
        known = login.password_hash if login else None
        if not self.passwords.matches(password, known) or login is None or known is None:
            raise Rejected("wrong_credentials", "The address or the password is wrong.")
        if login.suspended:
            raise Rejected("suspended", "This account is suspended.")
        return self._start(login.user_id, known, password, device, session_id, now, meta)

    def _start(self, user_id: UUID, known: str, password: str, device: Device, session_id: UUID, now: datetime, meta: Meta) -> Tokens:
        first = self.tokens.first(session_id, now)
        written: list[Row] = [rows.OpenSession(session_id, user_id, device.agent, device.address, now, first.expires_at, known, first.hash)]
        if self.passwords.outdated(known):
            written.append(rows.SetPassword(user_id, self.passwords.hash(password), now))
        # Every sign-in starts a session of its own: its command is never one that came before.
        meta = replace(meta, command_id=session_id, actor=user_id, fingerprint=b"")
        self.handle(session_id, StartSession(session_id, user_id, device.agent, now), meta, rows=written)
        access = self.tokens.access(user_id, session_id, now)
        return Tokens(access, first.token, self.tokens.access_seconds, user_id, session_id)


class LeaveSession:
    """Ends a session; its tokens are good for nothing from the next request on."""

    def __init__(self, handle: Handler, remembered: Remembered) -> None:
        self.handle = handle
        self.remembered = remembered

    def __call__(self, session_id: UUID, reason: EndReason, by: Actor, now: datetime, meta: Meta, expected: int | None = None) -> Appended:
        written = [rows.CloseSession(session_id, reason, now)]
        appended = self.handle(session_id, EndSession(session_id, reason, by, now), meta, expected, written)
        if isinstance(appended.state, Started):
            self.remembered.forget(appended.state.user_id)
        return appended


class Refresh:
    """Refuses `refresh_token_invalid`; a token that was exchanged longer ago is taken for stolen and ends its session."""

    def __init__(self, refresh_tokens: RefreshTokens, tokens: TokenIssuer, leave: LeaveSession) -> None:
        self.refresh_tokens = refresh_tokens
        self.tokens = tokens
        self.leave = leave

    def __call__(self, token: str, now: datetime, meta: Meta) -> Tokens:
        match self.refresh_tokens.rotate(token, now):
            case Rotated(successor, user_id, session_id):
                access = self.tokens.access(user_id, session_id, now)
                return Tokens(access, successor, self.tokens.access_seconds, user_id, session_id)
            case Spent(user_id, session_id, expired):
                reason = "expired" if expired else "reuse_detected"
                own = replace(meta, command_id=uuid5(session_id, reason), actor=user_id, fingerprint=b"")
                self.leave(session_id, reason, Actor(user_id), now, own)
            case None:
                pass
        raise Rejected("refresh_token_invalid", "Sign in again.")

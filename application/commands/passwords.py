"""Changing a password by the present one, and resetting a forgotten one by a mailed link."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from application import rows
from application.attempts import Attempts
from application.commands.users import ending
from application.credentials import Accounts, Links, Passwords, Remembered
from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.users.commands import ChangePassword, ResetPassword
from domain.users.links import Purpose
from domain.users.user import Registered, users
from domain.values import Actor, clear


class NewPassword:
    """Checks and keeps a new password in the append of its command, and ends the user's sessions with it."""

    def __init__(self, handle: Handler, accounts: Accounts, passwords: Passwords, remembered: Remembered) -> None:
        self.handle = handle
        self.accounts = accounts
        self.passwords = passwords
        self.remembered = remembered

    def __call__(
        self,
        command: ChangePassword | ResetPassword,
        password: str,
        meta: Meta,
        expected: int | None = None,
        *,
        kept: UUID | None = None,
        pointer: str = "/password",
    ) -> Appended:
        id, now = command.user_id, command.now
        user = self.handle.state(id, users)
        known = (clear(user.name), clear(user.email or "")) if isinstance(user, Registered) else ()
        self.passwords.require_strong(password, known, pointer)
        written = [
            rows.SetPassword(id, self.passwords.hash(password), now),
            rows.CloseSessions(id, "password_changed", now, kept),
        ]
        ended = ending(self.accounts, id, "password_changed", Actor(id), now, kept)
        appended = self.handle.together([(id, command), *ended], meta, expected, written)[0]
        self.remembered.forget(id)
        return appended


class ChangeOwnPassword:
    """Refuses `wrong_password` and `password_weak`; all sessions but the one it is asked from end."""

    def __init__(self, handle: Handler, accounts: Accounts, passwords: Passwords, new_password: NewPassword, attempts: Attempts) -> None:
        self.handle = handle
        self.accounts = accounts
        self.passwords = passwords
        self.new_password = new_password
        self.attempts = attempts

    def __call__(self, command: ChangePassword, current: str, new: str, kept: UUID | None, meta: Meta, expected: int | None) -> Appended:
        self.attempts("password", str(command.user_id))
        login = self.accounts.by_id(command.user_id)
        # After a lost answer the present password is the new one already.
        if not self.passwords.matches(current, login.password_hash if login else None) and not self._ran(meta):
            raise Rejected("wrong_password", "The present password is another.")
        return self.new_password(command, new, meta, expected, kept=kept, pointer="/newPassword")

    def _ran(self, meta: Meta) -> bool:
        return bool(meta.fingerprint and self.handle.log.load([], meta.command_id, meta.fingerprint).before)


class RedeemReset:
    """Refuses `code_invalid`, `code_used`, `code_expired` and `password_weak`; all sessions end."""

    def __init__(self, links: Links, new_password: NewPassword) -> None:
        self.links = links
        self.new_password = new_password

    def __call__(self, token: str, password: str, now: datetime, meta: Meta) -> Appended:
        link = self.links.read(token)
        if link.purpose is not Purpose.PASSWORD_RESET:
            raise Rejected("code_invalid", "This link proves an address.", pointer="/token")
        command = ResetPassword(link.user_id, link.request_id, link.expires_at, Actor(link.user_id), now)
        return self.new_password(command, password, replace(meta, actor=link.user_id))

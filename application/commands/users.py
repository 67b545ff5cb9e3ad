"""Registering, and what admins decide about an account: what authentication must know goes into its row, in the same append."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from application import rows
from application.credentials import Accounts, Conceal, Passwords, Remembered
from application.handler import Appended, Handler
from application.ports import Meta, Row
from domain.users.commands import EndSession, GrantRole, RegisterUser, ReinstateUser, RevokeRole, SuspendUser
from domain.users.events import EndReason
from domain.users.text import comparable, normalised
from domain.values import Actor, Role, Value


class Register:
    """Refuses `password_weak`, and `email_taken` where the address belongs to someone."""

    def __init__(self, handle: Handler, passwords: Passwords, conceal: Conceal) -> None:
        self.handle = handle
        self.passwords = passwords
        self.conceal = conceal

    def __call__(self, command: RegisterUser, password: str, meta: Meta) -> Appended:
        concealed = self.conceal(comparable(normalised(command.email)))  # refused before a hash is paid for
        self.passwords.require_strong(password, (command.name, command.email))
        id = command.user_id
        written = [
            rows.OpenAccount(id, [Role.CUSTOMER.value]),
            rows.SetPassword(id, self.passwords.hash(password), command.now),
            rows.Reserve("email", concealed, id),
        ]
        return self.handle(id, command, replace(meta, actor=id), rows=written)


class ChangeStanding:
    """Grants and revokes roles, suspends and reinstates: from the next request on."""

    def __init__(self, handle: Handler, accounts: Accounts, remembered: Remembered) -> None:
        self.handle = handle
        self.accounts = accounts
        self.remembered = remembered

    def __call__(self, command: GrantRole | RevokeRole | SuspendUser | ReinstateUser, meta: Meta, expected: int | None) -> Appended:
        id = command.user_id
        ended: list[tuple[UUID, Value]] = []
        written: Sequence[Row]
        match command:
            case GrantRole():
                written = [rows.AddRole(id, command.role.value)]
            case RevokeRole():
                written = [rows.DropRole(id, command.role.value)]
            case SuspendUser():
                ended = ending(self.accounts, id, "suspended", command.by, command.now)
                written = [rows.SetSuspended(id, True), rows.CloseSessions(id, "suspended", command.now)]
            case ReinstateUser():
                written = [rows.SetSuspended(id, False)]
        appended = self.handle.together([(id, command), *ended], meta, expected, written)[0]
        self.remembered.forget(id)
        return appended


def ending(
    accounts: Accounts, user_id: UUID, reason: EndReason, by: Actor, now: datetime, kept: UUID | None = None
) -> list[tuple[UUID, Value]]:
    """What ends a user's open sessions, but the one that is kept."""
    return [(session, EndSession(session, reason, by, now)) for session in accounts.open_sessions(user_id) if session != kept]

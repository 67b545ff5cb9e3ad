"""Signing companies up, and the roles and seats of those who act for them: all in one append."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from application.commands.suppliers.acting import company
from application.commands.suppliers.particulars import tidied
from application.credentials import Remembered
from application.handler import Appended, Handler
from application.ports import Meta, Row
from application.rows import AddRole, DropRole, Release, Reserve
from domain.decider import Rejected
from domain.suppliers.commands import (
    AcceptInvitation,
    CorrectSupplier,
    GiveUpSeat,
    InviteColleague,
    RefuseSupplier,
    RegisterSupplier,
    RemoveColleague,
    TakeSeat,
    VerifySupplier,
)
from domain.suppliers.events import Status
from domain.suppliers.seat import seat_id
from domain.suppliers.text import registered
from domain.users.commands import GrantRole, RevokeRole
from domain.users.user import Registered, users
from domain.values import SYSTEM, Role, Value

REGISTRATION = "registration"
"""The space in which companies are told apart: each is signed up once."""


class SignUp:
    """Refuses `registration_taken`, and `seat_taken` who acts for another company."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, command: RegisterSupplier, meta: Meta) -> Appended:
        id, said = command.supplier_id, tidied(command.particulars)
        held = Reserve(REGISTRATION, number(said.country, said.registration), id)
        seat = (seat_id(command.by.id), TakeSeat(command.by.id, id, command.now))
        return self.handle.together([(id, replace(command, particulars=said)), seat], meta, rows=[held])[0]


class Correct:
    """Refuses `registration_taken`."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, command: CorrectSupplier, meta: Meta, expected: int | None) -> Appended:
        known, said = company(self.handle, command.supplier_id), tidied(command.particulars)
        was, now = number(known.country, known.registration), number(said.country, said.registration)
        moved: list[Row] = [Release(REGISTRATION, was, known.supplier_id), Reserve(REGISTRATION, now, known.supplier_id)]
        return self.handle(command.supplier_id, replace(command, particulars=said), meta, expected, moved if was != now else [])


class Judge:
    """Members of a verified supplier hold the role of one from the next request on; those of a refused one no longer."""

    def __init__(self, handle: Handler, remembered: Remembered) -> None:
        self.handle = handle
        self.remembered = remembered

    def __call__(self, command: VerifySupplier | RefuseSupplier, meta: Meta, expected: int | None) -> Appended:
        known = company(self.handle, command.supplier_id)
        verified = isinstance(command, VerifySupplier)
        standing = [standing_of(user, command.now, verified=verified) for user in known.members]
        rows = [role(user, verified=verified) for user in known.members]
        if not verified:
            rows.append(Release(REGISTRATION, number(known.country, known.registration), known.supplier_id))
        done = self.handle.together([(command.supplier_id, command), *standing], meta, expected, rows)[0]
        for user in known.members:
            self.remembered.forget(user)
        return done


class Invite:
    """Refuses `user_not_found`."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, command: InviteColleague, meta: Meta, expected: int | None) -> Appended:
        found = self.handle.state(command.user_id, users)
        if not isinstance(found, Registered) or found.kind != "person":
            raise Rejected("user_not_found", pointer="/userId")
        return self.handle(command.supplier_id, command, meta, expected)


class ChangeStaffing:
    """Who joins takes his one seat and holds the role of a supplier where the company is verified; who goes gives both up."""

    def __init__(self, handle: Handler, remembered: Remembered) -> None:
        self.handle = handle
        self.remembered = remembered

    def join(self, command: AcceptInvitation, meta: Meta, expected: int | None) -> Appended:
        """Refuses `seat_taken` who acts for another company."""
        user = command.by.id
        seat = (seat_id(user), TakeSeat(user, command.supplier_id, command.now))
        return self._do(command, user, seat, meta, expected, joins=True)

    def leave(self, command: RemoveColleague, meta: Meta, expected: int | None) -> Appended:
        user = command.user_id
        seat = (seat_id(user), GiveUpSeat(user, command.supplier_id, command.now))
        return self._do(command, user, seat, meta, expected, joins=False)

    def _do(
        self,
        command: AcceptInvitation | RemoveColleague,
        user: UUID,
        seat: tuple[UUID, Value],
        meta: Meta,
        expected: int | None,
        *,
        joins: bool,
    ) -> Appended:
        known = company(self.handle, command.supplier_id)
        concerned = known.status is Status.VERIFIED and (joins or user in known.members)
        standing: Sequence[tuple[UUID, Value]] = [standing_of(user, command.now, verified=joins)] if concerned else []
        rows = [role(user, verified=joins)] if concerned else []
        done = self.handle.together([(known.supplier_id, command), seat, *standing], meta, expected, rows)[0]
        self.remembered.forget(user)
        return done


def standing_of(user: UUID, now: datetime, *, verified: bool) -> tuple[UUID, Value]:
    return user, (GrantRole if verified else RevokeRole)(user, Role.SUPPLIER, SYSTEM, now)


def role(user: UUID, *, verified: bool) -> Row:
    return (AddRole if verified else DropRole)(user, Role.SUPPLIER.value)


def number(country: str, registration: str) -> bytes:
    """What a company is held under; its number is public, and is hashed only so that all have one length."""
    return hashlib.sha256(f"{country}\n{registered(registration)}".encode()).digest()

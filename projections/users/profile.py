"""A user as he sees himself and as admins see him: profile, roles and standing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import field
from msgspec.structs import replace

from domain.users.events import (
    EmailChanged,
    EmailChangeRequested,
    EmailVerificationRequested,
    EmailVerified,
    ErasurePostponed,
    ErasureRequested,
    ErasureWithdrawn,
    PasswordChanged,
    PasswordResetRequested,
    PhoneProven,
    PreferencesSet,
    ProfileEdited,
    RoleGranted,
    RoleRevoked,
    ServiceAccountOpened,
    UserErased,
    UserEvent,
    UserRegistered,
    UserRegisteredByPhone,
    UserReinstated,
    UserSuspended,
)
from domain.users.preferences import Preferences
from domain.users.standing import Kind, Status, status_of
from domain.values import Actor, Address, Erased, Role, Value, clear
from projections.sql import ALL, Order, Where
from projections.view import View


class UserProfile(Value, frozen=True):
    """Texts about an erased person are empty. `suspension` is the reason given, while it lasts.

    `erasure_due_at` is when the person is to be forgotten, where that was asked for.
    """

    id: UUID
    kind: Kind
    status: Status
    name: str
    email: str
    created_at: datetime
    phone: str = ""
    phone_signs_in: bool = False
    addresses: tuple[Address, ...] = ()
    preferences: Preferences = field(default_factory=Preferences)
    roles: tuple[Role, ...] = ()
    verified: bool = False
    pending_email: str | None = None
    suspension: str | None = None
    erasure_due_at: datetime | None = None


def evolve(profile: UserProfile | None, event: UserEvent) -> UserProfile | None:
    match event, profile:
        case UserRegistered(), _:
            return UserProfile(event.user_id, "person", "registered", clear(event.name), clear(event.email), event.at)
        case UserRegisteredByPhone(), _:
            phone = clear(event.phone)
            return UserProfile(
                event.user_id, "person", "active", clear(event.name), "", event.at, phone=phone, phone_signs_in=True, verified=True
            )
        case ServiceAccountOpened(), _:
            return UserProfile(event.user_id, "service", "active", event.name, "", event.at, verified=True)
        case _, None:
            return None
        case EmailVerified(), UserProfile():
            return standing(profile, verified=True)
        case EmailChangeRequested(), UserProfile():
            return replace(profile, pending_email=clear(event.email))
        case EmailChanged(), UserProfile():
            return standing(replace(profile, email=clear(event.email), pending_email=None), verified=True)
        case PhoneProven(), UserProfile():
            return replace(profile, phone=clear(event.phone), phone_signs_in=True)
        case ProfileEdited(), UserProfile():
            addresses = () if isinstance(event.addresses, Erased) else event.addresses
            return replace(profile, name=clear(event.name), phone=clear(event.phone), addresses=addresses)
        case PreferencesSet(), UserProfile():
            return replace(profile, preferences=event.preferences)
        case RoleGranted(), UserProfile():
            return replace(profile, roles=tuple(sorted({*profile.roles, event.role})))
        case RoleRevoked(), UserProfile():
            return replace(profile, roles=tuple(role for role in profile.roles if role != event.role))
        case UserSuspended(), UserProfile():
            return standing(profile, suspension=clear(event.reason))
        case UserReinstated(), UserProfile():
            return standing(profile, suspension=None)
        case ((ErasureRequested() | ErasurePostponed()), UserProfile()):
            return standing(profile, erasure_due_at=event.due_at)
        case ErasureWithdrawn(), UserProfile():
            return standing(profile, erasure_due_at=None)
        case UserErased(), UserProfile():
            return UserProfile(profile.id, profile.kind, "erased", "", "", profile.created_at)
        case _, UserProfile():
            return profile


def standing(profile: UserProfile, **changed: Any) -> UserProfile:
    now = replace(profile, **changed)
    leaving = now.erasure_due_at is not None
    return replace(now, status=status_of(verified=now.verified, suspended=now.suspension is not None, leaving=leaving))


def user_of(event: UserEvent) -> UUID:
    return event.user_id


# Every event of the stream, so that the row's version is the stream's and serves as its ETag.
EVENTS = (
    UserRegistered,
    UserRegisteredByPhone,
    ServiceAccountOpened,
    EmailVerificationRequested,
    EmailVerified,
    EmailChangeRequested,
    EmailChanged,
    PhoneProven,
    PasswordResetRequested,
    PasswordChanged,
    ProfileEdited,
    PreferencesSet,
    RoleGranted,
    RoleRevoked,
    UserSuspended,
    UserReinstated,
    ErasureRequested,
    ErasureWithdrawn,
    ErasurePostponed,
    UserErased,
)

view = View(
    "user_profile",
    UserProfile,
    key=user_of,
    evolve=evolve,
    events=EVENTS,
    columns={"kind": "text", "status": "text", "created_at": "timestamptz", "roles": "text[]"},
    indexes=("created_at DESC, key DESC", "status, created_at DESC, key DESC"),
)

NEWEST_FIRST = Order(("created_at",))


def visible_to(by: Actor) -> Where:
    """Everyone sees himself; admins, staff and auditors see all."""
    if by.is_any(Role.ADMIN, Role.STAFF, Role.AUDITOR):
        return ALL
    return Where("key = %(caller)s", {"caller": by.id})


def asked_for(role: Role | None, status: Status | None, kind: Kind | None) -> Where:
    """Users that hold the role, stand so and are of this kind; None asks for all."""
    asked: Mapping[str, Where] = {
        "role": Where("%(role)s = ANY(roles)", {"role": role}),
        "status": Where("status = %(status)s", {"status": status}),
        "kind": Where("kind = %(kind)s", {"kind": kind}),
    }
    found = ALL
    for name, value in (("role", role), ("status", status), ("kind", kind)):
        if value is not None:
            found &= asked[name]
    return found

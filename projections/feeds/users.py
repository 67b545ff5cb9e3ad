"""The feed of users: who there is and what they may do, by id alone; names, addresses and reasons stay private."""

from typing import Any
from uuid import UUID

from domain.users import events
from domain.values import Role, Value
from projections.feeds.alone import nothing
from projections.view import Feed


class UserRegistered(Value, frozen=True):
    user_id: UUID


class ServiceAccountOpened(Value, frozen=True):
    user_id: UUID


class EmailVerified(Value, frozen=True):
    user_id: UUID


class RoleGranted(Value, frozen=True):
    user_id: UUID
    role: Role


class RoleRevoked(Value, frozen=True):
    user_id: UUID
    role: Role


class UserSuspended(Value, frozen=True):
    user_id: UUID


class UserReinstated(Value, frozen=True):
    user_id: UUID


class UserErased(Value, frozen=True):
    """Forget what you keep of this user: nothing personal of him can be had here any more."""

    user_id: UUID


def public(_known: Value | None, event: Value) -> Value | None:
    match event:
        case events.UserRegistered(user_id=user) | events.UserRegisteredByPhone(user_id=user):
            return UserRegistered(user)
        case events.ServiceAccountOpened(user_id=user):
            return ServiceAccountOpened(user)
        case events.EmailVerified(user_id=user):
            return EmailVerified(user)
        case events.RoleGranted(user_id=user, role=role):
            return RoleGranted(user, role)
        case events.RoleRevoked(user_id=user, role=role):
            return RoleRevoked(user, role)
        case events.UserSuspended(user_id=user):
            return UserSuspended(user)
        case events.UserReinstated(user_id=user):
            return UserReinstated(user)
        case events.UserErased(user_id=user):
            return UserErased(user)
        case _:
            return None


def user_of(event: Any) -> UUID:
    return event.user_id


users: Feed[Value] = Feed(
    "users",
    "People and service accounts by id: registered, verified, given and deprived of roles, suspended, reinstated, erased.",
    known=Value,
    key=user_of,
    evolve=nothing,
    public=public,
    events=(
        events.UserRegistered,
        events.UserRegisteredByPhone,
        events.ServiceAccountOpened,
        events.EmailVerified,
        events.RoleGranted,
        events.RoleRevoked,
        events.UserSuspended,
        events.UserReinstated,
        events.UserErased,
    ),
    payloads=(UserRegistered, ServiceAccountOpened, EmailVerified, RoleGranted, RoleRevoked, UserSuspended, UserReinstated, UserErased),
)

"""What happens to users, their sessions and the API keys of services. Passwords, tokens and codes are never among it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.users.preferences import Preferences
from domain.values import Address, Erased, Personal, Role, Value

EndReason = Literal["signed_out", "ended", "suspended", "password_changed", "reuse_detected", "expired", "erased"]


class UserRegistered(Value, frozen=True):
    user_id: UUID
    email: Personal[str | Erased, "user_id"]
    name: Personal[str | Erased, "user_id"]
    at: datetime


class UserRegisteredByPhone(Value, frozen=True):
    """Somebody without mail: the number, in E.164, is proven, and a code sent to it is what he signs in with."""

    user_id: UUID
    phone: Personal[str | Erased, "user_id"]
    name: Personal[str | Erased, "user_id"]
    at: datetime


class ServiceAccountOpened(Value, frozen=True):
    user_id: UUID
    name: str
    by: UUID
    at: datetime


class EmailVerificationRequested(Value, frozen=True):
    """A link that proves the address is owed to it; `request_id` is what the link names."""

    user_id: UUID
    request_id: UUID
    email: Personal[str | Erased, "user_id"]
    at: datetime


class EmailVerified(Value, frozen=True):
    user_id: UUID
    at: datetime


class EmailChangeRequested(Value, frozen=True):
    """A link is owed to the new address, which is not the user's until it is followed."""

    user_id: UUID
    request_id: UUID
    email: Personal[str | Erased, "user_id"]
    at: datetime


class EmailChanged(Value, frozen=True):
    """The link to the new address was followed, which proves it; the previous one is to be told."""

    user_id: UUID
    email: Personal[str | Erased, "user_id"]
    previous: Personal[str | Erased, "user_id"]
    at: datetime


class PhoneProven(Value, frozen=True):
    """A code sent to the number, in E.164, was shown by somebody signed in: he signs in with it from now on, not with `previous`."""

    user_id: UUID
    phone: Personal[str | Erased, "user_id"]
    previous: Personal[str | Erased, "user_id"]
    at: datetime


class PasswordResetRequested(Value, frozen=True):
    user_id: UUID
    request_id: UUID
    at: datetime


class PasswordChanged(Value, frozen=True):
    user_id: UUID
    at: datetime


class ProfileEdited(Value, frozen=True):
    """The whole profile as it is from now on; `phone` is in E.164 or empty."""

    user_id: UUID
    name: Personal[str | Erased, "user_id"]
    phone: Personal[str | Erased, "user_id"]
    addresses: Personal[tuple[Address, ...] | Erased, "user_id"]


class PreferencesSet(Value, frozen=True):
    user_id: UUID
    preferences: Preferences


class RoleGranted(Value, frozen=True):
    user_id: UUID
    role: Role
    by: UUID
    at: datetime


class RoleRevoked(Value, frozen=True):
    user_id: UUID
    role: Role
    by: UUID
    at: datetime


class UserSuspended(Value, frozen=True):
    user_id: UUID
    reason: Personal[str | Erased, "user_id"]
    by: UUID
    at: datetime


class UserReinstated(Value, frozen=True):
    user_id: UUID
    by: UUID
    at: datetime


class Blocking(Value, frozen=True):
    """What an erasure has to wait for: an order, a payment or a group."""

    kind: str
    id: UUID


class ErasureRequested(Value, frozen=True):
    """The person is to be forgotten at `due_at`, unless it is taken back till then."""

    user_id: UUID
    due_at: datetime
    by: UUID
    at: datetime


class ErasureWithdrawn(Value, frozen=True):
    user_id: UUID
    by: UUID
    at: datetime


class ErasurePostponed(Value, frozen=True):
    """It was due, and something is still in flight: `due_at` is when to look again. At most 20 of them are named."""

    user_id: UUID
    due_at: datetime
    blocking: tuple[Blocking, ...]
    at: datetime


class UserErased(Value, frozen=True):
    """The person's key is destroyed in this event's own transaction: whatever was personal to him reads as erased, everywhere."""

    user_id: UUID
    at: datetime


class SessionStarted(Value, frozen=True):
    """`agent` is the browser or app as it names itself."""

    session_id: UUID
    user_id: UUID
    agent: Personal[str | Erased, "user_id"]
    at: datetime


class SessionEnded(Value, frozen=True):
    session_id: UUID
    user_id: UUID
    reason: EndReason
    at: datetime


class ApiKeyCreated(Value, frozen=True):
    """`user_id` is the service account that the key speaks for."""

    key_id: UUID
    user_id: UUID
    name: str
    scopes: frozenset[str]
    by: UUID
    at: datetime


class ApiKeyRevoked(Value, frozen=True):
    key_id: UUID
    by: UUID
    at: datetime


UserEvent = (
    UserRegistered
    | UserRegisteredByPhone
    | ServiceAccountOpened
    | EmailVerificationRequested
    | EmailVerified
    | EmailChangeRequested
    | EmailChanged
    | PhoneProven
    | PasswordResetRequested
    | PasswordChanged
    | ProfileEdited
    | PreferencesSet
    | RoleGranted
    | RoleRevoked
    | UserSuspended
    | UserReinstated
    | ErasureRequested
    | ErasureWithdrawn
    | ErasurePostponed
    | UserErased
)
SessionEvent = SessionStarted | SessionEnded
ApiKeyEvent = ApiKeyCreated | ApiKeyRevoked

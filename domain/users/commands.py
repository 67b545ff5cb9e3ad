"""What may be asked of users, sessions and API keys. `by` gives the command; `now` is its moment."""

from datetime import datetime
from uuid import UUID

from domain.users.events import Blocking, EndReason
from domain.users.preferences import Preferences
from domain.values import Actor, Address, Role, Value


class RegisterUser(Value, frozen=True):
    """`request_id` names the link that will prove the address."""

    user_id: UUID
    email: str
    name: str
    request_id: UUID
    now: datetime


class RegisterByPhone(Value, frozen=True):
    """Given once a code sent to the number was shown; `phone` is in E.164."""

    user_id: UUID
    phone: str
    name: str
    now: datetime


class OpenServiceAccount(Value, frozen=True):
    user_id: UUID
    name: str
    by: Actor
    now: datetime


class RequestEmailVerification(Value, frozen=True):
    user_id: UUID
    request_id: UUID
    by: Actor
    now: datetime


class VerifyEmail(Value, frozen=True):
    """Follows a link, which proves who comes: `expires_at` is the link's own."""

    user_id: UUID
    request_id: UUID
    expires_at: datetime
    by: Actor
    now: datetime


class RequestEmailChange(Value, frozen=True):
    user_id: UUID
    request_id: UUID
    email: str
    by: Actor
    now: datetime


class ConfirmEmailChange(Value, frozen=True):
    """Follows the link that went to the new address."""

    user_id: UUID
    request_id: UUID
    expires_at: datetime
    by: Actor
    now: datetime


class ProvePhone(Value, frozen=True):
    """Given once a code sent to the number was shown; `phone` is in E.164."""

    user_id: UUID
    phone: str
    by: Actor
    now: datetime


class RequestPasswordReset(Value, frozen=True):
    user_id: UUID
    request_id: UUID
    by: Actor
    now: datetime


class ResetPassword(Value, frozen=True):
    """Follows the link of a reset; the new password's hash goes beside the log."""

    user_id: UUID
    request_id: UUID
    expires_at: datetime
    by: Actor
    now: datetime


class ChangePassword(Value, frozen=True):
    """Given once the present password was shown; the new one's hash goes beside the log."""

    user_id: UUID
    by: Actor
    now: datetime


class EditProfile(Value, frozen=True):
    """What is None stays as it is; an empty phone is none."""

    user_id: UUID
    by: Actor
    name: str | None = None
    phone: str | None = None
    addresses: tuple[Address, ...] | None = None


class SetPreferences(Value, frozen=True):
    user_id: UUID
    preferences: Preferences
    by: Actor


class GrantRole(Value, frozen=True):
    user_id: UUID
    role: Role
    by: Actor
    now: datetime


class RevokeRole(Value, frozen=True):
    user_id: UUID
    role: Role
    by: Actor
    now: datetime


class SuspendUser(Value, frozen=True):
    user_id: UUID
    reason: str
    by: Actor
    now: datetime


class ReinstateUser(Value, frozen=True):
    user_id: UUID
    by: Actor
    now: datetime


class RequestErasure(Value, frozen=True):
    """Asked for again, the earlier of the two moments counts."""

    user_id: UUID
    due_at: datetime
    by: Actor
    now: datetime


class WithdrawErasure(Value, frozen=True):
    user_id: UUID
    by: Actor
    now: datetime


class PostponeErasure(Value, frozen=True):
    """Given by the service, where something is still in flight when the moment has come."""

    user_id: UUID
    due_at: datetime
    blocking: tuple[Blocking, ...]
    now: datetime


class EraseUser(Value, frozen=True):
    """Given by the service once the moment has come and nothing is in flight; the rows beside it destroy the key."""

    user_id: UUID
    now: datetime


class StartSession(Value, frozen=True):
    """Given once the password was shown."""

    session_id: UUID
    user_id: UUID
    agent: str
    now: datetime


class EndSession(Value, frozen=True):
    session_id: UUID
    reason: EndReason
    by: Actor
    now: datetime


class CreateApiKey(Value, frozen=True):
    key_id: UUID
    user_id: UUID
    name: str
    scopes: frozenset[str]
    by: Actor
    now: datetime


class RevokeApiKey(Value, frozen=True):
    key_id: UUID
    by: Actor
    now: datetime


ChangeUser = (
    RequestEmailVerification
    | VerifyEmail
    | RequestEmailChange
    | ConfirmEmailChange
    | ProvePhone
    | RequestPasswordReset
    | ResetPassword
    | ChangePassword
    | EditProfile
    | SetPreferences
    | GrantRole
    | RevokeRole
    | SuspendUser
    | ReinstateUser
    | RequestErasure
    | WithdrawErasure
)
Forget = PostponeErasure | EraseUser
UserCommand = RegisterUser | RegisterByPhone | OpenServiceAccount | ChangeUser | Forget
SessionCommand = StartSession | EndSession
ApiKeyCommand = CreateApiKey | RevokeApiKey

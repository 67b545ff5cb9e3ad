"""A user: a person who registered, or a service account, with its roles and its standing."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.users.commands import (
    ChangePassword,
    ChangeUser,
    ConfirmEmailChange,
    EditProfile,
    EraseUser,
    GrantRole,
    OpenServiceAccount,
    PostponeErasure,
    ProvePhone,
    RegisterByPhone,
    RegisterUser,
    ReinstateUser,
    RequestEmailChange,
    RequestEmailVerification,
    RequestErasure,
    RequestPasswordReset,
    ResetPassword,
    RevokeRole,
    SetPreferences,
    SuspendUser,
    UserCommand,
    VerifyEmail,
    WithdrawErasure,
)
from domain.users.erasure import carry_out, forgotten, postpone, request, withdraw
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
from domain.users.standing import LIFECYCLE, Kind, Status, next_actions, relations, status_of
from domain.users.text import comparable, named, normalised, posted, reachable, readable
from domain.values import Actor, Address, Erased, Role, Value, clear


class Unregistered(Value, frozen=True, tag=True):
    pass


class Registered(Value, frozen=True, tag=True):
    """`verification`, `email_change` and `reset` are the requests whose links may still be followed, each once.

    `proven_phone` is the number that one signs in with, empty for none.
    """

    id: UUID
    kind: Kind
    name: str | Erased
    email: str | Erased = ""
    phone: str | Erased = ""
    proven_phone: str | Erased = ""
    addresses: tuple[Address, ...] | Erased = ()
    preferences: Preferences = Preferences()
    roles: frozenset[Role] = frozenset()
    verified: bool = False
    suspended: bool = False
    verification: UUID | None = None
    email_change: UUID | None = None
    new_email: str | Erased = ""
    reset: UUID | None = None
    erasure_due_at: datetime | None = None

    @property
    def status(self) -> Status:
        return status_of(verified=self.verified, suspended=self.suspended, leaving=self.erasure_due_at is not None)


class Forgotten(Value, frozen=True, tag=True):
    """Was a user: the id is all that is left, and never anybody else's."""

    id: UUID


User = Unregistered | Registered | Forgotten


def decide(command: UserCommand, user: User) -> list[UserEvent]:
    match command, user:
        case RegisterUser(), Unregistered():
            return register(command)
        case RegisterByPhone(), Unregistered():
            return register_by_phone(command)
        case OpenServiceAccount(), Unregistered():
            return open_service_account(command)
        case ((RegisterUser() | RegisterByPhone() | OpenServiceAccount()), (Registered() | Forgotten())):
            return []  # asked twice: already so
        case _, Forgotten():
            return forgotten(command)
        case _, Unregistered():
            raise Rejected("user_not_found")
        case PostponeErasure(), Registered():
            return postpone(command, user.erasure_due_at)
        case EraseUser(), Registered():
            return carry_out(command, user.erasure_due_at)
        case _, Registered():
            return change(command, user)


def register(command: RegisterUser) -> list[UserEvent]:
    id, now, email = command.user_id, command.now, normalised(command.email)
    return [
        UserRegistered(id, email, named(command.name), now),
        RoleGranted(id, Role.CUSTOMER, id, now),
        EmailVerificationRequested(id, command.request_id, email, now),
    ]


def register_by_phone(command: RegisterByPhone) -> list[UserEvent]:
    id, now = command.user_id, command.now
    return [UserRegisteredByPhone(id, reachable(command.phone), named(command.name), now), RoleGranted(id, Role.CUSTOMER, id, now)]


def open_service_account(command: OpenServiceAccount) -> list[UserEvent]:
    if not command.by.is_any(Role.ADMIN):
        raise Rejected("not_yours")
    id, by, now = command.user_id, command.by.id, command.now
    return [ServiceAccountOpened(id, named(command.name), by, now), RoleGranted(id, Role.CONSUMER, by, now)]


def change(command: ChangeUser, user: Registered) -> list[UserEvent]:
    if isinstance(command, SuspendUser) and command.by.id == user.id:
        raise Rejected("own_account", "Nobody suspends himself.")
    LIFECYCLE.check(command, user.status, relations(command.by, user.id, user.kind))
    match command:
        case RequestEmailVerification():
            return request_verification(command, user)
        case VerifyEmail():
            follow(command.request_id, user.verification, command.expires_at, command.now)
            return [EmailVerified(user.id, command.now)]
        case RequestEmailChange():
            if comparable(command.email) == comparable(clear(user.email)):
                raise Rejected("email_unchanged", pointer="/email")
            return [EmailChangeRequested(user.id, command.request_id, normalised(command.email), command.now)]
        case ConfirmEmailChange():
            follow(command.request_id, user.email_change, command.expires_at, command.now)
            return [EmailChanged(user.id, user.new_email, user.email, command.now)]
        case ProvePhone():
            same = command.phone == user.proven_phone == user.phone
            return [] if same else [PhoneProven(user.id, reachable(command.phone), user.proven_phone, command.now)]
        case RequestPasswordReset():
            mailbox(user)
            return [PasswordResetRequested(user.id, command.request_id, command.now)]
        case ResetPassword():
            return reset_password(command, user)
        case ChangePassword():
            return [PasswordChanged(user.id, command.now)]
        case EditProfile():
            return edit_profile(command, user)
        case SetPreferences():
            return [] if command.preferences == user.preferences else [PreferencesSet(user.id, command.preferences)]
        case GrantRole():
            return grant(command, user)
        case RevokeRole():
            return revoke(command, user)
        case SuspendUser():
            return [UserSuspended(user.id, readable(command.reason, "/reason"), command.by.id, command.now)]
        case ReinstateUser():
            return [UserReinstated(user.id, command.by.id, command.now)]
        case RequestErasure():
            return request(command, user.erasure_due_at)
        case WithdrawErasure():
            return withdraw(command, user.erasure_due_at)


def mailbox(user: Registered) -> None:
    """Links go to people in good standing."""
    if user.kind == "service":
        raise Rejected("service_account")
    if user.suspended:
        raise Rejected("suspended")


def follow(request_id: UUID, pending: UUID | None, expires_at: datetime, now: datetime) -> None:
    """A link counts once, until it expires, and only the last one sent."""
    if request_id != pending:
        raise Rejected("code_used", "This link was used already, or a newer one was sent.")
    if now >= expires_at:
        raise Rejected("code_expired", "This link is too old. Ask for a new one.")


def request_verification(command: RequestEmailVerification, user: Registered) -> list[UserEvent]:
    mailbox(user)
    if user.verified:
        raise Rejected("already_verified")
    return [EmailVerificationRequested(user.id, command.request_id, user.email, command.now)]


def reset_password(command: ResetPassword, user: Registered) -> list[UserEvent]:
    mailbox(user)
    follow(command.request_id, user.reset, command.expires_at, command.now)
    changed = PasswordChanged(user.id, command.now)
    # The link came by mail to the address, so it proves that as well.
    return [changed] if user.verified else [changed, EmailVerified(user.id, command.now)]


def edit_profile(command: EditProfile, user: Registered) -> list[UserEvent]:
    edited = ProfileEdited(
        user.id,
        user.name if command.name is None else named(command.name),
        user.phone if command.phone is None else reachable(command.phone),
        user.addresses if command.addresses is None else posted(command.addresses),
    )
    if user.proven_phone and edited.phone != user.phone:
        raise Rejected("phone_signs_in", "You sign in with this number: prove another one instead.", pointer="/phone")
    unchanged = (edited.name, edited.phone, edited.addresses) == (user.name, user.phone, user.addresses)
    return [] if unchanged else [edited]


def grant(command: GrantRole, user: Registered) -> list[UserEvent]:
    if (command.role is Role.CONSUMER) != (user.kind == "service"):
        raise Rejected("role_unsuitable", "Services are consumers, and people are not.", pointer="/role")
    if command.role in user.roles:
        return []
    return [RoleGranted(user.id, command.role, command.by.id, command.now)]


def revoke(command: RevokeRole, user: Registered) -> list[UserEvent]:
    if command.role is Role.ADMIN and command.by.id == user.id:
        raise Rejected("own_admin_role", "Another admin has to take it away.")
    if command.role not in user.roles:
        return []
    return [RoleRevoked(user.id, command.role, command.by.id, command.now)]


def evolve(user: User, event: UserEvent) -> User:
    match event, user:
        case UserRegistered(), _:
            return Registered(event.user_id, "person", event.name, event.email)
        case UserRegisteredByPhone(), _:
            return Registered(event.user_id, "person", event.name, phone=event.phone, proven_phone=event.phone, verified=True)
        case ServiceAccountOpened(), _:
            return Registered(event.user_id, "service", event.name, verified=True)
        case UserErased(), _:
            return Forgotten(event.user_id)
        case _, (Unregistered() | Forgotten()):
            return user
        case EmailVerificationRequested(), Registered():
            return replace(user, verification=event.request_id)
        case EmailVerified(), Registered():
            return replace(user, verified=True, verification=None)
        case EmailChangeRequested(), Registered():
            return replace(user, email_change=event.request_id, new_email=event.email)
        case EmailChanged(), Registered():
            # A link that went to the previous address opens nothing any more.
            return replace(user, email=event.email, verified=True, verification=None, email_change=None, new_email="", reset=None)
        case PhoneProven(), Registered():
            return replace(user, phone=event.phone, proven_phone=event.phone)
        case PasswordResetRequested(), Registered():
            return replace(user, reset=event.request_id)
        case PasswordChanged(), Registered():
            return replace(user, reset=None)
        case ProfileEdited(), Registered():
            return replace(user, name=event.name, phone=event.phone, addresses=event.addresses)
        case PreferencesSet(), Registered():
            return replace(user, preferences=event.preferences)
        case RoleGranted(), Registered():
            return replace(user, roles=user.roles | {event.role})
        case RoleRevoked(), Registered():
            return replace(user, roles=user.roles - {event.role})
        case UserSuspended(), Registered():
            return replace(user, suspended=True, reset=None)
        case UserReinstated(), Registered():
            return replace(user, suspended=False)
        case ((ErasureRequested() | ErasurePostponed()), Registered()):
            return replace(user, erasure_due_at=event.due_at)
        case ErasureWithdrawn(), Registered():
            return replace(user, erasure_due_at=None)


def actions(user: User, by: Actor) -> list[str]:
    return next_actions(user.id, user.kind, user.status, by) if isinstance(user, Registered) else []


users = Decider("user", Unregistered(), decide, evolve, actions=actions)

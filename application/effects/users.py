"""What events of users owe: letters about the account, to its owner, and what forgetting him takes."""

from application.effects.effect import Errand, Notice
from application.effects.job import EraseUser, FollowErasures
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
    UserErased,
    UserReinstated,
    UserSuspended,
)

NOTICES = (
    Notice(EmailVerificationRequested, "verify_email"),
    Notice(EmailVerified, "welcome"),
    Notice(EmailChangeRequested, "verify_new_email"),
    Notice(EmailChanged, "email_changed"),
    Notice(PasswordResetRequested, "reset_password"),
    Notice(PasswordChanged, "password_changed"),
    Notice(UserSuspended, "suspended"),
    Notice(UserReinstated, "reinstated"),
    Notice(ErasureRequested, "erasure_requested"),
    Notice(ErasureWithdrawn, "erasure_withdrawn"),
)

ERRANDS = (
    Errand(ErasureRequested, lambda event: EraseUser(event.user_id), lambda event: event.due_at),
    Errand(ErasurePostponed, lambda event: EraseUser(event.user_id), lambda event: event.due_at),
    Errand(UserErased, lambda event: FollowErasures(event.user_id)),
)

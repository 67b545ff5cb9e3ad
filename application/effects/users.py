"""What events of users owe: letters about the account, to its owner."""

from application.effects.effect import Notice
from domain.users.events import (
    EmailChanged,
    EmailChangeRequested,
    EmailVerificationRequested,
    EmailVerified,
    PasswordChanged,
    PasswordResetRequested,
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
)

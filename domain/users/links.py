"""Links that are sent by mail: what each is for, and how long it is good."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.values import Value


class Purpose(StrEnum):
    EMAIL_VERIFICATION = "email_verification"
    EMAIL_CHANGE = "email_change"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - no password


LASTS = {
    Purpose.EMAIL_VERIFICATION: timedelta(days=3),
    Purpose.EMAIL_CHANGE: timedelta(days=3),
    Purpose.PASSWORD_RESET: timedelta(hours=1),
}


class Link(Value, frozen=True):
    """What a link says: whose it is, which request it answers, and until when."""

    purpose: Purpose
    user_id: UUID
    request_id: UUID
    expires_at: datetime

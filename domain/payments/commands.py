"""What can be asked of payments, and what providers report of them.

Reports name the attempt they are about and may come twice, late and in any order. Amounts are in minor units.
"""

from datetime import datetime
from uuid import UUID

from domain.payments.purposes import ORDER
from domain.payments.shares import Share
from domain.values import SYSTEM, Actor, Erased, Value


class RequestPayment(Value, frozen=True):
    """Ask a payer for the sum of the shares until `expires_at`. `method` is the provider's token; `manual` captures later."""

    payment_id: UUID
    checkout_id: UUID
    payer_id: UUID
    currency: str
    amount: int
    shares: tuple[Share, ...]
    provider: str
    method: str | Erased
    expires_at: datetime
    now: datetime
    manual: bool = False
    purpose: str = ORDER


class RetryPayment(Value, frozen=True):
    """Try again by another method, also of another provider."""

    payment_id: UUID
    provider: str
    method: str
    by: Actor
    now: datetime


class RequestCapture(Value, frozen=True):
    """Take what was authorised, or part of it."""

    payment_id: UUID
    by: Actor
    now: datetime
    amount: int | None = None


class CancelPayment(Value, frozen=True):
    payment_id: UUID
    by: Actor
    now: datetime


class ExpirePayment(Value, frozen=True):
    """The time to pay is over, if it has not been paid."""

    payment_id: UUID
    now: datetime
    by: Actor = SYSTEM


class RequestRefund(Value, frozen=True):
    """Give back `amount` of one order's share, or with no order of all shares in proportion. Asked again by its id: already so.

    With `attempt`, money that was held is given back.
    """

    payment_id: UUID
    refund_id: UUID
    order_id: UUID | None
    amount: int
    reason: str
    now: datetime
    by: Actor = SYSTEM
    attempt: int | None = None


ChangePayment = RetryPayment | RequestCapture | CancelPayment | ExpirePayment | RequestRefund


class RequireAction(Value, frozen=True):
    payment_id: UUID
    attempt: int
    provider_reference: str
    now: datetime


class AuthorisePayment(Value, frozen=True):
    payment_id: UUID
    attempt: int
    provider_reference: str
    currency: str
    amount: int
    now: datetime


class CapturePayment(Value, frozen=True):
    """`fee` is what the provider kept of the amount."""

    payment_id: UUID
    attempt: int
    provider_reference: str
    currency: str
    amount: int
    fee: int
    now: datetime


class FailPayment(Value, frozen=True):
    payment_id: UUID
    attempt: int
    code: str
    now: datetime


class ConfirmRefund(Value, frozen=True):
    """`asking`: which time it was asked for, from 1 on."""

    payment_id: UUID
    refund_id: UUID
    provider_reference: str
    now: datetime
    asking: int = 1


class FailRefund(Value, frozen=True):
    """`asking`: which time it was asked for, from 1 on; what is known of an earlier one says nothing about this."""

    payment_id: UUID
    refund_id: UUID
    code: str
    now: datetime
    asking: int = 1


class OpenDispute(Value, frozen=True):
    """`dispute` is the provider's name for it, `fee` what it charges for it."""

    payment_id: UUID
    attempt: int
    dispute: str
    amount: int
    fee: int
    reason: str
    now: datetime


class CloseDispute(Value, frozen=True):
    """Holds what was said at the opening too, for it may be the first that is heard of it. `fee`: what of it came back."""

    payment_id: UUID
    attempt: int
    dispute: str
    amount: int
    fee: int
    reason: str
    won: bool
    now: datetime
    fee_returned: int = 0


ReportAttempt = RequireAction | AuthorisePayment | CapturePayment | FailPayment
ReportPayment = ReportAttempt | ConfirmRefund | FailRefund | OpenDispute | CloseDispute
PaymentCommand = RequestPayment | ChangePayment | ReportPayment

"""What has happened to payments: what was asked of the payer, and what the provider has said of it.

All amounts are in minor units of `currency`. Every event carries the shares it moves, so that the ledger and letters need no other.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.payments.purposes import ORDER
from domain.payments.shares import Share
from domain.values import Erased, Personal, Value


class Status(StrEnum):
    """Where a payment stands."""

    PENDING = "pending"
    ACTION_REQUIRED = "action_required"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    CHARGED_BACK = "charged_back"
    HELD = "held"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Excess(StrEnum):
    """Why money came that nobody was owed any more: it goes back."""

    LATE = "late"
    TWICE = "twice"


class PaymentRequested(Value, frozen=True):
    """The first attempt. `method` is the provider's token for how it is paid; `manual`: authorised first, captured when asked for."""

    payment_id: UUID
    checkout_id: UUID
    payer_id: UUID
    currency: str
    amount: int
    shares: tuple[Share, ...]
    provider: str
    method: Personal[str | Erased, "payer_id"]
    expires_at: datetime
    at: datetime
    manual: bool = False
    purpose: str = ORDER


class PaymentRetried(Value, frozen=True):
    """A further attempt, by another method. Attempts count from 1."""

    payment_id: UUID
    payer_id: UUID
    attempt: int
    provider: str
    method: Personal[str | Erased, "payer_id"]
    at: datetime


class AttemptAbandoned(Value, frozen=True):
    """An attempt that is not waited for any longer, and is to be ended at the provider; `released` was authorised by it."""

    payment_id: UUID
    attempt: int
    provider: str
    currency: str
    released: int
    at: datetime


class PaymentActionRequired(Value, frozen=True):
    """The payer has something to do, such as 3-D Secure; where, is kept beside the log."""

    payment_id: UUID
    attempt: int
    payer_id: UUID
    provider_reference: str
    at: datetime


class PaymentAuthorised(Value, frozen=True):
    """The amount is reserved for us and not yet ours."""

    payment_id: UUID
    attempt: int
    provider: str
    currency: str
    amount: int
    provider_reference: str
    at: datetime


class CaptureRequested(Value, frozen=True):
    """`amount` may be less than was authorised; the rest is let go."""

    payment_id: UUID
    attempt: int
    currency: str
    amount: int
    shares: tuple[Share, ...]
    by: UUID
    at: datetime


class PaymentCaptured(Value, frozen=True):
    """The money has come: what was asked, once. `fee` is the provider's, already taken; `authorised` was reserved before."""

    payment_id: UUID
    checkout_id: UUID
    payer_id: UUID
    currency: str
    amount: int
    fee: int
    shares: tuple[Share, ...]
    provider_reference: str
    at: datetime
    provider: str = ""
    attempt: int = 1
    authorised: int = 0
    purpose: str = ORDER


class ExcessCaptured(Value, frozen=True):
    """Money came after the end, or a second time; a refund of it stands in the same append. Confirms no order."""

    payment_id: UUID
    payer_id: UUID
    attempt: int
    provider: str
    currency: str
    amount: int
    fee: int
    provider_reference: str
    cause: Excess
    at: datetime
    authorised: int = 0


class PaymentHeld(Value, frozen=True):
    """The provider took another amount or currency than was asked: nobody's until a person decides.

    `asked` and `asked_currency` are what was wanted; `authorised` was reserved before in the asked currency.
    """

    payment_id: UUID
    payer_id: UUID
    attempt: int
    provider: str
    currency: str
    amount: int
    fee: int
    asked_currency: str
    asked: int
    provider_reference: str
    at: datetime
    authorised: int = 0


class PaymentFailed(Value, frozen=True):
    """An attempt came to nothing; `code` is the provider's reason as a slug. Another attempt may follow."""

    payment_id: UUID
    checkout_id: UUID
    payer_id: UUID
    attempt: int
    provider: str
    code: str
    currency: str
    released: int
    at: datetime


class PaymentCancelled(Value, frozen=True):
    """No attempt is waited for any longer; `reason` is `expired` or `cancelled`, `released` what was authorised."""

    payment_id: UUID
    checkout_id: UUID
    payer_id: UUID
    reason: str
    currency: str
    released: int
    provider: str
    at: datetime


class RefundRequested(Value, frozen=True):
    """Money is to go back from the attempt that brought it; `shares` are the parts of orders, empty where it was nobody's."""

    payment_id: UUID
    refund_id: UUID
    order_id: UUID | None
    payer_id: UUID
    attempt: int
    provider: str
    currency: str
    amount: int
    shares: tuple[Share, ...]
    reason: str
    by: UUID
    at: datetime
    purpose: str = ORDER
    group_id: UUID | None = None


class RefundPaid(Value, frozen=True):
    payment_id: UUID
    refund_id: UUID
    order_id: UUID | None
    payer_id: UUID
    attempt: int
    provider: str
    currency: str
    amount: int
    shares: tuple[Share, ...]
    provider_reference: str
    at: datetime
    purpose: str = ORDER
    group_id: UUID | None = None


class RefundFailed(Value, frozen=True):
    """The payer did not get it; a refund that was `paid` may still come back, from a closed account."""

    payment_id: UUID
    refund_id: UUID
    order_id: UUID | None
    payer_id: UUID
    attempt: int
    provider: str
    currency: str
    amount: int
    shares: tuple[Share, ...]
    code: str
    paid: bool
    at: datetime
    purpose: str = ORDER
    group_id: UUID | None = None


class RefundDeferred(Value, frozen=True):
    """The payer's bank has the money until it has decided whose it is: what of a contribution is to go back waits for that.

    `asked`: the provider had been asked for it, and could not while the bank decides.
    """

    payment_id: UUID
    refund_id: UUID
    order_id: UUID | None
    payer_id: UUID
    attempt: int
    provider: str
    currency: str
    amount: int
    shares: tuple[Share, ...]
    reason: str
    asked: bool
    at: datetime
    purpose: str = ORDER
    group_id: UUID | None = None


class RefundMet(Value, frozen=True):
    """The payer's bank had given it back already: of a contribution it counts as returned. `left` is asked of the provider."""

    payment_id: UUID
    refund_id: UUID
    order_id: UUID | None
    payer_id: UUID
    attempt: int
    provider: str
    currency: str
    amount: int
    shares: tuple[Share, ...]
    reason: str
    left: int
    at: datetime
    purpose: str = ORDER
    group_id: UUID | None = None


class DisputeOpened(Value, frozen=True):
    """The payer's bank took money back, and a fee; `shares` are in proportion. `dispute` is the provider's name for it."""

    payment_id: UUID
    dispute: str
    payer_id: UUID
    attempt: int
    provider: str
    currency: str
    amount: int
    fee: int
    shares: tuple[Share, ...]
    reason: str
    at: datetime


class DisputeWon(Value, frozen=True):
    """The money came back; so did `fee` where the provider gives it back."""

    payment_id: UUID
    dispute: str
    provider: str
    currency: str
    amount: int
    fee: int
    shares: tuple[Share, ...]
    at: datetime


class DisputeLost(Value, frozen=True):
    payment_id: UUID
    dispute: str
    provider: str
    currency: str
    amount: int
    shares: tuple[Share, ...]
    at: datetime


PaymentEvent = (
    PaymentRequested
    | PaymentRetried
    | AttemptAbandoned
    | PaymentActionRequired
    | PaymentAuthorised
    | CaptureRequested
    | PaymentCaptured
    | ExcessCaptured
    | PaymentHeld
    | PaymentFailed
    | PaymentCancelled
    | RefundRequested
    | RefundPaid
    | RefundFailed
    | RefundDeferred
    | RefundMet
    | DisputeOpened
    | DisputeWon
    | DisputeLost
)

"""The feed of payments: what came of each, by ids and amounts in minor units; who pays, and by what, stays private."""

from typing import Any
from uuid import UUID

from domain.payments import events
from domain.trade import Share
from domain.values import Value
from projections.feeds.alone import nothing
from projections.view import Feed


class PaymentRequested(Value, frozen=True):
    """`shares` are the parts of orders in it; `purpose` says what is paid for."""

    payment_id: UUID
    checkout_id: UUID
    currency: str
    amount: int
    shares: tuple[Share, ...]
    provider: str
    purpose: str


class PaymentAuthorised(Value, frozen=True):
    """Reserved for us and not yet ours."""

    payment_id: UUID
    currency: str
    amount: int


class PaymentCaptured(Value, frozen=True):
    """The money has come; `fee` is the provider's, already taken."""

    payment_id: UUID
    checkout_id: UUID
    currency: str
    amount: int
    fee: int
    shares: tuple[Share, ...]


class PaymentHeld(Value, frozen=True):
    """Another amount or currency came than was asked: nobody's until a person decides."""

    payment_id: UUID
    currency: str
    amount: int
    asked_currency: str
    asked: int


class PaymentFailed(Value, frozen=True):
    """An attempt came to nothing; another may follow."""

    payment_id: UUID
    checkout_id: UUID
    code: str


class PaymentCancelled(Value, frozen=True):
    payment_id: UUID
    checkout_id: UUID
    reason: str


class RefundPaid(Value, frozen=True):
    payment_id: UUID
    refund_id: UUID
    order_id: UUID | None
    currency: str
    amount: int


class RefundFailed(Value, frozen=True):
    """The payer did not get it; one that was paid may still come back."""

    payment_id: UUID
    refund_id: UUID
    order_id: UUID | None
    currency: str
    amount: int
    code: str


class DisputeOpened(Value, frozen=True):
    """The payer's bank took the amount back, and a fee."""

    payment_id: UUID
    currency: str
    amount: int
    fee: int


class DisputeWon(Value, frozen=True):
    payment_id: UUID
    currency: str
    amount: int


class DisputeLost(Value, frozen=True):
    payment_id: UUID
    currency: str
    amount: int


def public(_known: Value | None, event: Value) -> Value | None:
    match event:
        case events.PaymentRequested(payment_id=id, currency=currency, amount=amount):
            return PaymentRequested(id, event.checkout_id, currency, amount, event.shares, event.provider, event.purpose)
        case events.PaymentAuthorised(payment_id=id, currency=currency, amount=amount):
            return PaymentAuthorised(id, currency, amount)
        case events.PaymentCaptured(payment_id=id, currency=currency, amount=amount):
            return PaymentCaptured(id, event.checkout_id, currency, amount, event.fee, event.shares)
        case events.PaymentHeld(payment_id=id, currency=currency, amount=amount):
            return PaymentHeld(id, currency, amount, event.asked_currency, event.asked)
        case events.PaymentFailed(payment_id=id):
            return PaymentFailed(id, event.checkout_id, event.code)
        case events.PaymentCancelled(payment_id=id):
            return PaymentCancelled(id, event.checkout_id, event.reason)
        case events.RefundPaid(payment_id=id, currency=currency, amount=amount):
            return RefundPaid(id, event.refund_id, event.order_id, currency, amount)
        case events.RefundFailed(payment_id=id, currency=currency, amount=amount):
            return RefundFailed(id, event.refund_id, event.order_id, currency, amount, event.code)
        case events.DisputeOpened(payment_id=id, currency=currency, amount=amount):
            return DisputeOpened(id, currency, amount, event.fee)
        case events.DisputeWon(payment_id=id, currency=currency, amount=amount):
            return DisputeWon(id, currency, amount)
        case events.DisputeLost(payment_id=id, currency=currency, amount=amount):
            return DisputeLost(id, currency, amount)
        case _:
            return None


def payment_of(event: Any) -> UUID:
    return event.payment_id


payments: Feed[Value] = Feed(
    "payments",
    "Payments by ids and amounts: requested, authorised, captured, held, failed, cancelled, refunded, disputed.",
    known=Value,
    key=payment_of,
    evolve=nothing,
    public=public,
    events=(
        events.PaymentRequested,
        events.PaymentAuthorised,
        events.PaymentCaptured,
        events.PaymentHeld,
        events.PaymentFailed,
        events.PaymentCancelled,
        events.RefundPaid,
        events.RefundFailed,
        events.DisputeOpened,
        events.DisputeWon,
        events.DisputeLost,
    ),
    payloads=(
        PaymentRequested,
        PaymentAuthorised,
        PaymentCaptured,
        PaymentHeld,
        PaymentFailed,
        PaymentCancelled,
        RefundPaid,
        RefundFailed,
        DisputeOpened,
        DisputeWon,
        DisputeLost,
    ),
)

"""What payments owe: calls to the provider, one for each thing that is asked of it."""

from application.effects.calls import BeginAttempt, CancelAttempts, CaptureAttempt, PayRefund
from application.effects.effect import Errand
from domain.payments.events import (
    AttemptAbandoned,
    CaptureRequested,
    PaymentCancelled,
    PaymentRequested,
    PaymentRetried,
    RefundRequested,
)


def begin(event: PaymentRequested) -> BeginAttempt:
    return BeginAttempt(event.payment_id, 1)


def begin_again(event: PaymentRetried) -> BeginAttempt:
    return BeginAttempt(event.payment_id, event.attempt)


def capture(event: CaptureRequested) -> CaptureAttempt:
    return CaptureAttempt(event.payment_id, event.attempt)


def cancel(event: AttemptAbandoned | PaymentCancelled) -> CancelAttempts:
    return CancelAttempts(event.payment_id)


def refund(event: RefundRequested) -> PayRefund:
    return PayRefund(event.payment_id, event.refund_id)


ERRANDS = (
    Errand(PaymentRequested, begin),
    Errand(PaymentRetried, begin_again),
    Errand(CaptureRequested, capture),
    Errand(AttemptAbandoned, cancel),
    Errand(PaymentCancelled, cancel),
    Errand(RefundRequested, refund),
)

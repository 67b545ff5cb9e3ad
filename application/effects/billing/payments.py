"""What payments owe: calls to the provider, one for each thing that is asked of it."""

from datetime import datetime, timedelta

from application.effects.calls import AskPayout, BeginAttempt, CancelAttempts, CaptureAttempt, PayOutGroup, PayRefund, SendPayout
from application.effects.effect import Errand
from domain.groups.events import GroupSettled
from domain.payments.events import (
    AttemptAbandoned,
    CaptureRequested,
    PaymentCancelled,
    PaymentRequested,
    PaymentRetried,
    RefundRequested,
)
from domain.payments.payouts.events import PayoutRequested, PayoutRetried, PayoutSent

ASKED_AFTER = timedelta(hours=2)
"""How long a provider's message about a payout is waited for, before it is asked."""


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


def send(event: PayoutRequested | PayoutRetried) -> SendPayout:
    return SendPayout(event.payout_id)


def ask(event: PayoutSent) -> AskPayout:
    return AskPayout(event.payout_id)


def overdue(event: PayoutSent) -> datetime:
    return event.at + ASKED_AFTER


def pay_out(event: GroupSettled) -> PayOutGroup:
    return PayOutGroup(event.group_id)


ERRANDS = (
    Errand(PaymentRequested, begin),
    Errand(PaymentRetried, begin_again),
    Errand(CaptureRequested, capture),
    Errand(AttemptAbandoned, cancel),
    Errand(PaymentCancelled, cancel),
    Errand(RefundRequested, refund),
    Errand(PayoutRequested, send),
    Errand(PayoutRetried, send),
    Errand(PayoutSent, ask, overdue),
    Errand(GroupSettled, pay_out),
)

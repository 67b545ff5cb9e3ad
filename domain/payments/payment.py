"""A payment: what a payer owes for one checkout, tried until it is paid, given up or too late.

What the provider reports is the truth about money and is never refused: it may come twice, late and in any order, and what came
first does not matter. Only rank counts (`standing.RANK`): money that came stays, whatever is said afterwards about a failure.
"""

from datetime import datetime

from domain.decider import Decider, Rejected
from domain.payments.commands import (
    AuthorisePayment,
    CancelPayment,
    CapturePayment,
    ChangePayment,
    CloseDispute,
    ConfirmRefund,
    ExpirePayment,
    FailPayment,
    FailRefund,
    OpenDispute,
    PaymentCommand,
    RequestCapture,
    RequestPayment,
    RequestRefund,
    RequireAction,
    RetryPayment,
)
from domain.payments.events import (
    AttemptAbandoned,
    CaptureRequested,
    PaymentCancelled,
    PaymentCaptured,
    PaymentEvent,
    PaymentRequested,
    PaymentRetried,
)
from domain.payments.lifecycle import LIFECYCLES, STAFF, UNPAID, next_actions, relations
from domain.payments.refunds import refund
from domain.payments.reports import reported
from domain.payments.shares import scaled
from domain.payments.standing import Payment, Requested, Unrequested, evolve
from domain.text import line
from domain.values import Actor, clear

ATTEMPTS = 20
"""How often a payer may try: who needs more is guessing card numbers."""

METHOD_LIMIT = 200
FREE = "nothing_to_pay"


def decide(command: PaymentCommand, payment: Payment) -> list[PaymentEvent]:
    match command, payment:
        case RequestPayment(), Unrequested():
            return request(command)
        case RequestPayment(), Requested():
            return []  # asked twice: already so
        case _, Unrequested():
            raise Rejected("payment_not_found")
        case ((RetryPayment() | RequestCapture() | CancelPayment() | ExpirePayment() | RequestRefund()), Requested()):
            return change(command, payment)
        case (
            (
                RequireAction()
                | AuthorisePayment()
                | CapturePayment()
                | FailPayment()
                | ConfirmRefund()
                | FailRefund()
                | OpenDispute()
                | CloseDispute()
            ),
            Requested(),
        ):
            return reported(command, payment)


def request(command: RequestPayment) -> list[PaymentEvent]:
    if command.purpose not in LIFECYCLES:
        raise Rejected("purpose_unknown")
    if command.amount < 0 or any(share.amount < 0 for share in command.shares):
        raise Rejected("amount_invalid", "An amount is never negative.")
    if sum(share.amount for share in command.shares) != command.amount:
        raise Rejected("shares_invalid", "The shares must add up to the amount.")
    requested = PaymentRequested(
        command.payment_id,
        command.checkout_id,
        command.payer_id,
        command.currency,
        command.amount,
        command.shares,
        command.provider,
        line(clear(command.method), METHOD_LIMIT, "/method"),
        command.expires_at,
        command.now,
        command.manual,
        command.purpose,
    )
    if command.amount:
        return [requested]
    captured = PaymentCaptured(
        command.payment_id,
        command.checkout_id,
        command.payer_id,
        command.currency,
        0,
        0,
        command.shares,
        FREE,
        command.now,
        command.provider,
        purpose=command.purpose,
    )
    return [requested, captured]


def change(command: ChangePayment, payment: Requested) -> list[PaymentEvent]:
    """What a command that the lifecycle allows leads to."""
    if isinstance(command, RequestRefund) and command.refund_id in payment.refunds:
        return []  # asked twice: already so
    LIFECYCLES[payment.purpose].check(command, payment.standing, relations(payment.payer_id, payment.sellers, command.by))
    match command:
        case RetryPayment():
            return retry(command, payment)
        case RequestCapture():
            return capture(command, payment)
        case CancelPayment(now=now):
            return [cancelled(payment, "cancelled", now)]
        case ExpirePayment(now=now):
            waiting = payment.standing in UNPAID and now >= payment.expires_at
            return [cancelled(payment, "expired", now)] if waiting else []
        case RequestRefund():
            seller = STAFF not in relations(payment.payer_id, payment.sellers, command.by)
            return refund(command, payment, command.by.id if seller else None)


def retry(command: RetryPayment, payment: Requested) -> list[PaymentEvent]:
    if command.now >= payment.expires_at:
        raise Rejected("payment_expired", "The time to pay is over.")
    if len(payment.attempts) >= ATTEMPTS:
        raise Rejected("too_many_attempts", f"After {ATTEMPTS} attempts it is over.")
    last = payment.current
    number = last.number + 1
    method = line(command.method, METHOD_LIMIT, "/method")
    again = PaymentRetried(payment.id, payment.payer_id, number, command.provider, method, command.now)
    if not last.open:
        return [again]
    gone = AttemptAbandoned(payment.id, last.number, last.provider, payment.currency, last.authorised, command.now)
    return [gone, again]


def capture(command: RequestCapture, payment: Requested) -> list[PaymentEvent]:
    attempt = payment.current
    amount = attempt.authorised if command.amount is None else command.amount
    if attempt.capturing:
        if command.amount in {None, attempt.asked}:
            return []  # asked twice: already so
        raise Rejected("capture_requested", f"{attempt.asked} is being captured.")
    if not 0 < amount <= attempt.authorised:
        raise Rejected("amount_invalid", f"{attempt.authorised} is authorised.", pointer="/amount")
    shares = scaled(attempt.shares, amount)
    return [CaptureRequested(payment.id, attempt.number, payment.currency, amount, shares, command.by.id, command.now)]


def cancelled(payment: Requested, reason: str, now: datetime) -> PaymentCancelled:
    attempt = payment.current
    return PaymentCancelled(
        payment.id,
        payment.checkout_id,
        payment.payer_id,
        reason,
        payment.currency,
        attempt.authorised,
        attempt.provider,
        now,
    )


def actions(payment: Payment, by: Actor) -> list[str]:
    if not isinstance(payment, Requested):
        return []
    return next_actions(payment.payer_id, payment.sellers, payment.standing, by, payment.purpose)


payments = Decider("payment", Unrequested(), decide, evolve, actions=actions)

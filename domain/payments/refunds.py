"""How much of a payment may go back, to whom it belonged, and who may say so."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Rejected
from domain.payments.commands import RequestRefund
from domain.payments.events import PaymentEvent, RefundDeferred, RefundMet, RefundRequested
from domain.payments.purposes import CONTRIBUTION
from domain.payments.shares import Share, scaled
from domain.payments.standing import Attempt, Payment, Refund, Refunding, Requested, Stage, evolve
from domain.text import lines
from domain.values import SYSTEM

REASON_LIMIT = 500


def refund(command: RequestRefund, payment: Requested, seller: UUID | None) -> list[PaymentEvent]:
    """What is asked back. A `seller` gives back of his own orders only; None: whoever runs the market.

    The sum of all refunds never passes what came; those on their way count.
    """
    attempt = source(command, payment)
    if command.amount <= 0:
        raise Rejected("amount_invalid", "Say how much, in minor units.", pointer="/amount")
    shares = parted(command, payment, attempt, seller)
    reason = lines(command.reason, REASON_LIMIT, "/reason")
    asked = Refund(command.refund_id, attempt.number, command.order_id, attempt.currency, command.amount, shares, reason)
    if payment.purpose == CONTRIBUTION and attempt.stage is Stage.CAPTURED:
        return owed(payment, asked, command.by.id, command.now)
    return [requested(payment, asked, command.by.id, command.now)]


def owed(payment: Requested, refund: Refund, by: UUID, now: datetime) -> list[PaymentEvent]:
    """What follows where a member is owed this: nothing goes back twice, whatever his bank does."""
    attempt = payment.attempts[refund.attempt - 1]
    if payment.contested(attempt):
        return [deferred(payment, refund, now)]
    met = min(refund.amount, payment.charged_back(attempt))
    left = replace(refund, amount=refund.amount - met, shares=scaled(refund.shares, refund.amount - met))
    events: list[PaymentEvent] = []
    if met:
        whole = (refund.currency, met, scaled(refund.shares, met), refund.reason, left.amount, now)
        events.append(RefundMet(*about(payment, refund), *whole, payment.purpose, payment.group_id))
    if left.amount:
        events.append(requested(payment, left, by, now))
    return events


def resumed(payment: Requested, now: datetime) -> list[PaymentEvent]:
    """What follows for refunds that waited for a bank to decide."""
    events: list[PaymentEvent] = []
    for each in payment.refunds.values():
        after: Payment = payment
        for event in events:
            after = evolve(after, event)
        if each.state is Refunding.DEFERRED and isinstance(after, Requested) and not after.contested(after.attempts[each.attempt - 1]):
            events += owed(after, each, SYSTEM.id, now)
    return events


def deferred(payment: Requested, refund: Refund, now: datetime) -> RefundDeferred:
    asked = refund.id in payment.refunds
    return RefundDeferred(
        *about(payment, refund),
        refund.currency,
        refund.amount,
        refund.shares,
        refund.reason,
        asked,
        now,
        payment.purpose,
        payment.group_id,
    )


def requested(payment: Requested, refund: Refund, by: UUID, now: datetime) -> RefundRequested:
    return RefundRequested(
        *about(payment, refund),
        refund.currency,
        refund.amount,
        refund.shares,
        refund.reason,
        by,
        now,
        payment.purpose,
        payment.group_id,
    )


def about(payment: Requested, refund: Refund) -> tuple[UUID, UUID, UUID | None, UUID, int, str]:
    provider = payment.attempts[refund.attempt - 1].provider
    return payment.id, refund.id, refund.order_id, payment.payer_id, refund.attempt, provider


def source(command: RequestRefund, payment: Requested) -> Attempt:
    """The attempt whose money goes back: the one named, else the one that was paid by, else the one that is held."""
    found = (payment.paid or payment.held) if command.attempt is None else payment.attempt(command.attempt)
    if found is None:
        raise Rejected("attempt_not_found", pointer="/attempt")
    return found


def parted(command: RequestRefund, payment: Requested, attempt: Attempt, seller: UUID | None) -> tuple[Share, ...]:
    if attempt.stage is not Stage.CAPTURED:
        if seller is not None:
            raise Rejected("not_yours", "Money that is held is given back by the market.")
        enough(command.amount, payment.refundable(attempt))
        return ()
    remaining = payment.remaining(attempt)
    if command.order_id is None:
        if seller is not None and any(share.seller_id != seller for share in remaining):
            raise Rejected("not_yours", "Name your own order.")
        enough(command.amount, payment.refundable(attempt))
        return scaled(remaining, command.amount)
    share = next((each for each in remaining if each.order_id == command.order_id), None)
    if share is None:
        raise Rejected("order_not_found", "The payment has no share for this order.", pointer="/orderId")
    if seller not in {None, share.seller_id}:
        raise Rejected("not_yours")
    enough(command.amount, share.amount)
    return (replace(share, amount=command.amount),)


def enough(amount: int, left: int) -> None:
    if amount > left:
        raise Rejected("refund_exceeds_captured", f"{left} is left.", pointer="/amount")

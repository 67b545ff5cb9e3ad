"""How much of a payment may go back, to whom it belonged, and who may say so."""

from uuid import UUID

from msgspec.structs import replace

from domain.decider import Rejected
from domain.payments.commands import RequestRefund
from domain.payments.events import RefundRequested
from domain.payments.shares import Share, scaled
from domain.payments.standing import Attempt, Requested, Stage
from domain.text import lines

REASON_LIMIT = 500


def refund(command: RequestRefund, payment: Requested, seller: UUID | None) -> RefundRequested:
    """What is asked back. A `seller` gives back of his own orders only; None: whoever runs the market.

    The sum of all refunds never passes what came; those on their way count.
    """
    attempt = source(command, payment)
    if command.amount <= 0:
        raise Rejected("amount_invalid", "Say how much, in minor units.", pointer="/amount")
    shares = parted(command, payment, attempt, seller)
    return RefundRequested(
        payment.id,
        command.refund_id,
        command.order_id,
        payment.payer_id,
        attempt.number,
        attempt.provider,
        attempt.currency,
        command.amount,
        shares,
        lines(command.reason, REASON_LIMIT, "/reason"),
        command.by.id,
        command.now,
        payment.purpose,
        payment.group_id,
    )


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

"""Who may do what with a payment, and when, by what it is for: declared once, asked by its decider and by every query."""

from collections.abc import Container, Mapping
from uuid import UUID

from domain.lifecycle import UNASKED, Lifecycle, step
from domain.payments.commands import CancelPayment, ExpirePayment, RequestCapture, RequestRefund, RetryPayment
from domain.payments.events import Status
from domain.payments.purposes import CONTRIBUTION, ORDER
from domain.values import SYSTEM, Actor, Role

PAYER = "payer"
SELLER = "seller"
STAFF = "staff"
SERVICE = "service"
"""The service itself: a group gives its members' contributions back by it alone, so that it knows what it still owes."""

UNPAID = {Status.PENDING, Status.ACTION_REQUIRED, Status.AUTHORISED, Status.FAILED}
PAID = {Status.CAPTURED, Status.PARTIALLY_REFUNDED}
TAKEN_BACK = {Status.DISPUTED, Status.CHARGED_BACK}

PAYING = (
    step("retry", RetryPayment, {Status.FAILED, Status.ACTION_REQUIRED}, {PAYER, STAFF}, "payment_not_retryable"),
    step("capture", RequestCapture, {Status.AUTHORISED}, {SELLER, STAFF}, "payment_not_authorised"),
    step("cancel", CancelPayment, UNPAID, {PAYER, STAFF}, "payment_not_cancellable"),
)
EXPIRING = step(UNASKED, ExpirePayment, set(Status), {STAFF}, "payment_paid")

LIFECYCLE = Lifecycle(
    "payment",
    [
        *PAYING,
        step("refund", RequestRefund, {*PAID, Status.HELD}, {SELLER, STAFF}, "payment_not_refundable"),
        EXPIRING,
    ],
)
"""Of an order: its seller and staff may give money back, and ask anew where a refund failed."""

CONTRIBUTIONS = Lifecycle(
    "contribution",
    [
        *PAYING,
        step("refund", RequestRefund, {Status.HELD}, {STAFF}, "payment_not_refundable"),
        # What a bank has taken back, or may, counts as returned: `refunds.owed` sees to it that nothing goes twice.
        step(UNASKED, RequestRefund, {*PAID, *TAKEN_BACK, Status.HELD}, {SERVICE}, "payment_not_refundable"),
        EXPIRING,
    ],
)

LIFECYCLES: Mapping[str, Lifecycle] = {ORDER: LIFECYCLE, CONTRIBUTION: CONTRIBUTIONS}


def relations(payer_id: UUID, sellers: Container[UUID], by: Actor) -> frozenset[str]:
    """What `by` is to a payment."""
    found = {PAYER} if by.id == payer_id else set[str]()
    if by.id in sellers:
        found.add(SELLER)
    if by.is_any(Role.STAFF, Role.ADMIN):
        found.add(STAFF)
    if by.id == SYSTEM.id:
        found.add(SERVICE)
    return frozenset(found)


def next_actions(payer_id: UUID, sellers: Container[UUID], status: str, by: Actor, purpose: str = ORDER) -> list[str]:
    """What `by` may do next with a payment in this status: for queries, from a read model's row."""
    return LIFECYCLES[purpose].actions(status, relations(payer_id, sellers, by))

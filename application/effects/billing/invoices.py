"""What follows from payments on paper: invoices, credit notes, and the letters that bring them."""

from application.effects.effect import Errand, Notice
from application.effects.job import BillGroup, BillOrder, BillTier, CreditGroup, CreditIssue, CreditRefund
from domain.groups.events import GroupAccepted, GroupFailed
from domain.groups.supply.events import QualityIssueResolved
from domain.invoices.events import CreditNoteIssued, InvoiceIssued, InvoiceReminded
from domain.orders.events import OrderConfirmed, OrderPaid
from domain.payments.events import RefundRequested
from domain.payments.purposes import ORDER
from domain.subscriptions.tiers.events import TierCharged
from domain.values import SYSTEM

NOTICES = (
    Notice(InvoiceIssued, "invoice"),
    Notice(CreditNoteIssued, "credit_note"),
)

REMINDERS = (Notice(InvoiceReminded, "invoice_reminder"),)


def bill(event: OrderConfirmed) -> BillOrder | None:
    """Where somebody else has confirmed it, the money is still to come."""
    return BillOrder(event.order_id) if event.by == SYSTEM.id else None


def bill_at_last(event: OrderPaid) -> BillOrder:
    return BillOrder(event.order_id)


def credit(event: RefundRequested) -> CreditRefund | None:
    return CreditRefund(event.payment_id, event.refund_id) if event.shares and event.purpose == ORDER else None


def bill_group(event: GroupAccepted) -> BillGroup:
    return BillGroup(event.group_id)


def credit_issue(event: QualityIssueResolved) -> CreditIssue | None:
    return CreditIssue(event.group_id, event.shipment_id, event.issue_id) if event.way == "refund" else None


def credit_group(event: GroupFailed) -> CreditGroup:
    return CreditGroup(event.group_id)


def bill_tier(event: TierCharged) -> BillTier:
    return BillTier(event.user_id, event.charge)


ERRANDS = (
    Errand(OrderConfirmed, bill),
    Errand(OrderPaid, bill_at_last),
    Errand(RefundRequested, credit),
    Errand(GroupAccepted, bill_group),
    Errand(QualityIssueResolved, credit_issue),
    Errand(GroupFailed, credit_group),
    Errand(TierCharged, bill_tier),
)

"""What follows from payments on paper: invoices, credit notes, and the letters that bring them."""

from application.effects.effect import Errand, Notice
from application.effects.job import BillOrder, CreditRefund
from domain.invoices.events import CreditNoteIssued, InvoiceIssued
from domain.orders.events import OrderConfirmed, OrderPaid
from domain.payments.events import RefundRequested
from domain.values import SYSTEM

NOTICES = (
    Notice(InvoiceIssued, "invoice"),
    Notice(CreditNoteIssued, "credit_note"),
)


def bill(event: OrderConfirmed) -> BillOrder | None:
    """Where somebody else has confirmed it, the money is still to come."""
    return BillOrder(event.order_id) if event.by == SYSTEM.id else None


def bill_at_last(event: OrderPaid) -> BillOrder:
    return BillOrder(event.order_id)


def credit(event: RefundRequested) -> CreditRefund | None:
    return CreditRefund(event.payment_id, event.refund_id) if event.shares else None


ERRANDS = (
    Errand(OrderConfirmed, bill),
    Errand(OrderPaid, bill_at_last),
    Errand(RefundRequested, credit),
)

"""What follows from a supplier's invoice: its group hears of it, its buyer is reminded until the group's money has gone to the seller."""

from datetime import UTC, date, datetime, time, timedelta

from application.effects.effect import Deadline, Process
from domain.groups.commands import NoteInvoice
from domain.groups.events import GroupSettled
from domain.invoices.commands import RemindOfInvoice, SettleInvoice
from domain.invoices.events import InvoiceIssued
from domain.invoices.invoice import invoice_id
from domain.process import Owed

BEFORE = timedelta(days=-3)
AFTER = timedelta(days=3)
LAST = timedelta(days=14)
"""When reminders go out, from the day on which an invoice is due."""

MORNING = time(9, tzinfo=UTC)


def tell_group(event: InvoiceIssued) -> Owed:
    group = event.sale.order_id
    return [(group, NoteInvoice(group, event.invoice_id, event.at))] if event.sale.due_on else []


def settle(event: GroupSettled) -> Owed:
    id = invoice_id(event.group_id)
    return [(id, SettleInvoice(id, event.at))]


def morning(due_on: date, shift: timedelta) -> datetime:
    return datetime.combine(due_on + shift, MORNING)


def reminder(name: str, shift: timedelta) -> Deadline[InvoiceIssued]:
    def at(event: InvoiceIssued) -> datetime | None:
        return morning(event.sale.due_on, shift) if event.sale.due_on else None

    def remind(event: InvoiceIssued) -> Owed:
        moment = at(event)
        return [] if moment is None else [(event.invoice_id, RemindOfInvoice(event.invoice_id, moment))]

    return Deadline(InvoiceIssued, name, at, remind)


REACTIONS = (
    Process(InvoiceIssued, "tell_group", tell_group),
    reminder("remind_before", BEFORE),
    reminder("remind_after", AFTER),
    reminder("remind_at_last", LAST),
    Process(GroupSettled, "settle_invoice", settle),
)

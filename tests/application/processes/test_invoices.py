"""What follows from a supplier's invoice."""

from datetime import UTC, datetime
from uuid import UUID

from domain.groups.commands import NoteInvoice
from domain.groups.events import GroupSettled
from domain.invoices.commands import RemindOfInvoice, SettleInvoice
from tests.bdd import Happened
from tests.domain.invoices.bills import INVOICE, NOON, ORDER, SAM, issued, on_account


def test_a_group_hears_of_its_invoice_and_an_order_does_not():
    Happened(on_account).then((ORDER, NoteInvoice(ORDER, INVOICE, NOON)))
    Happened(issued).then()


def test_an_invoice_that_is_due_is_told_of_three_days_before_and_three_and_fourteen_days_after():
    for moment in (datetime(2026, 6, 28, 9, tzinfo=UTC), datetime(2026, 7, 4, 9, tzinfo=UTC), datetime(2026, 7, 15, 9, tzinfo=UTC)):
        Happened(on_account).later(moment, (INVOICE, RemindOfInvoice(INVOICE, moment)))
        Happened(issued).later(moment)


def test_a_settled_group_settles_its_invoice():
    given = Happened(GroupSettled(ORDER, UUID(int=5), SAM.id, "CHF", 1785, 178, NOON))
    settling = [command for each in given.reactions if each.name == "settle_invoice" for command in each.react(given.event)]
    assert settling == [(INVOICE, SettleInvoice(INVOICE, NOON))]

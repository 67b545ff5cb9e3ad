from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.invoices.commands import Pieces, RemindOfInvoice, SettleInvoice
from domain.invoices.events import CreditNoteIssued, InvoiceIssued, InvoiceReminded, Item, Sale
from domain.invoices.invoice import invoices
from tests.bdd import Given, erased
from tests.domain.invoices.bills import (
    BREAD,
    CLEO,
    FEE,
    INVOICE,
    MILK,
    NOON,
    ORDER,
    OTHER_REFUND,
    SALE,
    SAM,
    TODAY,
    TOTAL,
    credit,
    issue,
    issued,
    on_account,
    settled,
)


def credited(*history: InvoiceIssued | CreditNoteIssued, command: object) -> CreditNoteIssued:
    (event,) = invoices.decide(command, invoices.fold(history))  # pyright: ignore[reportArgumentType]
    assert isinstance(event, CreditNoteIssued)
    return event


def test_a_paid_order_is_billed_with_what_each_tax_rate_comes_to():
    Given(invoices).when(issue()).then(issued)


def test_an_order_is_billed_once_so_that_no_second_number_is_taken():
    Given(invoices, issued).when(issue("INV-2026-00002")).rejected("invoice_issued")


def test_nothing_is_billed_that_does_not_add_up():
    wrong = replace(SALE, items=(replace(MILK, tax=16),))
    Given(invoices).when(issue(sale=wrong)).rejected("totals_wrong")
    Given(invoices).when(issue(sale=replace(SALE, items=()))).rejected("totals_wrong")


def test_a_credit_note_gives_back_the_pieces_that_were_returned_with_their_tax():
    note = credited(issued, command=credit(390, Pieces(1, 2)))
    assert note.items == (replace(MILK, quantity=2, net=380, tax=10, total=390),)
    assert (note.net, note.tax, note.total, note.invoice_number) == (380, 10, 390, "INV-2026-00001")


def test_a_refund_of_everything_gives_back_every_line_and_the_delivery():
    note = credited(issued, command=credit(TOTAL))
    assert note.items == (MILK, replace(BREAD, discount=0), FEE)


def test_what_goes_beyond_the_returned_pieces_is_for_the_delivery():
    note = credited(issued, command=credit(585 + 200, Pieces(1, 3)))
    assert [(each.line, each.quantity, each.total) for each in note.items] == [(1, 3, 585), (0, 0, 200)]


def test_a_refund_that_names_nothing_is_a_part_of_everything():
    note = credited(issued, command=credit(100))
    assert [(each.line, each.quantity, each.total) for each in note.items] == [(1, 0, 33), (2, 0, 28), (0, 0, 39)]


def test_a_refund_is_credited_once():
    note = credited(issued, command=credit(100))
    Given(invoices, issued, note).when(credit(100)).rejected("refund_credited")


def test_no_more_is_given_back_than_was_billed():
    note = credited(issued, command=credit(TOTAL - 100))
    Given(invoices, issued, note).when(credit(101, refund=OTHER_REFUND)).rejected("credit_exceeds_invoice")
    Given(invoices, issued).when(credit(0)).rejected("amount_invalid")
    Given(invoices).when(credit(1)).rejected("invoice_not_found")


def test_people_who_are_forgotten_leave_their_invoices_numbered_and_summed():
    note = credited(erased(issued), command=credit(TOTAL))
    assert (note.number, note.total) == ("CN-2026-00001", TOTAL)


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    items: list[Item] = []
    for number in range(draw(st.integers(1, 4))):
        total = draw(st.integers(0, 5_000))
        tax = draw(st.integers(0, total))
        quantity = draw(st.integers(1, 7)) if number else 1
        items.append(Item(number, "Thing", "", quantity, 0, 0, total - tax, draw(st.sampled_from([0, 260, 810])), tax, total))
    return Sale(UUID(int=80), UUID(int=70), "EUR", tuple(items), "CH", TODAY, TODAY)


@given(sales(), st.data())
def test_whatever_is_given_back_in_whatever_parts_it_adds_up_to_what_was_billed(sale: Sale, data: st.DataObject):
    invoice = invoices.fold(invoices.decide(issue(sale=sale), invoices.initial))
    left, notes = sum(each.total for each in sale.items), []
    while left:
        amount = left if len(notes) == 5 else data.draw(st.integers(1, left))
        pieces = tuple(
            Pieces(each.line, data.draw(st.integers(1, each.quantity))) for each in sale.items if each.line and data.draw(st.booleans())
        )
        (note,) = invoices.decide(credit(amount, *pieces, refund=UUID(int=1000 + len(notes))), invoice)
        assert isinstance(note, CreditNoteIssued)
        assert (note.total, note.net + note.tax) == (amount, amount)
        assert all(each.net >= 0 and each.tax >= 0 and each.net + each.tax == each.total for each in note.items)
        assert sum(each.tax for each in note.taxes) == note.tax
        invoice, left = invoices.evolve(invoice, note), left - amount
        notes.append(note)
    for each in sale.items:
        back = [item for note in notes for item in note.items if item.line == each.line]
        assert (sum(item.total for item in back), sum(item.tax for item in back)) == (each.total, each.tax)


LATER = NOON + timedelta(days=33)


def reminder(open_: int, *, overdue: bool) -> InvoiceReminded:
    at = LATER if overdue else NOON
    return InvoiceReminded(INVOICE, "INV-2026-00001", SAM.id, CLEO.id, ORDER, "CHF", open_, date(2026, 7, 1), overdue, at)


def test_whoever_is_billed_before_he_pays_is_reminded_before_and_after_it_is_due():
    Given(invoices, on_account).when(RemindOfInvoice(INVOICE, NOON)).then(reminder(TOTAL, overdue=False))
    Given(invoices, on_account).when(RemindOfInvoice(INVOICE, LATER)).then(reminder(TOTAL, overdue=True))


def test_nobody_is_reminded_of_what_was_settled_or_given_back():
    note = credited(on_account, command=credit(TOTAL))
    for history in ((issued,), (on_account, settled), (on_account, note), ()):
        Given(invoices, *history).when(RemindOfInvoice(INVOICE, LATER)).then()


def test_a_reminder_is_about_what_was_not_given_back():
    note = credited(on_account, command=credit(585))
    Given(invoices, on_account, note).when(RemindOfInvoice(INVOICE, LATER)).then(reminder(TOTAL - 585, overdue=True))


def test_an_invoice_is_settled_once():
    Given(invoices, on_account).when(SettleInvoice(INVOICE, NOON)).then(settled)
    Given(invoices, on_account, settled).when(SettleInvoice(INVOICE, NOON)).then()
    Given(invoices, issued).when(SettleInvoice(INVOICE, NOON)).then()
    Given(invoices).when(SettleInvoice(INVOICE, NOON)).then()

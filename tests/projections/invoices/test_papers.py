from domain.invoices.commands import RemindOfInvoice
from domain.invoices.events import BillingDetailsSet
from domain.invoices.invoice import invoices
from domain.values import Money
from projections.invoices import billing, papers
from projections.invoices.billing import BillingPage
from projections.invoices.papers import Kind
from tests.bdd import Shown, erased
from tests.domain.invoices.bills import BUYER, INVOICE, NOON, REFUND, SAM, SELLER, TOTAL, credit, issued, on_account, settled

(note,) = invoices.decide(credit(585), invoices.fold([issued]))
details = BillingDetailsSet(SAM.id, "Sams Laden", SELLER.address, "CHE116281710MWST", "", "Thank you.", "Europe/Zurich", NOON)


def test_an_invoice_is_shown_as_it_was_issued():
    page = Shown(papers.view, issued).one
    assert (page.id, page.kind, page.number, page.total) == (INVOICE, Kind.INVOICE, "INV-2026-00001", Money(TOTAL, "CHF"))
    assert (page.seller, page.buyer, page.payment_id) == (SELLER, BUYER, issued.sale.payment_id)
    assert [(each.rate, each.tax) for each in page.taxes] == [(810, Money(52, "CHF")), (260, Money(28, "CHF"))]


def test_a_credit_note_is_a_paper_of_its_own_that_names_its_invoice():
    invoice, credited = Shown(papers.view, issued, note).documents.values()
    assert invoice == Shown(papers.view, issued).one
    assert (credited.kind, credited.invoice_id, credited.refund_id, credited.total) == (
        Kind.CREDIT_NOTE,
        INVOICE,
        REFUND,
        Money(585, "CHF"),
    )
    assert (credited.invoice_number, credited.reason) == ("INV-2026-00001", "damaged")


def test_a_paper_of_people_who_are_forgotten_keeps_its_figures_and_no_names():
    for page in Shown(papers.view, erased(issued), erased(note)).documents.values():
        assert (page.seller, page.buyer) == (None, None)
        assert page.total.amount in {TOTAL, 585}


def test_billing_details_are_shown_as_they_were_last_set():
    assert Shown(billing.view, details).one == BillingPage(
        "Sams Laden", SELLER.address, "CHE116281710MWST", "", "Thank you.", "Europe/Zurich"
    )
    assert Shown(billing.view, details, erased(details)).one == BillingPage(timezone="Europe/Zurich")


def test_what_is_billed_before_it_is_paid_shows_when_it_is_due_and_that_it_was_settled():
    (reminded,) = invoices.decide(RemindOfInvoice(INVOICE, NOON), invoices.fold([on_account]))
    page = Shown(papers.view, on_account, reminded, settled).one
    assert (page.due_on, page.reminders, page.settled_at, page.payment_id) == (on_account.sale.due_on, 1, NOON, None)

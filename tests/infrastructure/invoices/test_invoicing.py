import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from psycopg_pool import ConnectionPool

from application.invoices.sales import Unpaid
from application.jobs.ports import Refused, Skipped
from domain.decider import Rejected
from domain.invoices import book as numbering
from domain.invoices.billing import billing_id
from domain.invoices.commands import CreditInvoice, SetBillingDetails, TakeNumber
from domain.invoices.events import CreditNoteIssued, InvoiceIssued, NumberTaken, Series
from domain.invoices.invoice import Invoice, invoices
from domain.orders.commands import CancelLines, CancelOrder, ConfirmOrder
from domain.orders.events import OrderCancelled, OrderLinesCancelled, Part, Reason
from domain.values import ERASED, SYSTEM, Actor, Address, Role
from tests.infrastructure.invoices.office import CLEO, NOON, SAM, TOTAL, Office, payment_of
from tests.infrastructure.invoices.reading import pages

THREADS = 16
STAN = Actor(UUID(int=4), frozenset({Role.STAFF}))
SUE = Actor(UUID(int=3))
T = TypeVar("T")


@pytest.fixture
def office(pool: ConnectionPool[Any]) -> Office:
    return Office(pool)


def at_once(tasks: list[Callable[[], T]]) -> list[T]:
    """All in threads of their own, 16 at a time, the first 16 at the same moment."""
    barrier = Barrier(THREADS)

    def run(numbered: tuple[int, Callable[[], T]]) -> T:
        if numbered[0] < THREADS:
            barrier.wait()
        return numbered[1]()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, enumerate(tasks)))


def test_a_paid_order_has_an_invoice_with_its_number_and_its_file(office: Office):
    invoice = office.bill(office.paid())
    (paper,) = office.papers(invoice)
    assert isinstance(paper, InvoiceIssued)
    assert (paper.number, paper.total, paper.tax, paper.contact) == ("INV-2026-00001", TOTAL, 67, "cleo@example.org")
    assert [(each.line, each.tax_rate) for each in paper.sale.items] == [(1, 260), (0, 810)]
    file = office.archive.read(invoice)
    assert file is not None
    assert hashlib.sha256(file).hexdigest() == paper.sha256
    assert "INV-2026-00001" in pages(file)[0]


def test_sixteen_at_once_leave_no_gap_and_no_number_twice(office: Office):
    orders = [office.paid() for _ in range(2 * THREADS)]
    invoices = at_once([lambda order=order: office.bill(order) for order in orders])
    numbers = [office.papers(each)[0].number for each in invoices]
    assert sorted(numbers) == [f"INV-2026-{number:05d}" for number in range(1, len(orders) + 1)]
    taken = {each.ordinal: each.document_id for each in office.book()}
    assert taken == {int(number[-5:]): invoice for number, invoice in zip(numbers, invoices, strict=True)}


def test_without_the_rule_of_the_book_numbers_would_be_given_twice(office: Office, monkeypatch: pytest.MonkeyPatch):
    def careless(command: TakeNumber, _book: numbering.Book) -> list[NumberTaken]:
        return [NumberTaken(command.book_id, command.seller_id, command.series, command.year, command.ordinal, command.document_id, NOON)]

    monkeypatch.setattr(numbering.books, "decide", careless)
    orders = [office.paid() for _ in range(THREADS)]
    invoices = at_once([lambda order=order: office.bill(order) for order in orders])
    assert len({office.papers(each)[0].number for each in invoices}) < len(orders)


def test_the_same_order_billed_by_many_has_one_invoice_and_takes_one_number(office: Office):
    order = office.paid()
    assert len(set(at_once([lambda: office.bill(order)] * THREADS))) == 1
    office.bill(order)
    assert len(office.book()) == 1


def test_sellers_have_books_of_their_own(office: Office):
    sam, sue = office.bill(office.paid()), office.bill(office.paid(SUE))
    assert [office.papers(each)[0].number for each in (sam, sue)] == ["INV-2026-00001"] * 2


def test_the_year_turns_on_the_seller_s_clocks(office: Office):
    seat = Address("Sam", ("Seeweg 1",), "Zürich", "8002", "CH")
    details = SetBillingDetails(SAM.id, SAM, NOON, "Sams Laden", seat, "CHE-116.281.710 MWST", timezone="Europe/Zurich")
    office.give(billing_id(SAM.id), details)
    office.now = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    office.bill(office.paid())
    office.now = datetime(2026, 12, 31, 23, 1, tzinfo=UTC)
    (paper,) = office.papers(office.bill(office.paid()))
    assert isinstance(paper, InvoiceIssued)
    assert (paper.number, paper.issued_on) == ("INV-2027-00001", date(2027, 1, 1))
    assert (getattr(paper.seller, "name", ""), getattr(paper.seller, "vat_number", "")) == ("Sams Laden", "CHE116281710MWST")


def test_what_is_not_paid_is_not_billed(office: Office):
    order = office.placed()
    with pytest.raises(Unpaid):
        office.bill(order)
    office.give(order, ConfirmOrder(order, payment_of(order), STAN, office.now))
    with pytest.raises(Unpaid):
        office.bill(order)
    office.give(order, ConfirmOrder(order, payment_of(order), SYSTEM, office.now))
    assert office.papers(office.bill(order))[0].number == "INV-2026-00001"


def test_what_was_paid_too_late_and_went_back_is_neither_billed_nor_credited(office: Office):
    order = office.placed()
    office.give(order, CancelOrder(order, Reason.CHANGED_MIND, CLEO, office.now))
    office.give(order, ConfirmOrder(order, payment_of(order), SYSTEM, office.now))
    with pytest.raises(Skipped, match="paid_late"):
        office.bill(order)
    assert office.book() == []


def test_returned_pieces_are_credited_line_by_line_under_a_number_of_their_own(office: Office):
    order = office.paid()
    office.give(order, CancelLines(order, (Part(1, 2),), Reason.DAMAGED, STAN, office.now))
    cancelled = office.log.stream(order)[-1].event
    assert isinstance(cancelled, OrderLinesCancelled)
    office.credit(order, office.refund(order, cancelled.refund, cancelled.refund_id))
    invoice, note = office.papers(office.bill(order))
    assert isinstance(note, CreditNoteIssued)
    assert (invoice.number, note.number, note.invoice_number) == ("INV-2026-00001", "CN-2026-00001", "INV-2026-00001")
    assert [(each.line, each.quantity, each.total, each.tax) for each in note.items] == [(1, 2, 390, 10)]
    file = office.archive.read(note.credit_note_id)
    assert file is not None
    assert "CN-2026-00001" in pages(file)[0]


def test_an_order_that_is_cancelled_after_payment_is_credited_wholly_and_once(office: Office):
    order = office.paid()
    office.give(order, CancelOrder(order, Reason.OUT_OF_STOCK, STAN, office.now))
    cancelled = office.log.stream(order)[-1].event
    assert isinstance(cancelled, OrderCancelled)
    refund = office.refund(order, cancelled.refund, cancelled.refund_id)
    at_once([lambda: office.credit(order, refund)] * THREADS)
    _, note = office.papers(office.bill(order))
    assert (note.total, note.tax) == (TOTAL, 67)
    assert len(office.book(Series.CREDIT_NOTE)) == 1


def test_refunds_made_by_hand_are_credited_too_and_many_at_once_add_up(office: Office):
    order = office.paid()
    refunds = [office.refund(order, TOTAL // THREADS) for _ in range(THREADS - 1)]
    refunds.append(office.refund(order, TOTAL - TOTAL // THREADS * (THREADS - 1)))
    at_once([lambda refund=refund: office.credit(order, refund) for refund in refunds])
    _, *notes = office.papers(office.bill(order))
    assert (sum(each.total for each in notes), sum(each.tax for each in notes)) == (TOTAL, 67)
    assert [each.ordinal for each in office.book(Series.CREDIT_NOTE)] == list(range(1, THREADS + 1))


def test_a_refund_nobody_asked_for_is_not_credited(office: Office):
    with pytest.raises(Skipped, match="no_refund"):
        office.credit(office.paid(), uuid4())


def test_who_is_forgotten_is_still_on_the_file_that_the_law_wants_kept(office: Office, pool: ConnectionPool[Any]):
    invoice = office.bill(office.paid())
    with pool.connection() as connection:
        connection.execute("UPDATE personal_keys SET wrapped = NULL WHERE subject = %s", [CLEO.id])
    (paper,) = office.papers(invoice)
    assert isinstance(paper, InvoiceIssued)
    assert (paper.buyer, paper.contact) == (ERASED, ERASED)
    file = office.archive.read(invoice)
    assert file is not None
    assert "Cleo Weber" in pages(file)[0]


def forbidding(_command: CreditInvoice, _invoice: Invoice) -> list[CreditNoteIssued]:
    raise Rejected("credit_exceeds_invoice")


def test_what_a_rule_forbids_waits_for_a_person(office: Office, monkeypatch: pytest.MonkeyPatch):
    order = office.paid()
    refund = office.refund(order, 100)
    office.bill(order)
    monkeypatch.setattr(invoices, "decide", forbidding)
    with pytest.raises(Refused, match="credit_exceeds_invoice"):
        office.credit(order, refund)
    assert office.book(Series.CREDIT_NOTE) == []

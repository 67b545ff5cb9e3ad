"""A seller in Zürich, a buyer in Bern, an order of milk and bread: what tests of invoices speak of."""

from datetime import UTC, date, datetime
from uuid import UUID

from msgspec.structs import replace

from domain.invoices import commands as c
from domain.invoices import events as e
from domain.invoices.book import book_id
from domain.invoices.invoice import credit_note_id, invoice_id
from domain.values import Actor, Address, Role

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = date(2026, 6, 1)
SAM = Actor(UUID(int=2), frozenset({Role.SELLER}))
CLEO = Actor(UUID(int=1), frozenset({Role.CUSTOMER}))
ADA = Actor(UUID(int=9), frozenset({Role.ADMIN}))

ORDER, PAYMENT, REFUND, OTHER_REFUND = (UUID(int=number) for number in (80, 70, 72, 73))
INVOICE = invoice_id(ORDER)
BOOK = book_id(SAM.id, e.Series.INVOICE, 2026)

SELLER = e.Party("Sams Laden", Address("Sams Laden", ("Seeweg 1",), "Zürich", "8002", "CH"), "CHE116281710MWST")
BUYER = e.Party("Cleo Weber", Address("Cleo Weber", ("Altweg 3",), "Bern", "3011", "CH"))

MILK = e.Item(1, "Milk", "MILK-1", 3, 195, 0, 570, 260, 15, 585)
BREAD = e.Item(2, "Bread", "BREAD-1", 1, 540, 40, 487, 260, 13, 500)
FEE = e.Item(0, "Delivery", "", 1, 700, 0, 648, 810, 52, 700)
SALE = e.Sale(ORDER, PAYMENT, "CHF", (MILK, BREAD, FEE), "CH", TODAY, TODAY)
TOTAL = 1785


def issue(number: str = "INV-2026-00001", sale: e.Sale = SALE) -> c.IssueInvoice:
    return c.IssueInvoice(INVOICE, number, SAM.id, CLEO.id, sale, SELLER, BUYER, "cleo@example.org", "", TODAY, NOON)


def credit(amount: int, *pieces: c.Pieces, refund: UUID = REFUND) -> c.CreditInvoice:
    return c.CreditInvoice(INVOICE, credit_note_id(ORDER, refund), "CN-2026-00001", refund, amount, pieces, "damaged", TODAY, NOON)


issued = e.InvoiceIssued(
    INVOICE,
    "INV-2026-00001",
    SAM.id,
    CLEO.id,
    SALE,
    1705,
    80,
    TOTAL,
    (e.TaxTotal(810, 648, 52), e.TaxTotal(260, 1057, 28)),
    SELLER,
    BUYER,
    "cleo@example.org",
    "",
    TODAY,
    NOON,
)

GROUP_SALE = e.Sale(ORDER, None, "CHF", (MILK, BREAD, FEE), "CH", TODAY, None, due_on=date(2026, 7, 1))
on_account = replace(issued, sale=GROUP_SALE)
settled = e.InvoiceSettled(INVOICE, NOON)

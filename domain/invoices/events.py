"""What has happened to invoices, to the books that number them, and to what people want to stand on them. Amounts are minor units."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain.values import Address, Erased, Personal, Value


class Series(StrEnum):
    """Invoices and credit notes are numbered apart."""

    INVOICE = "INV"
    CREDIT_NOTE = "CN"


class Party(Value, frozen=True, tag="party"):
    """Whoever a paper is from or to, as it names him; `registration` is a number in a trade register or with a tax office."""

    name: str
    address: Address | None = None
    vat_number: str = ""
    registration: str = ""


class Item(Value, frozen=True):
    """A line of a paper: as in `domain.trade.OrderLine`; line 0 is the delivery. A `quantity` of 0 is a price reduction."""

    line: int
    title: str
    sku: str
    quantity: int
    unit_price: int
    discount: int
    net: int
    tax_rate: int
    tax: int
    total: int


class TaxTotal(Value, frozen=True):
    """What the items of one rate (in basis points) come to."""

    rate: int
    net: int
    tax: int


class Sale(Value, frozen=True):
    """What was sold: `tax_place` is the country whose tax it is, `reverse_charge` says that the buyer owes it there himself.

    An order is billed when it was paid. A group's goods are billed before: then `due_on` is the day by which they are to be paid, and
    `order_id` is the group's. Of a member's `tier` the platform bills a charge that was made, which `order_id` names.
    """

    order_id: UUID
    payment_id: UUID | None
    currency: str
    items: tuple[Item, ...]
    tax_place: str
    ordered_on: date
    paid_on: date | None
    reverse_charge: bool = False
    due_on: date | None = None
    tier: str = ""


class InvoiceIssued(Value, frozen=True):
    """`issued_on` is a day on the seller's clocks; `sha256` is that of the PDF, in hexadecimal. A guest's letter goes to `contact`."""

    invoice_id: UUID
    number: str
    seller_id: UUID
    buyer_id: UUID
    sale: Sale
    net: int
    tax: int
    total: int
    taxes: tuple[TaxTotal, ...]
    seller: Personal[Party | Erased, "seller_id"]
    buyer: Personal[Party | Erased, "buyer_id"]
    contact: Personal[str | Erased, "buyer_id"]
    terms: Personal[str | Erased, "seller_id"]
    issued_on: date
    at: datetime
    guest: bool = False
    sha256: str = ""


class CreditNoteIssued(Value, frozen=True):
    """Part of an invoice, or all of it, is given back; what it says of the parties is what the invoice says."""

    credit_note_id: UUID
    number: str
    invoice_id: UUID
    invoice_number: str
    invoiced_on: date
    refund_id: UUID
    order_id: UUID
    seller_id: UUID
    buyer_id: UUID
    currency: str
    items: tuple[Item, ...]
    net: int
    tax: int
    total: int
    taxes: tuple[TaxTotal, ...]
    reason: str
    seller: Personal[Party | Erased, "seller_id"]
    buyer: Personal[Party | Erased, "buyer_id"]
    contact: Personal[str | Erased, "buyer_id"]
    terms: Personal[str | Erased, "seller_id"]
    issued_on: date
    at: datetime
    tax_place: str = ""
    reverse_charge: bool = False
    guest: bool = False
    sha256: str = ""


class InvoiceReminded(Value, frozen=True):
    """What is due on `due_on`, or was, is still to be paid: `open` is how much."""

    invoice_id: UUID
    number: str
    seller_id: UUID
    buyer_id: UUID
    order_id: UUID
    currency: str
    open: int
    due_on: date
    overdue: bool
    at: datetime


class InvoiceSettled(Value, frozen=True):
    """What was billed before it was paid has been paid since."""

    invoice_id: UUID
    at: datetime


Paper = InvoiceIssued | CreditNoteIssued
InvoiceEvent = InvoiceIssued | CreditNoteIssued | InvoiceReminded | InvoiceSettled


def document_id(paper: Paper) -> UUID:
    return paper.invoice_id if isinstance(paper, InvoiceIssued) else paper.credit_note_id


class NumberTaken(Value, frozen=True):
    """The next number of a seller's series in a year; `document_id` is the invoice or credit note that bears it."""

    book_id: UUID
    seller_id: UUID
    series: Series
    year: int
    ordinal: int
    document_id: UUID
    at: datetime


class BillingDetailsSet(Value, frozen=True):
    """What stands on a person's papers from now on, as seller or buyer; `timezone` is the one whose days and years they are dated by."""

    user_id: UUID
    name: Personal[str | Erased, "user_id"]
    address: Personal[Address | Erased | None, "user_id"]
    vat_number: Personal[str | Erased, "user_id"]
    registration: Personal[str | Erased, "user_id"]
    terms: Personal[str | Erased, "user_id"]
    timezone: str
    at: datetime

"""What can be asked of invoices, the books that number them, and billing details."""

from datetime import date, datetime
from uuid import UUID

from domain.invoices.events import Party, Sale, Series
from domain.values import Actor, Address, Erased, Value


class IssueInvoice(Value, frozen=True):
    """Bill a paid order, under a number taken from the seller's book in the same append; fields as in `InvoiceIssued`."""

    invoice_id: UUID
    number: str
    seller_id: UUID
    buyer_id: UUID
    sale: Sale
    seller: Party | Erased
    buyer: Party | Erased
    contact: str | Erased
    terms: str | Erased
    issued_on: date
    now: datetime
    guest: bool = False
    sha256: str = ""


class Pieces(Value, frozen=True):
    """So many pieces of an invoice's line."""

    line: int
    quantity: int


class CreditInvoice(Value, frozen=True):
    """Give back `amount` of an invoice: for these `pieces` where the refund names them, else for a part of everything."""

    invoice_id: UUID
    credit_note_id: UUID
    number: str
    refund_id: UUID
    amount: int
    pieces: tuple[Pieces, ...]
    reason: str
    issued_on: date
    now: datetime
    sha256: str = ""


class RemindOfInvoice(Value, frozen=True):
    """Nothing where it was settled or given back meanwhile."""

    invoice_id: UUID
    now: datetime


class SettleInvoice(Value, frozen=True):
    """What was billed before it was paid is paid now."""

    invoice_id: UUID
    now: datetime


InvoiceCommand = IssueInvoice | CreditInvoice | RemindOfInvoice | SettleInvoice


class TakeNumber(Value, frozen=True):
    """`ordinal` is the next one as it was seen; another may have taken it meanwhile."""

    book_id: UUID
    seller_id: UUID
    series: Series
    year: int
    ordinal: int
    document_id: UUID
    now: datetime


class SetBillingDetails(Value, frozen=True):
    """All of them at once; what is empty is left out of papers, or taken from the profile."""

    user_id: UUID
    by: Actor
    now: datetime
    name: str = ""
    address: Address | None = None
    vat_number: str = ""
    registration: str = ""
    terms: str = ""
    timezone: str = "UTC"

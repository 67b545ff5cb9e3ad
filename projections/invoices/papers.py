"""Invoices and credit notes as their sellers and buyers see them: one list of everything that was billed and given back."""

from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from domain.invoices.events import CreditNoteIssued, InvoiceEvent, InvoiceIssued, InvoiceReminded, InvoiceSettled, Item, Party, TaxTotal
from domain.values import Actor, Erased, Money, Role, Value
from projections.sql import ALL, Order, Where, equals
from projections.view import View

P = TypeVar("P", bound=Value)


class Kind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class Row(Value, frozen=True):
    """Line 0 is the delivery; a `quantity` of 0 is a price reduction. `taxRate` is in basis points."""

    line: int
    title: str
    sku: str
    quantity: int
    unit_price: Money
    discount: Money
    net: Money
    tax_rate: int
    tax: Money
    total: Money


class RateTotal(Value, frozen=True):
    """What the rows of one tax rate (in basis points) come to."""

    rate: int
    net: Money
    tax: Money


class PaperPage(Value, frozen=True):
    """A credit note names its `invoiceId`, its `refundId` and the `reason`. Parties are null once they are forgotten.

    `issuedOn` is a day on the seller's clocks, `sha256` that of the PDF, in hexadecimal. A supplier's invoice for a group names the
    group as its order, and is due on `dueOn` until it is settled; `reminders` counts the letters about it. The platform's for a `tier`
    names the charge as its order.
    """

    id: UUID
    kind: Kind
    number: str
    order_id: UUID
    seller_id: UUID
    buyer_id: UUID
    items: tuple[Row, ...]
    net: Money
    tax: Money
    total: Money
    taxes: tuple[RateTotal, ...]
    tax_place: str
    reverse_charge: bool
    seller: Party | None
    buyer: Party | None
    issued_on: date
    issued_at: datetime
    sha256: str
    payment_id: UUID | None = None
    invoice_id: UUID | None = None
    invoice_number: str = ""
    refund_id: UUID | None = None
    reason: str = ""
    due_on: date | None = None
    settled_at: datetime | None = None
    reminders: int = 0
    tier: str = ""


def evolve(paper: PaperPage | None, event: InvoiceEvent) -> PaperPage | None:
    match event:
        case InvoiceReminded():
            return replace(paper, reminders=paper.reminders + 1) if paper else None
        case InvoiceSettled():
            return replace(paper, settled_at=event.at) if paper else None
        case InvoiceIssued(sale=sale):
            return PaperPage(
                event.invoice_id,
                Kind.INVOICE,
                event.number,
                sale.order_id,
                event.seller_id,
                event.buyer_id,
                tuple(row(each, sale.currency) for each in sale.items),
                Money(event.net, sale.currency),
                Money(event.tax, sale.currency),
                Money(event.total, sale.currency),
                tuple(rate(each, sale.currency) for each in event.taxes),
                sale.tax_place,
                sale.reverse_charge,
                known(event.seller),
                known(event.buyer),
                event.issued_on,
                event.at,
                event.sha256,
                payment_id=sale.payment_id,
                due_on=sale.due_on,
                tier=sale.tier,
            )
        case CreditNoteIssued(currency=currency):
            return PaperPage(
                event.credit_note_id,
                Kind.CREDIT_NOTE,
                event.number,
                event.order_id,
                event.seller_id,
                event.buyer_id,
                tuple(row(each, currency) for each in event.items),
                Money(event.net, currency),
                Money(event.tax, currency),
                Money(event.total, currency),
                tuple(rate(each, currency) for each in event.taxes),
                event.tax_place,
                event.reverse_charge,
                known(event.seller),
                known(event.buyer),
                event.issued_on,
                event.at,
                event.sha256,
                invoice_id=event.invoice_id,
                invoice_number=event.invoice_number,
                refund_id=event.refund_id,
                reason=event.reason,
            )


def row(item: Item, currency: str) -> Row:
    return Row(
        item.line,
        item.title,
        item.sku,
        item.quantity,
        Money(item.unit_price, currency),
        Money(item.discount, currency),
        Money(item.net, currency),
        item.tax_rate,
        Money(item.tax, currency),
        Money(item.total, currency),
    )


def rate(total: TaxTotal, currency: str) -> RateTotal:
    return RateTotal(total.rate, Money(total.net, currency), Money(total.tax, currency))


def known(value: P | Erased) -> P | None:
    return None if isinstance(value, Erased) else value


def paper_of(event: InvoiceEvent) -> UUID:
    return event.credit_note_id if isinstance(event, CreditNoteIssued) else event.invoice_id


view = View(
    "papers",
    PaperPage,
    key=paper_of,
    evolve=evolve,
    events=(InvoiceIssued, CreditNoteIssued, InvoiceReminded, InvoiceSettled),
    columns={"seller_id": "uuid", "buyer_id": "uuid", "order_id": "uuid", "kind": "text", "number": "text", "issued_at": "timestamptz"},
    indexes=("seller_id, issued_at DESC, key DESC", "buyer_id, issued_at DESC, key DESC", "order_id", "issued_at DESC, key DESC"),
)

NEWEST_FIRST = Order(("issued_at",))


def visible_to(by: Actor) -> Where:
    """A seller's and a buyer's own; all of them for admins and auditors."""
    if by.is_any(Role.ADMIN, Role.AUDITOR):
        return ALL
    return Where("buyer_id = %(caller)s OR seller_id = %(caller)s", {"caller": by.id})


def legible_to(by: Actor) -> Where:
    """The paper itself, which names people: where one of them was forgotten, for admins and auditors alone."""
    if by.is_any(Role.ADMIN, Role.AUDITOR):
        return ALL
    return Where("document->>'seller' IS NOT NULL AND document->>'buyer' IS NOT NULL")


def given_by(seller_id: UUID) -> Where:
    return equals("seller_id", seller_id)


def got_by(buyer_id: UUID) -> Where:
    return equals("buyer_id", buyer_id)


def asked_for(order_id: UUID | None, kind: Kind | None) -> Where:
    where = ALL if order_id is None else equals("order_id", order_id)
    return where if kind is None else where & equals("kind", kind)

"""An invoice: what a seller bills for one order or one group's goods, once, and what of it he gives back by credit notes."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.invoices.commands import CreditInvoice, InvoiceCommand, IssueInvoice, RemindOfInvoice, SettleInvoice
from domain.invoices.events import CreditNoteIssued, InvoiceEvent, InvoiceIssued, InvoiceReminded, InvoiceSettled, Paper, Party, Sale
from domain.invoices.totals import Credited, after, credited, tax_totals
from domain.values import Erased, Value

INVOICES = UUID("8f1f4d52-2a86-5f0c-b1c9-6f2b8f3d7e21")


class Unissued(Value, frozen=True, tag=True):
    pass


class Issued(Value, frozen=True, tag=True):
    """`credited` is what of each line was given back, `refunds` by which refunds; `settled`: nothing is to be paid any more."""

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
    guest: bool = False
    credited: Mapping[int, Credited] = {}
    refunds: frozenset[UUID] = frozenset()
    settled: bool = False

    @property
    def open(self) -> int:
        """What is still to be paid of it."""
        given_back = sum(each.total for each in self.credited.values())
        return 0 if self.settled else sum(each.total for each in self.sale.items) - given_back


Invoice = Unissued | Issued


def invoice_id(order_id: UUID) -> UUID:
    """An order is billed once."""
    return uuid5(INVOICES, str(order_id))


def credit_note_id(order_id: UUID, refund_id: UUID) -> UUID:
    """One refund may pay back parts of several orders."""
    return uuid5(INVOICES, f"{order_id}:{refund_id}")


def decide(command: InvoiceCommand, invoice: Invoice) -> list[InvoiceEvent]:
    match command, invoice:
        case ((IssueInvoice() | CreditInvoice()), _):
            return [paper(command, invoice)]
        case ((RemindOfInvoice() | SettleInvoice()), Unissued()):
            return []
        case RemindOfInvoice(), Issued():
            return reminded(command, invoice)
        case SettleInvoice(), Issued():
            return [] if invoice.settled else [InvoiceSettled(invoice.invoice_id, command.now)]


def paper(command: IssueInvoice | CreditInvoice, invoice: Invoice) -> Paper:
    match command, invoice:
        case IssueInvoice(), Unissued():
            return issue(command)
        case IssueInvoice(), Issued():
            raise Rejected("invoice_issued", f"It is {invoice.number}.")  # refused, so that no second number is taken with it
        case CreditInvoice(), Unissued():
            raise Rejected("invoice_not_found")
        case CreditInvoice(), Issued():
            if command.refund_id in invoice.refunds:
                raise Rejected("refund_credited", "There is a credit note for this refund.")
            return credit(command, invoice)


def issue(command: IssueInvoice) -> InvoiceIssued:
    items = command.sale.items
    if not items or any(each.net + each.tax != each.total for each in items):
        raise Rejected("totals_wrong", "The parts of the invoice do not add up.")
    return InvoiceIssued(
        command.invoice_id,
        command.number,
        command.seller_id,
        command.buyer_id,
        command.sale,
        sum(each.net for each in items),
        sum(each.tax for each in items),
        sum(each.total for each in items),
        tax_totals(items),
        command.seller,
        command.buyer,
        command.contact,
        command.terms,
        command.issued_on,
        command.now,
        command.guest,
        command.sha256,
    )


def reminded(command: RemindOfInvoice, invoice: Issued) -> list[InvoiceEvent]:
    sale = invoice.sale
    if sale.due_on is None or not invoice.open:
        return []
    return [
        InvoiceReminded(
            invoice.invoice_id,
            invoice.number,
            invoice.seller_id,
            invoice.buyer_id,
            sale.order_id,
            sale.currency,
            invoice.open,
            sale.due_on,
            command.now.date() > sale.due_on,
            command.now,
        )
    ]


def credit(command: CreditInvoice, invoice: Issued) -> CreditNoteIssued:
    if command.amount <= 0:
        raise Rejected("amount_invalid")
    sale = invoice.sale
    items = credited(sale.items, invoice.credited, command.pieces, command.amount)
    return CreditNoteIssued(
        command.credit_note_id,
        command.number,
        invoice.invoice_id,
        invoice.number,
        invoice.issued_on,
        command.refund_id,
        sale.order_id,
        invoice.seller_id,
        invoice.buyer_id,
        sale.currency,
        items,
        sum(each.net for each in items),
        sum(each.tax for each in items),
        sum(each.total for each in items),
        tax_totals(items),
        command.reason,
        invoice.seller,
        invoice.buyer,
        invoice.contact,
        invoice.terms,
        command.issued_on,
        command.now,
        sale.tax_place,
        sale.reverse_charge,
        invoice.guest,
        command.sha256,
    )


def evolve(invoice: Invoice, event: InvoiceEvent) -> Invoice:
    match event, invoice:
        case InvoiceIssued(), _:
            return Issued(
                event.invoice_id,
                event.number,
                event.seller_id,
                event.buyer_id,
                event.sale,
                event.seller,
                event.buyer,
                event.contact,
                event.terms,
                event.issued_on,
                event.guest,
                settled=event.sale.due_on is None,
            )
        case InvoiceSettled(), Issued():
            return replace(invoice, settled=True)
        case CreditNoteIssued(items=items, refund_id=refund), Issued():
            return replace(invoice, credited=after(invoice.credited, items), refunds=invoice.refunds | {refund})
        case _:
            return invoice


invoices = Decider("invoice", Unissued(), decide, evolve)

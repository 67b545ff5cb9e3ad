"""Invoices and credit notes, mailed to whom they are for, with the paper itself."""

from datetime import date

from application.invoices.ports import Archive
from application.jobs.draft import Draft
from application.jobs.letters.facts import money, order_number
from application.jobs.letters.orders import Guests
from application.jobs.ports import Attachment, Skipped
from domain.invoices.events import CreditNoteIssued, InvoiceIssued, InvoiceReminded, document_id


class InvoiceLetters:
    def __init__(self, archive: Archive, guests: Guests, site: str) -> None:
        self._archive = archive
        self._guests = guests
        self._site = site

    def paper(self, event: InvoiceIssued | CreditNoteIssued) -> Draft:
        """To the buyer; to a guest's own address where he is no user."""
        file = self._archive.read(document_id(event))
        if file is None:
            raise Skipped("no_longer_kept")
        order_id, currency = (
            (event.sale.order_id, event.sale.currency) if isinstance(event, InvoiceIssued) else (event.order_id, event.currency)
        )
        tier = event.sale.tier if isinstance(event, InvoiceIssued) else ""
        facts = {
            "number": event.number,
            "order": order_number(order_id),
            "total": money(event.total, currency),
            "invoice": event.invoice_number if isinstance(event, CreditNoteIssued) else event.number,
            "due": due(event),
            "tier": tier.capitalize(),
            "link": self._link(event) if event.guest else "",
        }
        attached = (Attachment(f"{event.number}.pdf", "application/pdf", file),)
        about = "account" if tier else "order"
        return Draft(event.buyer_id, about, facts, guest=event.contact if event.guest else None, attached=attached)

    def _link(self, event: InvoiceIssued | CreditNoteIssued) -> str:
        """Where a guest, who has no account, finds the paper again."""
        return f"{self._site}/v1/invoices/{document_id(event)}/pdf?token={self._guests.sign(event.buyer_id)}"

    def reminder(self, event: InvoiceReminded) -> Draft:
        """To whom it was billed, with the paper once more."""
        file = self._archive.read(event.invoice_id)
        if file is None:
            raise Skipped("no_longer_kept")
        facts = {
            "number": event.number,
            "order": order_number(event.order_id),
            "open": money(event.open, event.currency),
            "due": day(event.due_on),
            "overdue": "yes" if event.overdue else "",
        }
        return Draft(event.buyer_id, "order", facts, attached=(Attachment(f"{event.number}.pdf", "application/pdf", file),))


def due(event: InvoiceIssued | CreditNoteIssued) -> str:
    """When a group's invoice is to be paid; nothing where it was paid before."""
    return day(event.sale.due_on) if isinstance(event, InvoiceIssued) and event.sale.due_on else ""


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"

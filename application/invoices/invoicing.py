"""Makes invoices and credit notes: number, paper and file in one append, so that none is ever there without the others."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from application.handler import Handler
from application.invoices.ports import Archive, Printer
from application.invoices.sales import called, numbered, paid, party, returned, sale_of, seated
from application.jobs.ports import History, Refused, Skipped
from application.ports import Clock, Conflict, Meta
from domain.decider import Rejected
from domain.invoices.billing import billing_details, billing_id, day_of
from domain.invoices.book import book_id, books, number
from domain.invoices.commands import CreditInvoice, IssueInvoice, TakeNumber
from domain.invoices.events import Series
from domain.invoices.invoice import Issued, credit_note_id, invoice_id, invoices
from domain.invoices.invoice import paper as paper_of
from domain.payments.events import RefundRequested
from domain.trade import Share
from domain.users.user import users
from domain.values import SYSTEM

ATTEMPTS = 200
"""How often another paper of the same seller may take the number first, which it does by being made: so few are ever needed."""

Numbered = Callable[[str], IssueInvoice | CreditInvoice]


class Invoicing:
    """Papers are dated by the seller's clocks at the moment when they are made, and numbered in the book of that year."""

    def __init__(self, handle: Handler, history: History, printer: Printer, archive: Archive, clock: Clock) -> None:
        self._handle = handle
        self._history = history
        self._print = printer
        self._archive = archive
        self._clock = clock

    def bill(self, order_id: UUID, correlation_id: UUID, causation_id: UUID) -> UUID:
        """The invoice of a paid order, made if there is none yet.

        Raises `Skipped` where nothing was sold, and `application.invoices.sales.Unpaid` where the order has not heard of its money.
        """
        id, sold = invoice_id(order_id), paid(self._history, order_id)
        seller_id, buyer_id = sold.placed.seller_id, sold.placed.buyer_id
        sellers, buyers = billing_id(seller_id), billing_id(buyer_id)
        states = self._handle.states([(id, invoices), (sellers, billing_details), (buyers, billing_details), (seller_id, users)])
        if isinstance(states[id], Issued):
            return id
        seller, buyer, now = states[sellers], states[buyers], self._clock()
        today = day_of(now, seller)
        command = IssueInvoice(
            id,
            "",
            seller_id,
            buyer_id,
            sale_of(sold, seller),
            party(seller, *seated(states[seller_id])),
            numbered(party(buyer, *called(sold.order.address)), sold.placed.vat_number),
            sold.order.contact,
            seller.terms,
            today,
            now,
            sold.placed.guest,
        )
        meta = Meta(uuid5(id, "issue"), SYSTEM.id, correlation_id, causation_id)
        self.issue(Series.INVOICE, seller_id, today, id, lambda given: replace(command, number=given), meta)
        return id

    def credit(self, payment_id: UUID, refund_id: UUID, correlation_id: UUID, causation_id: UUID) -> None:
        """A credit note for each order that a refund gives money back of; as `bill`, which it does first where that is yet to be done."""
        asked = self._refund(payment_id, refund_id)
        if not asked.shares:
            raise Skipped("nothing_sold")  # money that came twice or in a wrong amount was never billed
        for share in asked.shares:
            if share.amount:
                self.bill(share.order_id, correlation_id, causation_id)
                self._credit(share, asked, correlation_id, causation_id)

    def _credit(self, share: Share, asked: RefundRequested, correlation_id: UUID, causation_id: UUID) -> None:
        stream, id = invoice_id(share.order_id), credit_note_id(share.order_id, asked.refund_id)
        sellers = billing_id(share.seller_id)
        states = self._handle.states([(stream, invoices), (sellers, billing_details)])
        if asked.refund_id in states[stream].refunds:
            return
        pieces, now = returned(self._history, share.order_id, asked.refund_id), self._clock()
        today = day_of(now, states[sellers])
        command = CreditInvoice(stream, id, "", asked.refund_id, share.amount, pieces, asked.reason, today, now)
        meta = Meta(uuid5(id, "credit"), SYSTEM.id, correlation_id, causation_id)
        self.issue(Series.CREDIT_NOTE, share.seller_id, today, id, lambda given: replace(command, number=given), meta)

    def _refund(self, payment_id: UUID, refund_id: UUID) -> RefundRequested:
        for each in self._history.stream(payment_id):
            match each.event:
                case RefundRequested() as asked if asked.refund_id == refund_id:
                    return asked
                case _:
                    pass
        raise Skipped("no_refund")

    def issue(self, series: Series, seller_id: UUID, today: date, id: UUID, command: Numbered, meta: Meta) -> None:
        """Give the command with the next number of the series, and again with the one after where somebody else was first."""
        book, now = book_id(seller_id, series, today.year), self._clock()
        for _ in range(ATTEMPTS):
            ordinal = self._handle.state(book, books).last + 1
            take = TakeNumber(book, seller_id, series, today.year, ordinal, id, now)
            try:
                self._append(take, command(number(series, today.year, ordinal)), id, meta)
            except Rejected as rejected:
                if rejected.code == "number_taken":
                    continue
                if rejected.code not in {"invoice_issued", "refund_credited"}:
                    raise Refused(str(rejected)) from None
            return
        raise Conflict

    def _append(self, take: TakeNumber, command: IssueInvoice | CreditInvoice, id: UUID, meta: Meta) -> None:
        invoice: Any = self._handle.state(command.invoice_id, invoices)
        paper = paper_of(command, invoice)
        pdf = self._print(paper)
        proved = replace(command, sha256=hashlib.sha256(pdf).hexdigest())
        kept = self._archive.keep(id, paper.issued_on.year, pdf)
        self._handle.together([(take.book_id, take), (command.invoice_id, proved)], meta, rows=[kept])

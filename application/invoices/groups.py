"""Makes the invoice that a supplier gives a group's organiser for all of its goods, and the credit notes to it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from application.effects.job import BillGroup, CreditGroup, CreditIssue, GroupPaperwork
from application.handler import Handler
from application.invoices.invoicing import Invoicing
from application.invoices.sales import party, seated
from application.jobs.ports import History, Skipped
from application.ports import Clock, Meta
from domain.groups.events import GroupAccepted, GroupFailed, GroupOpened
from domain.groups.supply.events import QualityIssueResolved
from domain.invoices.billing import Billing, billing_details, billing_id, day_of
from domain.invoices.commands import CreditInvoice, IssueInvoice
from domain.invoices.events import Item, Party, Sale, Series
from domain.invoices.invoice import Issued, credit_note_id, invoice_id, invoices
from domain.orders.taxes import split, taxes_in
from domain.suppliers.supplier import Company, Supplier, suppliers
from domain.users.user import User, users
from domain.values import SYSTEM, Erased

TERM = timedelta(days=30)
"""How long after its day of issue an invoice is due."""

QUALITY = "quality"
FAILED = "group_failed"


class Agreed(Struct, frozen=True):
    """A group whose supplier's price was accepted."""

    opened: GroupOpened
    accepted: GroupAccepted


class GroupInvoicing:
    """Papers are dated by the seller's clocks, and numbered in the same books as his other ones."""

    def __init__(self, handle: Handler, history: History, invoicing: Invoicing, clock: Clock) -> None:
        self._handle = handle
        self._history = history
        self._invoicing = invoicing
        self._clock = clock

    def __call__(self, work: GroupPaperwork, correlation_id: UUID, causation_id: UUID) -> None:
        """Raises `Skipped` where there is no paper to be made."""
        match work:
            case BillGroup(group_id):
                if self._failed(group_id):
                    raise Skipped("group_failed")
                self._bill(group_id, correlation_id, causation_id)
            case CreditIssue(group_id, shipment_id, issue_id):
                self._bill(group_id, correlation_id, causation_id)
                amount = self._conceded(shipment_id, issue_id)
                self._credit(group_id, issue_id, amount, QUALITY, correlation_id, causation_id)
            case CreditGroup(group_id):
                invoice = self._handle.state(invoice_id(group_id), invoices)
                if not isinstance(invoice, Issued) or not invoice.open:
                    raise Skipped("nothing_billed")
                self._credit(group_id, uuid5(group_id, FAILED), invoice.open, FAILED, correlation_id, causation_id)

    def _bill(self, group_id: UUID, correlation_id: UUID, causation_id: UUID) -> None:
        id, agreed = invoice_id(group_id), self._agreed(group_id)
        seller_id, buyer_id = agreed.accepted.seller_id, agreed.accepted.organiser_id
        company = agreed.accepted.supplier_id
        sellers, buyers = billing_id(seller_id), billing_id(buyer_id)
        states = self._handle.states(
            [
                (id, invoices),
                (sellers, billing_details),
                (buyers, billing_details),
                (seller_id, users),
                (buyer_id, users),
                (company, suppliers),
            ]
        )
        if isinstance(states[id], Issued):
            return
        seller, now = states[sellers], self._clock()
        today = day_of(now, seller)
        giver = supplying(seller, states[company], states[seller_id])
        command = IssueInvoice(
            id,
            "",
            seller_id,
            buyer_id,
            sale_of(agreed, seller, giver, due_in=TERM),
            giver,
            party(states[buyers], *seated(states[buyer_id])),
            "",
            seller.terms,
            today,
            now,
        )
        meta = Meta(uuid5(id, "issue"), SYSTEM.id, correlation_id, causation_id)
        self._invoicing.issue(Series.INVOICE, seller_id, today, id, lambda given: replace(command, number=given), meta)

    def _credit(self, group_id: UUID, refund_id: UUID, amount: int, reason: str, correlation_id: UUID, causation_id: UUID) -> None:
        stream, id = invoice_id(group_id), credit_note_id(group_id, refund_id)
        invoice: Any = self._handle.state(stream, invoices)
        if refund_id in invoice.refunds:
            return
        now = self._clock()
        today = day_of(now, self._handle.state(billing_id(invoice.seller_id), billing_details))
        command = CreditInvoice(stream, id, "", refund_id, amount, (), reason, today, now)
        meta = Meta(uuid5(id, "credit"), SYSTEM.id, correlation_id, causation_id)
        self._invoicing.issue(Series.CREDIT_NOTE, invoice.seller_id, today, id, lambda given: replace(command, number=given), meta)

    def _agreed(self, group_id: UUID) -> Agreed:
        events = [each.event for each in self._history.stream(group_id)]
        accepted = next((each for each in events if isinstance(each, GroupAccepted)), None)
        if accepted is None or not isinstance(events[0], GroupOpened):
            raise Skipped("nothing_agreed")
        return Agreed(events[0], accepted)

    def _failed(self, group_id: UUID) -> bool:
        return any(isinstance(each.event, GroupFailed) for each in self._history.stream(group_id))

    def _conceded(self, shipment_id: UUID, issue_id: UUID) -> int:
        for each in self._history.stream(shipment_id):
            match each.event:
                case QualityIssueResolved(way="refund") as resolved if resolved.issue_id == issue_id:
                    return resolved.amount
                case _:
                    pass
        raise Skipped("nothing_conceded")


def sale_of(agreed: Agreed, billing: Billing, seller: Party | Erased, *, due_in: timedelta) -> Sale:
    """What members pay is the whole price, so that the tax of the country where the goods are handed over is in it."""
    opened, accepted = agreed.opened, agreed.accepted
    place = tax_place(opened, seller)
    rate = taxes_in(place).rate(opened.tax_class)
    net, tax = split(accepted.amount, rate, included=True)
    item = Item(1, opened.title, opened.sku, accepted.quantity, accepted.price, 0, net, rate, tax, accepted.amount)
    agreed_on = day_of(accepted.at, billing)
    return Sale(opened.group_id, None, accepted.currency, (item,), place, agreed_on, None, due_on=agreed_on + due_in)


def tax_place(opened: GroupOpened, seller: Party | Erased) -> str:
    """Where the goods are handed over; where nobody has said, the seller's country."""
    handed_over = next((each.place.country for each in opened.pickups if each.place.country), "")
    seat = seller.address.country if isinstance(seller, Party) and seller.address else ""
    return handed_over or seat


def supplying(billing: Billing, company: Supplier, owner: User) -> Party | Erased:
    """The company as it stands in its papers, but for what its owner wants to stand on them instead."""
    if not isinstance(company, Company):
        return party(billing, *seated(owner))
    stated = party(billing, company.name, company.address)
    if isinstance(stated, Erased):
        return stated
    return replace(stated, vat_number=stated.vat_number or company.vat_number, registration=stated.registration or company.registration)

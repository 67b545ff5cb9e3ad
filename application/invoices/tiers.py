"""Makes the invoice that the platform gives a member for each charge of his tier, numbered in a book of its own."""

from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from application.handler import Handler
from application.invoices.invoicing import Invoicing
from application.invoices.sales import party, seated
from application.jobs.ports import History, Skipped
from application.ports import Clock, Meta
from domain.invoices.billing import PLATFORM, Billing, billing_details, billing_id, day_of
from domain.invoices.commands import IssueInvoice
from domain.invoices.events import Item, Party, Sale, Series
from domain.invoices.invoice import Issued, invoice_id, invoices
from domain.invoices.tiers import TierTax, tier_tax
from domain.orders.taxes import split, taxes_in
from domain.subscriptions.tiers.events import TierCharged, charge_id
from domain.subscriptions.tiers.membership import membership_id
from domain.users.user import users
from domain.values import SYSTEM, Erased

NAME = "Tradewind"
"""Of the platform, where its admins have not said another."""


class TierInvoicing:
    """Papers are dated by the platform's clocks, as it has set them with its billing details."""

    def __init__(self, handle: Handler, history: History, invoicing: Invoicing, clock: Clock) -> None:
        self._handle = handle
        self._history = history
        self._invoicing = invoicing
        self._clock = clock

    def __call__(self, user_id: UUID, charge: str, correlation_id: UUID, causation_id: UUID) -> None:
        """Raises `Skipped` where there is no paper to be made, as for a change of tier that cost nothing."""
        charged = self._charged(user_id, charge)
        id = invoice_id(charge_id(charged.provider, charge))
        platform, member = billing_id(PLATFORM), billing_id(user_id)
        states = self._handle.states([(id, invoices), (platform, billing_details), (member, billing_details), (user_id, users)])
        if isinstance(states[id], Issued):
            return
        seller: Billing = states[platform]
        by, to = party(seller, NAME, None), party(states[member], *seated(states[user_id]))
        now = self._clock()
        today = day_of(now, seller)
        sale = sale_of(charged, seller, tax_of(by, to))
        command = IssueInvoice(id, "", PLATFORM, user_id, sale, by, to, "", seller.terms, today, now)
        meta = Meta(uuid5(id, "issue"), SYSTEM.id, correlation_id, causation_id)
        self._invoicing.issue(Series.INVOICE, PLATFORM, today, id, lambda given: replace(command, number=given), meta)

    def _charged(self, user_id: UUID, charge: str) -> TierCharged:
        told: list[Any] = [each.event for each in self._history.stream(membership_id(user_id))]
        found = next((each for each in told if isinstance(each, TierCharged) and each.charge == charge), None)
        if found is None or found.amount <= 0:
            raise Skipped("nothing_charged")
        return found


def tax_of(by: Party | Erased, to: Party | Erased) -> TierTax:
    seat, number = facts_of(by)
    buyer, buyer_number = facts_of(to)
    return tier_tax(seat, number, buyer=buyer, buyer_number=buyer_number)


def facts_of(party: Party | Erased) -> tuple[str, str]:
    """Country and VAT number."""
    if isinstance(party, Erased):
        return "", ""
    return party.address.country if party.address else "", party.vat_number


def sale_of(charged: TierCharged, seller: Billing, tax: TierTax) -> Sale:
    rate = taxes_in(tax.place).standard if tax.taxed else 0
    amount = charged.amount
    net, part = split(amount, rate, included=True)
    period = "a year" if charged.period == "yearly" else "a month"
    until = day_of(charged.period_ends, seller)
    title = f"{charged.tier.capitalize()} for {period}, until {until.day} {until:%B %Y}"
    on = day_of(charged.at, seller)
    return Sale(
        charge_id(charged.provider, charged.charge),
        None,
        charged.currency,
        (Item(1, title, "", 1, amount, 0, net, rate, part, amount),),
        tax.place,
        on,
        on,
        tax.reverse_charge,
        tier=charged.tier,
    )

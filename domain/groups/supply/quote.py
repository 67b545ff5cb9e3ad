"""A quote: what a supplier asks for a locked group's goods, agreed on with its organiser within one counter-quote."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.groups.supply.commands import (
    AcceptQuote,
    AnswerQuote,
    ChangeQuote,
    CounterQuote,
    LapseQuote,
    QuoteCommand,
    RejectQuote,
    RequestQuote,
    SubmitQuote,
    WithdrawQuote,
)
from domain.groups.supply.events import (
    QuoteAccepted,
    QuoteCountered,
    QuoteEvent,
    QuoteLapsed,
    QuoteRejected,
    QuoteRequested,
    QuoteStatus,
    QuoteSubmitted,
    QuoteWithdrawn,
    status_after,
)
from domain.lifecycle import Lifecycle, step
from domain.text import lines, said
from domain.values import Actor, Role, Value

ANSWER = timedelta(days=3)
"""How long a supplier has for the first quote."""
COUNTER_ANSWER = timedelta(days=2)
"""How long a supplier has for the answer to a counter-quote."""
LONGEST_VALIDITY = timedelta(days=30)
LEAD_LIMIT = 365
PRICE_LIMIT = 10**12
NOTE_LIMIT = 500

SUPPLIER = "supplier"
ORGANISER = "organiser"
STAFF = "staff"

S = QuoteStatus
SUPPLIERS_TURN = frozenset({S.REQUESTED, S.COUNTERED})
ORGANISERS_TURN = frozenset({S.SUBMITTED, S.REQUOTED})
OPEN = SUPPLIERS_TURN | ORGANISERS_TURN

LIFECYCLE = Lifecycle(
    "quote",
    [
        step("submit", SubmitQuote, SUPPLIERS_TURN, {SUPPLIER}, "quote_not_awaited"),
        step("counter", CounterQuote, {S.SUBMITTED}, {ORGANISER}, "counter_not_possible"),
        step("accept", AcceptQuote, ORGANISERS_TURN, {ORGANISER}, "quote_not_acceptable"),
        step("accept", AcceptQuote, {S.COUNTERED}, {SUPPLIER}, "quote_not_acceptable"),
        step("reject", RejectQuote, ORGANISERS_TURN, {ORGANISER}, "quote_not_rejectable"),
        step("reject", RejectQuote, OPEN, {SUPPLIER}, "quote_not_rejectable"),
    ],
)


class Unrequested(Value, frozen=True, tag=True):
    pass


class Asked(Value, frozen=True, tag=True):
    """A quote at any point of its life. `held` is what the members have paid per piece, `until` when the turn of whoever's it is ends."""

    quote_id: UUID
    group_id: UUID
    supplier_id: UUID
    seller_id: UUID
    organiser_id: UUID
    wanted: int
    held: int
    status: QuoteStatus
    until: datetime
    price: int = 0
    quantity: int = 0
    lead_days: int = 0
    revision: int = 0


Quote = Unrequested | Asked


def decide(command: QuoteCommand, quote: Quote) -> list[QuoteEvent]:
    match command, quote:
        case RequestQuote(), Unrequested():
            return [requested(command)]
        case RequestQuote(), Asked():
            return []  # asked twice: already so
        case ((LapseQuote() | WithdrawQuote()), Unrequested()):
            return []
        case _, Unrequested():
            raise Rejected("quote_not_found")
        case _, Asked():
            return change(command, quote)


def requested(command: RequestQuote) -> QuoteRequested:
    return QuoteRequested(
        command.quote_id,
        command.group_id,
        command.supplier_id,
        command.seller_id,
        command.organiser_id,
        command.quantity,
        command.price,
        command.currency,
        command.answer_by,
        command.now,
        command.listing_id,
        command.sku,
    )


def change(command: ChangeQuote, quote: Asked) -> list[QuoteEvent]:
    id, group = quote.quote_id, quote.group_id
    match command:
        case LapseQuote(now=now):
            over = quote.status in OPEN and now >= quote.until
            return [QuoteLapsed(id, group, now, "supplier" if quote.status in SUPPLIERS_TURN else "organiser")] if over else []
        case WithdrawQuote(now=now):
            ends = quote.status in OPEN or (command.accepted and quote.status is S.ACCEPTED)
            return [QuoteWithdrawn(id, group, now)] if ends else []
        case SubmitQuote() | CounterQuote() | AcceptQuote() | RejectQuote():
            LIFECYCLE.check(command, quote.status, relations_to(quote, command.by, for_supplier=command.for_supplier))
            if command.now >= quote.until:
                raise Rejected("quote_lapsed", "There was an answer to be given in time.")
            return [answered(command, quote)]


def answered(command: AnswerQuote, quote: Asked) -> QuoteEvent:
    """The step that whoever's turn it is takes."""
    id, group, by, now = quote.quote_id, quote.group_id, command.by.id, command.now
    match command:
        case SubmitQuote():
            return submitted(command, quote)
        case CounterQuote():
            return countered(command, quote)
        case AcceptQuote():
            check_acceptable(quote)
            side = "supplier" if quote.status is S.COUNTERED else "organiser"
            return QuoteAccepted(id, group, quote.price, quote.lead_days, now, side, by)
        case RejectQuote(reason=reason):
            side = "supplier" if SUPPLIER in relations_to(quote, command.by, for_supplier=command.for_supplier) else "organiser"
            return QuoteRejected(id, group, side, said(reason, NOTE_LIMIT, "/reason"), by, now)


def submitted(command: SubmitQuote, quote: Asked) -> QuoteSubmitted:
    """The price may be beyond what is held: then it can be countered or rejected, and not accepted."""
    if not 1 <= command.price <= PRICE_LIMIT:
        raise Rejected("price_invalid", pointer="/price")
    if not 1 <= command.quantity <= quote.wanted:
        raise Rejected("quantity_invalid", f"The group asks for {quote.wanted} pieces.", pointer="/quantity")
    if not command.now < command.valid_until <= command.now + LONGEST_VALIDITY:
        raise Rejected("validity_invalid", f"From now on, at most {LONGEST_VALIDITY.days} days.", pointer="/validUntil")
    return QuoteSubmitted(
        quote.quote_id,
        quote.group_id,
        quote.supplier_id,
        quote.seller_id,
        quote.organiser_id,
        command.price,
        command.quantity,
        lead(command.lead_days),
        command.valid_until,
        quote.revision + 1,
        lines(command.note, NOTE_LIMIT, "/note"),
        command.by.id,
        command.now,
    )


def countered(command: CounterQuote, quote: Asked) -> QuoteCountered:
    """What is offered is for the whole quantity, and within what is held."""
    if not 1 <= command.price <= PRICE_LIMIT:
        raise Rejected("price_invalid", pointer="/price")
    if command.price > quote.held:
        raise Rejected("quote_above_held", f"The members have paid {quote.held} for each piece.", pointer="/price")
    return QuoteCountered(
        quote.quote_id,
        quote.group_id,
        quote.supplier_id,
        quote.seller_id,
        quote.organiser_id,
        command.price,
        quote.lead_days if command.lead_days is None else lead(command.lead_days),
        lines(command.note, NOTE_LIMIT, "/note"),
        command.now + COUNTER_ANSWER,
        command.by.id,
        command.now,
    )


def lead(days: int) -> int:
    if not 0 <= days <= LEAD_LIMIT:
        raise Rejected("lead_days_invalid", f"From 0 to {LEAD_LIMIT} days.", pointer="/leadDays")
    return days


def check_acceptable(quote: Asked) -> None:
    if quote.price > quote.held:
        raise Rejected("quote_above_held", f"The members have paid {quote.held} for each piece.")
    if quote.quantity < quote.wanted:
        raise Rejected("quote_short", f"The group needs {quote.wanted} pieces.")


def relations(seller_id: UUID, organiser_id: UUID, by: Actor, *, for_supplier: bool) -> frozenset[str]:
    """What `by` is to a quote or a shipment; `for_supplier`: a member of the company, whose owner is the seller."""
    held = {
        SUPPLIER: for_supplier or by.id == seller_id,
        ORGANISER: by.id == organiser_id,
        STAFF: by.is_any(Role.STAFF, Role.ADMIN),
    }
    return frozenset(relation for relation, holds in held.items() if holds)


def relations_to(quote: Asked, by: Actor, *, for_supplier: bool) -> frozenset[str]:
    return relations(quote.seller_id, quote.organiser_id, by, for_supplier=for_supplier)


def evolve(quote: Quote, event: QuoteEvent) -> Quote:
    match event, quote:
        case QuoteRequested(), _:
            return Asked(
                event.quote_id,
                event.group_id,
                event.supplier_id,
                event.seller_id,
                event.organiser_id,
                event.quantity,
                event.price,
                S.REQUESTED,
                event.answer_by,
            )
        case QuoteSubmitted(), Asked():
            return replace(
                quote,
                status=status_after(event),
                until=event.valid_until,
                price=event.price,
                quantity=event.quantity,
                lead_days=event.lead_days,
                revision=event.revision,
            )
        case QuoteCountered(), Asked():
            return replace(
                quote, status=S.COUNTERED, until=event.answer_by, price=event.price, quantity=quote.wanted, lead_days=event.lead_days
            )
        case _, Asked():
            return replace(quote, status=status_after(event))
        case _:
            return quote


def actions(quote: Any, by: Actor, *, for_supplier: bool = False) -> list[str]:
    return LIFECYCLE.actions(quote.status, relations_to(quote, by, for_supplier=for_supplier)) if isinstance(quote, Asked) else []


quotes = Decider("quote", Unrequested(), decide, evolve, actions=actions)

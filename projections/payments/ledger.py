"""The ledger, every posting of every payment and charge: for the trial balance, the statement of an account and an order's entries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from domain.groups.events import GroupSettled
from domain.invoices.events import InvoiceIssued
from domain.orders.events import OrderDelivered, OrderPlaced
from domain.payments import books, ledger
from domain.payments.books import Books, Sale
from domain.payments.events import (
    AttemptAbandoned,
    DisputeLost,
    DisputeOpened,
    DisputeWon,
    ExcessCaptured,
    PaymentAuthorised,
    PaymentCancelled,
    PaymentCaptured,
    PaymentEvent,
    PaymentFailed,
    PaymentHeld,
    PaymentRequested,
    RefundDeferred,
    RefundFailed,
    RefundMet,
    RefundPaid,
    RefundRequested,
)
from domain.payments.ledger import Posting
from domain.payments.payouts.events import PayoutFailed, PayoutPaid, PayoutRequested, PayoutRetried
from domain.subscriptions.tiers.events import TierCharged, charge_id
from domain.values import Actor, Role, Value
from projections.sql import ALL, Where, equals
from projections.view import Journal, Sum


class Entry(Value, frozen=True):
    """One side of a move: `debit` or `credit` is zero. `chart` is the kind of the account, `seller_id` whose account it is.

    `payment_id` is the payment, or what else has moved the money: a group that is settled, a charge for a tier, a payout. `group_id`
    is the group purchase that it was moved for.
    """

    at: datetime
    cause: str
    account: str
    chart: str
    currency: str
    debit: int
    credit: int
    payment_id: UUID
    order_id: UUID | None
    seller_id: UUID | None
    group_id: UUID | None = None


PayoutMoves = PayoutRequested | PayoutRetried | PayoutPaid | PayoutFailed
LedgerEvent = PaymentEvent | OrderPlaced | OrderDelivered | TierCharged | InvoiceIssued | GroupSettled | PayoutMoves


def payment_of(event: LedgerEvent) -> UUID | None:
    match event:
        case TierCharged():
            return charge_id(event.provider, event.charge)
        case InvoiceIssued(sale=sale):
            return sale.order_id if sale.tier else None
        case GroupSettled():
            return event.group_id
        case PayoutRequested() | PayoutRetried() | PayoutPaid() | PayoutFailed():
            return event.payout_id
        case _:
            return event.payment_id


def rows(known: Books | None, event: LedgerEvent) -> list[Entry]:
    payment = payment_of(event)
    if payment is None:
        return []
    named = isinstance(event, GroupSettled | PayoutMoves)
    group = event.group_id if named else known.group_id if known else None
    return [entry(payment, event.at, posting, group) for posting in postings(known or Books(), event)]


def postings(before: Books, event: LedgerEvent) -> tuple[Posting, ...]:
    match event:
        case OrderPlaced():
            return ()
        case OrderDelivered():
            return ledger.delivered(before, event.order_id)
        case GroupSettled():
            return ledger.settled(event.group_id, event.seller_id, [(each.currency, each.amount, each.fee) for each in event.holdings])
        case PayoutRequested() | PayoutRetried():
            return ledger.paid_out(event.seller_id, event.currency, event.amount)
        case PayoutFailed():
            return ledger.paid_out(event.seller_id, event.currency, event.amount, -1)
        case PayoutPaid():
            return ledger.payout_arrived(event.provider, event.currency, event.amount, event.fee)
        case TierCharged():
            return ledger.tier_charged(event.provider, event.currency, event.amount, event.fee)
        case InvoiceIssued(sale=sale):
            return ledger.tier_taxed(sale.currency, event.tax, sale.tax_place)
        case _:
            return ledger.postings(before, event)


def entry(payment_id: UUID, at: datetime, posting: Posting, group_id: UUID | None) -> Entry:
    account = posting.account
    return Entry(
        at,
        str(posting.cause),
        account.name,
        str(account.chart),
        posting.currency,
        posting.debit,
        posting.credit,
        payment_id,
        posting.order_id,
        account.seller_id,
        group_id,
    )


def evolve(known: Books | None, event: LedgerEvent) -> Books:
    before = known or Books()
    match event:
        case OrderPlaced():
            return books.placed(before, event.order_id, Sale(event.seller_id, event.total, event.tax, event.tax_place))
        case OrderDelivered():
            return books.delivered(before, event.order_id, event.seller_id)
        case TierCharged() | InvoiceIssued() | GroupSettled() | PayoutRequested() | PayoutRetried() | PayoutPaid() | PayoutFailed():
            return before
        case _:
            return books.evolve(before, event)


ACCOUNTS = Sum("accounts", by=("account", "currency", "chart", "seller_id"), of=("debit", "credit"))
TRIAL = Sum("trial", by=("chart", "currency"), of=("debit", "credit"))
STATEMENT = Sum("statement", by=("account", "currency", "chart"), of=("debit", "credit"))
"""Not kept: made from the rows of one account."""
GROUP = Sum("group", by=("cause", "chart", "currency"), of=("debit", "credit"))
"""Not kept: made from the rows of one group."""

EARNED = Sum("earned", by=("seller_id", "cause", "chart", "currency"), of=("debit", "credit"))

journal: Journal[Entry] = Journal(
    "ledger",
    Entry,
    key=payment_of,
    rows=rows,
    events=(
        OrderPlaced,
        OrderDelivered,
        PaymentRequested,
        PaymentAuthorised,
        PaymentFailed,
        PaymentCancelled,
        AttemptAbandoned,
        PaymentCaptured,
        ExcessCaptured,
        PaymentHeld,
        RefundRequested,
        RefundPaid,
        RefundFailed,
        RefundDeferred,
        RefundMet,
        DisputeOpened,
        DisputeWon,
        DisputeLost,
        TierCharged,
        InvoiceIssued,
        GroupSettled,
        PayoutRequested,
        PayoutRetried,
        PayoutPaid,
        PayoutFailed,
    ),
    indexes=(
        "order_id, position, ordinal",
        "payment_id, position, ordinal",
        "account, position, ordinal",
        "seller_id, position, ordinal",
        "group_id, position, ordinal",
        "at",
    ),
    sums=(ACCOUNTS, TRIAL, EARNED),
    known=Books,
    evolve=evolve,
    version=2,
)


def visible_to(by: Actor) -> Where:
    """Everything for those who watch over the money, a seller's own accounts for himself."""
    return ALL if by.is_any(Role.ADMIN, Role.AUDITOR) else equals("seller_id", by.id)


def entries_of(order: UUID | None, payment: UUID | None, account: str | None, group: UUID | None = None) -> Where:
    wanted: dict[str, Any] = {"order_id": order, "payment_id": payment, "account": account, "group_id": group}
    found = ALL
    for column, value in wanted.items():
        if value is not None:
            found &= equals(column, value)
    return found


def between(since: datetime | None, until: datetime | None) -> Where:
    """From the first moment on, and before the second."""
    found = ALL
    if since is not None:
        found &= Where("at >= %(since)s", {"since": since})
    if until is not None:
        found &= Where("at < %(until)s", {"until": until})
    return found

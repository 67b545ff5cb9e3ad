"""A payment as its payer, the sellers with a share in it, and staff see it."""

from datetime import datetime
from functools import reduce
from operator import and_
from typing import get_args
from uuid import UUID

from msgspec.structs import replace

from domain.payments.events import PaymentEvent, PaymentRequested, PaymentRetried, Status
from domain.payments.standing import Outcome, Requested, Unrequested, evolve, outcome
from domain.values import Actor, Role
from projections.sql import ALL, Order, Where, equals
from projections.view import View


class PaymentPage(Requested, frozen=True, kw_only=True, tag=False):
    """All amounts are in minor units. `outcome` is the status in three words; `returned` has gone back of what was `received`.

    How it was paid (an attempt's `method`) is nobody else's business and is left empty here.
    """

    status: Status
    outcome: Outcome
    received: int
    returned: int
    created_at: datetime
    changed_at: datetime


def fold(page: PaymentPage | None, event: PaymentEvent) -> PaymentPage | None:
    if isinstance(event, PaymentRequested | PaymentRetried):
        event = replace(event, method="")
    after = evolve(page or Unrequested(), event)
    match after:
        case PaymentPage():
            return told(after, event.at)
        case Requested():
            fields = {name: getattr(after, name) for name in after.__struct_fields__}
            status, now = after.standing, event.at
            return PaymentPage(**fields, status=status, outcome=outcome(status), received=0, returned=0, created_at=now, changed_at=now)
        case Unrequested():
            return None


def told(page: PaymentPage, at: datetime) -> PaymentPage:
    paid = page.paid
    received, returned = (paid.received, page.gone(paid)) if paid else (0, 0)
    status = page.standing
    return replace(page, status=status, outcome=outcome(status), received=received, returned=returned, changed_at=at)


def payment_of(event: PaymentEvent) -> UUID:
    return event.payment_id


# Every event of the stream, so that the row's version is the stream's and serves as its ETag.
view = View(
    "payment_page",
    PaymentPage,
    key=payment_of,
    evolve=fold,
    events=get_args(PaymentEvent),
    columns={
        "status": "text",
        "payer_id": "uuid",
        "sellers": "uuid[]",
        "checkout_id": "uuid",
        "created_at": "timestamptz",
    },
    indexes=("payer_id, created_at DESC, key DESC", "status, created_at DESC, key DESC", "created_at DESC, key DESC", "checkout_id"),
)

NEWEST_FIRST = Order(("created_at",))


def oversees(by: Actor) -> bool:
    return by.is_any(Role.STAFF, Role.ADMIN, Role.AUDITOR)


def visible_to(by: Actor) -> Where:
    """A payer's own, a seller's where he has a share, all for those who run the market."""
    return ALL if oversees(by) else Where("payer_id = %(caller)s OR %(caller)s = ANY(sellers)", {"caller": by.id})


def asked_for(status: Status | None, checkout: UUID | None, payer: UUID | None) -> Where:
    wanted = {"status": status, "checkout_id": checkout, "payer_id": payer}
    return reduce(and_, (equals(column, value) for column, value in wanted.items() if value is not None), ALL)


def as_seen_by(page: PaymentPage, by: Actor) -> PaymentPage:
    """A seller sees his own part of a payment, and not what the payer bought elsewhere."""
    if oversees(by) or by.id == page.payer_id:
        return page
    shares = tuple(each for each in page.shares if each.seller_id == by.id)
    orders = {each.order_id for each in shares}
    refunds = {
        id: replace(refund, shares=own, amount=sum(each.amount for each in own))
        for id, refund in page.refunds.items()
        if (own := tuple(each for each in refund.shares if each.order_id in orders))
    }
    attempts = tuple(replace(each, shares=tuple(share for share in each.shares if share.order_id in orders)) for each in page.attempts)
    return replace(page, shares=shares, refunds=refunds, attempts=attempts)

"""Payouts as sellers and staff see them; which account was paid is told by its last characters."""

from datetime import datetime
from typing import get_args
from uuid import UUID

from msgspec.structs import replace

from domain.payments.payouts.events import PayoutEvent, PayoutFailed, PayoutPaid, PayoutRequested, PayoutRetried, PayoutSent, Status
from domain.values import Actor, Money, Role, Value
from projections.sql import ALL, Order, Where, equals
from projections.view import View


class PayoutPage(Value, frozen=True):
    """`fee` is what the provider took beside the amount; `code` says why the last attempt failed."""

    id: UUID
    seller_id: UUID
    supplier_id: UUID
    group_id: UUID | None
    amount: Money
    fee: Money
    provider: str
    account_ending: str
    status: Status
    attempt: int
    code: str
    requested_at: datetime
    changed_at: datetime


def evolve(page: PayoutPage | None, event: PayoutEvent) -> PayoutPage | None:
    match event, page:
        case PayoutRequested(), _:
            return PayoutPage(
                event.payout_id,
                event.seller_id,
                event.supplier_id,
                event.group_id,
                Money(event.amount, event.currency),
                Money(0, event.currency),
                event.provider,
                event.ending,
                Status.REQUESTED,
                1,
                "",
                event.at,
                event.at,
            )
        case _, None:
            return None
        case PayoutSent(), PayoutPage():
            return replace(page, status=Status.SENT, changed_at=event.at)
        case PayoutPaid(), PayoutPage():
            return replace(page, status=Status.PAID, fee=Money(event.fee, event.currency), changed_at=event.at)
        case PayoutFailed(), PayoutPage():
            return replace(page, status=Status.FAILED, code=event.code, changed_at=event.at)
        case PayoutRetried(), PayoutPage():
            return replace(page, status=Status.REQUESTED, attempt=event.attempt, code="", changed_at=event.at)


def payout_of(event: PayoutEvent) -> UUID:
    return event.payout_id


view = View(
    "payout_page",
    PayoutPage,
    key=payout_of,
    evolve=evolve,
    events=get_args(PayoutEvent),
    columns={"seller_id": "uuid", "group_id": "uuid", "status": "text", "requested_at": "timestamptz"},
    indexes=("seller_id, requested_at DESC, key DESC", "status, requested_at DESC, key DESC", "requested_at DESC, key DESC"),
)

NEWEST_FIRST = Order(("requested_at",))


def visible_to(by: Actor) -> Where:
    """A seller's own, all for those who run the market or watch over its money."""
    return ALL if by.is_any(Role.STAFF, Role.ADMIN, Role.AUDITOR) else equals("seller_id", by.id)


def asked_for(status: Status | None, group: UUID | None) -> Where:
    found = ALL if status is None else equals("status", str(status))
    return found if group is None else found & equals("group_id", group)

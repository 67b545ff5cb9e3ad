"""What has happened to payouts. Amounts are in minor units of `currency`; `attempt` counts from 1.

The person whose key hides the account is the `owner_id` of the company that is paid.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.trade import Bank
from domain.values import Erased, Personal, Value


class Status(StrEnum):
    REQUESTED = "requested"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"


class PayoutRequested(Value, frozen=True):
    """`ending` are the last characters of the account's number; `group_id` the group purchase that was settled, if it is for one."""

    payout_id: UUID
    seller_id: UUID
    supplier_id: UUID
    owner_id: UUID
    currency: str
    amount: int
    provider: str
    bank: Personal[Bank | Erased, "owner_id"]
    ending: str
    group_id: UUID | None
    by: UUID
    at: datetime


class PayoutSent(Value, frozen=True):
    """The provider has taken it on, and will say what became of it."""

    payout_id: UUID
    attempt: int
    provider_reference: str
    at: datetime


class PayoutPaid(Value, frozen=True):
    """`fee` is the provider's, beside the amount."""

    payout_id: UUID
    seller_id: UUID
    provider: str
    currency: str
    amount: int
    fee: int
    attempt: int
    provider_reference: str
    at: datetime
    group_id: UUID | None = None


class PayoutFailed(Value, frozen=True):
    """The seller did not get it, and is due it again; `code` is the provider's reason."""

    payout_id: UUID
    seller_id: UUID
    currency: str
    amount: int
    attempt: int
    code: str
    at: datetime
    group_id: UUID | None = None


class PayoutRetried(Value, frozen=True):
    payout_id: UUID
    seller_id: UUID
    currency: str
    amount: int
    attempt: int
    by: UUID
    at: datetime
    group_id: UUID | None = None


PayoutEvent = PayoutRequested | PayoutSent | PayoutPaid | PayoutFailed | PayoutRetried


class MoneyTaken(Value, frozen=True):
    """Of what a seller has earned in a currency, this is on its way to him or has arrived."""

    seller_id: UUID
    currency: str
    payout_id: UUID
    attempt: int
    amount: int
    at: datetime


class MoneyPutBack(Value, frozen=True):
    seller_id: UUID
    currency: str
    payout_id: UUID
    attempt: int
    amount: int
    at: datetime


PurseEvent = MoneyTaken | MoneyPutBack
"""Kept beside the ledger, which is written later: so that nothing is paid out twice meanwhile."""

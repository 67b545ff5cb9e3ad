"""What can be asked of payouts and of the purses that they are taken from, and what providers report of them."""

from datetime import datetime
from uuid import UUID

from domain.trade import Bank
from domain.values import SYSTEM, Actor, Value


class RequestPayout(Value, frozen=True):
    payout_id: UUID
    seller_id: UUID
    supplier_id: UUID
    owner_id: UUID
    currency: str
    amount: int
    provider: str
    bank: Bank
    group_id: UUID | None
    by: Actor
    now: datetime


class RetryPayout(Value, frozen=True):
    payout_id: UUID
    by: Actor
    now: datetime


class ReportSent(Value, frozen=True):
    payout_id: UUID
    attempt: int
    provider_reference: str
    now: datetime


class ReportPaid(Value, frozen=True):
    payout_id: UUID
    attempt: int
    provider_reference: str
    fee: int
    now: datetime


class ReportFailed(Value, frozen=True):
    payout_id: UUID
    attempt: int
    code: str
    now: datetime


PayoutReport = ReportSent | ReportPaid | ReportFailed
PayoutCommand = RequestPayout | RetryPayout | PayoutReport


class TakeOut(Value, frozen=True):
    """`earned` is all that has become due to the seller by the ledger, whatever of it was paid out."""

    seller_id: UUID
    currency: str
    payout_id: UUID
    attempt: int
    amount: int
    earned: int
    now: datetime
    by: Actor = SYSTEM


class PutBack(Value, frozen=True):
    seller_id: UUID
    currency: str
    payout_id: UUID
    attempt: int
    amount: int
    now: datetime
    by: Actor = SYSTEM


PurseCommand = TakeOut | PutBack

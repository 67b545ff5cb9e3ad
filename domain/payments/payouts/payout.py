"""A payout: money that is due to a seller, sent to the account of his company, and tried again by staff where that failed.

What the provider reports may come twice, late and in any order: what has ended stays so.
"""

from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.lifecycle import Lifecycle, step
from domain.payments.payouts.commands import (
    PayoutCommand,
    PayoutReport,
    ReportFailed,
    ReportPaid,
    ReportSent,
    RequestPayout,
    RetryPayout,
)
from domain.payments.payouts.events import (
    PayoutEvent,
    PayoutFailed,
    PayoutPaid,
    PayoutRequested,
    PayoutRetried,
    PayoutSent,
    Status,
)
from domain.trade import Bank
from domain.values import Actor, Erased, Role, Value

CODE_LIMIT = 60
SHOWN = 4
STAFF = "staff"

LIFECYCLE = Lifecycle("payout", [step("retry", RetryPayout, {Status.FAILED}, {STAFF}, "payout_not_failed")])


class Unasked(Value, frozen=True, tag=True):
    pass


class Asked(Value, frozen=True, tag=True):
    id: UUID
    seller_id: UUID
    supplier_id: UUID
    owner_id: UUID
    currency: str
    amount: int
    provider: str
    bank: Bank | Erased
    ending: str
    group_id: UUID | None
    status: Status = Status.REQUESTED
    attempt: int = 1
    fee: int = 0
    code: str = ""
    provider_reference: str = ""

    @property
    def open(self) -> bool:
        return self.status in {Status.REQUESTED, Status.SENT}


Payout = Unasked | Asked


def decide(command: PayoutCommand, payout: Payout) -> list[PayoutEvent]:
    match command, payout:
        case RequestPayout(), Unasked():
            return [requested(command)]
        case RequestPayout(), Asked():
            return []  # asked twice: already so
        case _, Unasked():
            raise Rejected("payout_not_found")
        case RetryPayout(by=by, now=now), Asked():
            LIFECYCLE.check(command, payout.status, relations(by))
            about = (payout.id, payout.seller_id, payout.currency, payout.amount, payout.attempt + 1)
            return [PayoutRetried(*about, by.id, now, payout.group_id)]
        case ((ReportSent() | ReportPaid() | ReportFailed()), Asked()):
            return reported(command, payout) if payout.open and command.attempt == payout.attempt else []


def requested(command: RequestPayout) -> PayoutRequested:
    if command.amount <= 0:
        raise Rejected("amount_invalid", pointer="/amount")
    return PayoutRequested(
        command.payout_id,
        command.seller_id,
        command.supplier_id,
        command.owner_id,
        command.currency,
        command.amount,
        command.provider,
        command.bank,
        command.bank.number[-SHOWN:],
        command.group_id,
        command.by.id,
        command.now,
    )


def reported(command: PayoutReport, payout: Asked) -> list[PayoutEvent]:
    id, seller, currency, amount, attempt = payout.id, payout.seller_id, payout.currency, payout.amount, payout.attempt
    match command:
        case ReportSent(provider_reference=reference, now=now):
            return [PayoutSent(id, attempt, reference, now)] if payout.status is Status.REQUESTED else []
        case ReportPaid(provider_reference=reference, fee=fee, now=now):
            return [PayoutPaid(id, seller, payout.provider, currency, amount, fee, attempt, reference, now, payout.group_id)]
        case ReportFailed(code=code, now=now):
            return [PayoutFailed(id, seller, currency, amount, attempt, code[:CODE_LIMIT], now, payout.group_id)]


def evolve(payout: Payout, event: PayoutEvent) -> Payout:
    match event, payout:
        case PayoutRequested(), _:
            return Asked(
                event.payout_id,
                event.seller_id,
                event.supplier_id,
                event.owner_id,
                event.currency,
                event.amount,
                event.provider,
                event.bank,
                event.ending,
                event.group_id,
            )
        case _, Unasked():
            return payout
        case PayoutSent(provider_reference=reference), Asked():
            return replace(payout, status=Status.SENT, provider_reference=reference)
        case PayoutPaid(provider_reference=reference, fee=fee), Asked():
            return replace(payout, status=Status.PAID, provider_reference=reference, fee=fee)
        case PayoutFailed(code=code), Asked():
            return replace(payout, status=Status.FAILED, code=code)
        case PayoutRetried(attempt=attempt), Asked():
            return replace(payout, status=Status.REQUESTED, attempt=attempt, code="", provider_reference="")


def relations(by: Actor) -> frozenset[str]:
    return frozenset({STAFF} if by.is_any(Role.STAFF, Role.ADMIN) else ())


def next_actions(status: str, by: Actor) -> list[str]:
    """What `by` may do next with a payout in this status: for queries, from a read model's row."""
    return LIFECYCLE.actions(status, relations(by))


def actions(payout: Payout, by: Actor) -> list[str]:
    return next_actions(payout.status, by) if isinstance(payout, Asked) else []


payouts = Decider("payout", Unasked(), decide, evolve, actions=actions)

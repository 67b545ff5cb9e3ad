"""Where a payment stands, folded from its history; deciders and read models ask here alike.

A payment has attempts, of which at most one is current; money may come from any of them, whenever the provider says so.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from domain.payments.events import (
    AttemptAbandoned,
    CaptureRequested,
    DisputeLost,
    DisputeOpened,
    DisputeWon,
    ExcessCaptured,
    PaymentActionRequired,
    PaymentAuthorised,
    PaymentCancelled,
    PaymentCaptured,
    PaymentEvent,
    PaymentFailed,
    PaymentHeld,
    PaymentRequested,
    PaymentRetried,
    RefundDeferred,
    RefundFailed,
    RefundMet,
    RefundPaid,
    RefundRequested,
    Status,
)
from domain.payments.purposes import CONTRIBUTION, ORDER
from domain.payments.shares import Share
from domain.values import Erased, Value


class Stage(StrEnum):
    """How far an attempt has come; a report never takes it back."""

    BEGUN = "begun"
    ACTION_REQUIRED = "action_required"
    AUTHORISED = "authorised"
    FAILED = "failed"
    CAPTURED = "captured"
    HELD = "held"
    EXCESS = "excess"


RECEIVED = frozenset({Stage.CAPTURED, Stage.HELD, Stage.EXCESS})
RANK: Mapping[Stage, int] = {
    Stage.BEGUN: 0,
    Stage.ACTION_REQUIRED: 1,
    Stage.AUTHORISED: 2,
    Stage.FAILED: 3,
    **dict.fromkeys(RECEIVED, 4),
}


class Attempt(Value, frozen=True):
    """`asked` of the payer in the payment's currency; `received` in `currency`. `authorised` is what is reserved now."""

    number: int
    provider: str
    method: str | Erased
    asked: int
    shares: tuple[Share, ...]
    currency: str
    stage: Stage = Stage.BEGUN
    abandoned: bool = False
    capturing: bool = False
    authorised: int = 0
    received: int = 0
    provider_reference: str = ""
    code: str = ""

    @property
    def open(self) -> bool:
        """Whether the provider may still bring it to something."""
        return self.stage in {Stage.BEGUN, Stage.ACTION_REQUIRED, Stage.AUTHORISED}


class Refunding(StrEnum):
    """`deferred` until a bank has decided; `met` where it had given the money back itself."""

    REQUESTED = "requested"
    PAID = "paid"
    FAILED = "failed"
    DEFERRED = "deferred"
    MET = "met"


class Refund(Value, frozen=True):
    """`asked`: how many times its provider was asked for it, more than once where a bank stood in the way."""

    id: UUID
    attempt: int
    order_id: UUID | None
    currency: str
    amount: int
    shares: tuple[Share, ...]
    reason: str
    state: Refunding = Refunding.REQUESTED
    asked: int = 0


class Disputing(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Dispute(Value, frozen=True):
    attempt: int
    amount: int
    fee: int
    reason: str
    state: Disputing = Disputing.OPEN


class Unrequested(Value, frozen=True, tag=True):
    pass


class Requested(Value, frozen=True, tag=True):
    """`ended` says why nothing is waited for any more: expired or cancelled.

    `by_bank` is what of refunds, by their ids, the payer's bank had given back itself.
    """

    id: UUID
    checkout_id: UUID
    payer_id: UUID
    currency: str
    amount: int
    shares: tuple[Share, ...]
    manual: bool
    expires_at: datetime
    attempts: tuple[Attempt, ...]
    refunds: Mapping[UUID, Refund] = {}
    disputes: Mapping[str, Dispute] = {}
    ended: str = ""
    purpose: str = ORDER
    by_bank: Mapping[UUID, int] = {}

    @property
    def group_id(self) -> UUID | None:
        """The group purchase that it is a contribution to."""
        return self.checkout_id if self.purpose == CONTRIBUTION else None

    @property
    def sellers(self) -> frozenset[UUID]:
        return frozenset(share.seller_id for share in self.shares)

    @property
    def current(self) -> Attempt:
        return self.attempts[-1]

    @property
    def paid(self) -> Attempt | None:
        """The attempt that brought what was asked."""
        return next((each for each in self.attempts if each.stage is Stage.CAPTURED), None)

    @property
    def held(self) -> Attempt | None:
        """An attempt whose money is nobody's yet and has not gone back."""
        return next((each for each in self.attempts if each.stage is Stage.HELD and self.gone(each) < each.received), None)

    def attempt(self, number: int) -> Attempt | None:
        return self.attempts[number - 1] if 0 < number <= len(self.attempts) else None

    def gone(self, attempt: Attempt) -> int:
        """What has gone back of an attempt's money."""
        return sum(each.amount for each in self.refunds.values() if each.attempt == attempt.number and each.state is Refunding.PAID)

    def refundable(self, attempt: Attempt) -> int:
        """What may still be asked back of an attempt's money: what is on its way counts as gone."""
        by_bank = sum(self.by_bank.values()) if attempt.stage is Stage.CAPTURED else 0
        kept = {Refunding.FAILED, Refunding.MET}
        gone = (each.amount for each in self.refunds.values() if each.attempt == attempt.number and each.state not in kept)
        return attempt.received - by_bank - sum(gone)

    def contested(self, attempt: Attempt) -> bool:
        """Whether the payer's bank has yet to decide whose the money is."""
        return any(each.attempt == attempt.number and each.state is Disputing.OPEN for each in self.disputes.values())

    def charged_back(self, attempt: Attempt) -> int:
        """What the payer's bank has kept of a captured attempt, less what of it counts as a refund."""
        lost = (each.amount for each in self.disputes.values() if each.attempt == attempt.number and each.state is Disputing.LOST)
        return sum(lost) - sum(self.by_bank.values())

    def remaining(self, attempt: Attempt) -> tuple[Share, ...]:
        """The shares less what of them was asked back."""
        back: dict[UUID, int] = {}
        for refund in self.refunds.values():
            if refund.attempt == attempt.number and refund.state is not Refunding.FAILED:
                for share in refund.shares:
                    back[share.order_id] = back.get(share.order_id, 0) + share.amount
        return tuple(replace(each, amount=each.amount - back.get(each.order_id, 0)) for each in attempt.shares)

    @property
    def standing(self) -> Status:
        if self.paid is not None:
            return self._paid(self.paid)
        if self.held is not None:
            return Status.HELD
        return Status.CANCELLED if self.ended else AT[self.current.stage]

    def _paid(self, attempt: Attempt) -> Status:
        disputes = {each.state for each in self.disputes.values()}
        if Disputing.OPEN in disputes:
            return Status.DISPUTED
        if Disputing.LOST in disputes:
            return Status.CHARGED_BACK
        returned = self.gone(attempt)
        if not returned:
            return Status.CAPTURED
        return Status.REFUNDED if returned >= attempt.received else Status.PARTIALLY_REFUNDED


AT: Mapping[Stage, Status] = {
    Stage.BEGUN: Status.PENDING,
    Stage.ACTION_REQUIRED: Status.ACTION_REQUIRED,
    Stage.AUTHORISED: Status.AUTHORISED,
    Stage.FAILED: Status.FAILED,
    Stage.CAPTURED: Status.CAPTURED,
    # All of it has gone back: the payer may try again.
    Stage.HELD: Status.FAILED,
    Stage.EXCESS: Status.CANCELLED,
}

Payment = Unrequested | Requested


class Outcome(StrEnum):
    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


def outcome(status: Status) -> Outcome:
    """The same in three words, for those who only ask whether it was paid."""
    match status:
        case Status.PENDING | Status.ACTION_REQUIRED | Status.AUTHORISED | Status.HELD:
            return Outcome.PENDING
        case Status.FAILED | Status.CANCELLED:
            return Outcome.FAILED
        case _:
            return Outcome.SUCCESS


def evolve(payment: Payment, event: PaymentEvent) -> Payment:
    match event, payment:
        case PaymentRequested(), _:
            first = Attempt(1, event.provider, event.method, event.amount, event.shares, event.currency)
            return Requested(
                event.payment_id,
                event.checkout_id,
                event.payer_id,
                event.currency,
                event.amount,
                event.shares,
                event.manual,
                event.expires_at,
                (first,),
                purpose=event.purpose,
            )
        case PaymentRetried(), Requested():
            again = Attempt(event.attempt, event.provider, event.method, payment.amount, payment.shares, payment.currency)
            return replace(payment, attempts=(*payment.attempts, again))
        case PaymentCancelled(), Requested():
            return replace(payment, ended=event.reason, attempts=tuple(replace(each, authorised=0) for each in payment.attempts))
        case RefundRequested() | RefundDeferred() | RefundMet() | RefundPaid() | RefundFailed(), Requested():
            return refunded(payment, event)
        case DisputeOpened() | DisputeWon() | DisputeLost(), Requested():
            return disputed(payment, event)
        case _, Requested():
            return attempted(payment, event)
        case _:
            return payment


Attempting = (
    AttemptAbandoned | PaymentActionRequired | PaymentAuthorised | CaptureRequested | PaymentCaptured | ExcessCaptured | PaymentHeld
) | PaymentFailed


def attempted(payment: Requested, event: Attempting) -> Requested:
    found = payment.attempt(event.attempt)
    return payment if found is None else changed(payment, advanced(found, event))


def advanced(attempt: Attempt, event: Attempting) -> Attempt:
    match event:
        case AttemptAbandoned():
            return replace(attempt, abandoned=True, authorised=0)
        case PaymentActionRequired(provider_reference=reference):
            return replace(attempt, stage=Stage.ACTION_REQUIRED, provider_reference=reference)
        case PaymentAuthorised(amount=amount, provider_reference=reference):
            return replace(attempt, stage=Stage.AUTHORISED, authorised=amount, provider_reference=reference)
        case CaptureRequested(amount=amount, shares=shares):
            return replace(attempt, capturing=True, asked=amount, shares=shares)
        case PaymentFailed(code=code):
            return replace(attempt, stage=Stage.FAILED, authorised=0, code=code)
        case PaymentCaptured() | ExcessCaptured() | PaymentHeld():
            stage = {PaymentCaptured: Stage.CAPTURED, ExcessCaptured: Stage.EXCESS, PaymentHeld: Stage.HELD}[type(event)]
            return replace(
                attempt,
                stage=stage,
                authorised=0,
                received=event.amount,
                currency=event.currency,
                provider_reference=event.provider_reference,
            )


def changed(payment: Requested, attempt: Attempt) -> Requested:
    return replace(payment, attempts=tuple(attempt if each.number == attempt.number else each for each in payment.attempts))


def refunded(payment: Requested, event: RefundRequested | RefundDeferred | RefundMet | RefundPaid | RefundFailed) -> Requested:
    match event:
        case RefundRequested(refund_id=id) | RefundDeferred(refund_id=id) | RefundMet(refund_id=id):
            state, known = BEGUN[type(event)], payment.refunds.get(id)
            times = (known.asked if known else 0) + (1 if state is Refunding.REQUESTED else 0)
            asked = Refund(id, event.attempt, event.order_id, event.currency, event.amount, event.shares, event.reason, state, times)
            by_bank = payment.by_bank
            if isinstance(event, RefundMet):
                by_bank = {**by_bank, id: by_bank.get(id, 0) + event.amount}
            return replace(payment, refunds={**payment.refunds, id: asked}, by_bank=by_bank)
        case RefundPaid(refund_id=id):
            return replace(payment, refunds={**payment.refunds, id: replace(payment.refunds[id], state=Refunding.PAID)})
        case RefundFailed(refund_id=id):
            return replace(payment, refunds={**payment.refunds, id: replace(payment.refunds[id], state=Refunding.FAILED)})


BEGUN = {RefundRequested: Refunding.REQUESTED, RefundDeferred: Refunding.DEFERRED, RefundMet: Refunding.MET}


def disputed(payment: Requested, event: DisputeOpened | DisputeWon | DisputeLost) -> Requested:
    match event:
        case DisputeOpened(dispute=name):
            opened = Dispute(event.attempt, event.amount, event.fee, event.reason)
            return replace(payment, disputes={**payment.disputes, name: opened})
        case DisputeWon(dispute=name):
            return replace(payment, disputes={**payment.disputes, name: replace(payment.disputes[name], state=Disputing.WON)})
        case DisputeLost(dispute=name):
            return replace(payment, disputes={**payment.disputes, name: replace(payment.disputes[name], state=Disputing.LOST)})

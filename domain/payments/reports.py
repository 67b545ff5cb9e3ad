"""What a provider's report adds to a payment: nothing where it is known, or outranked by what is."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid5

from domain.decider import Rejected
from domain.payments.commands import (
    AuthorisePayment,
    CapturePayment,
    CloseDispute,
    ConfirmRefund,
    FailPayment,
    FailRefund,
    OpenDispute,
    ReportAttempt,
    ReportPayment,
    RequireAction,
)
from domain.payments.events import (
    AttemptAbandoned,
    DisputeLost,
    DisputeOpened,
    DisputeWon,
    Excess,
    ExcessCaptured,
    PaymentActionRequired,
    PaymentAuthorised,
    PaymentCaptured,
    PaymentEvent,
    PaymentFailed,
    PaymentHeld,
    RefundFailed,
    RefundPaid,
    RefundRequested,
)
from domain.payments.purposes import CONTRIBUTION
from domain.payments.refunds import deferred, resumed
from domain.payments.shares import Share, scaled
from domain.payments.standing import RANK, RECEIVED, Attempt, Disputing, Refund, Refunding, Requested, Stage, evolve
from domain.values import SYSTEM

CODE_LIMIT = 60

AMOUNT_DIFFERS = "amount_differs"


def reported(command: ReportPayment, payment: Requested) -> list[PaymentEvent]:
    match command:
        case RequireAction() | AuthorisePayment() | CapturePayment() | FailPayment():
            return attempt_reported(command, payment)
        case ConfirmRefund() | FailRefund():
            return refund_reported(command, payment)
        case OpenDispute():
            return [] if command.dispute in payment.disputes else [opened(command, payment)]
        case CloseDispute():
            return decided(command, payment)


def attempt_reported(command: ReportAttempt, payment: Requested) -> list[PaymentEvent]:
    attempt = the_attempt(payment, command.attempt)
    if isinstance(command, CapturePayment):
        return [] if attempt.stage in RECEIVED else captured(command, payment, attempt)
    if attempt.abandoned or payment.ended or payment.paid:
        return []  # nobody waits for it; only money would still matter
    match command:
        case RequireAction(provider_reference=reference, now=now) if attempt.stage is Stage.BEGUN:
            return [PaymentActionRequired(payment.id, attempt.number, payment.payer_id, reference, now)]
        case AuthorisePayment() if RANK[attempt.stage] < RANK[Stage.AUTHORISED]:
            return authorised(command, payment, attempt)
        case FailPayment(code=code, now=now) if RANK[attempt.stage] < RANK[Stage.FAILED]:
            return [failed(payment, attempt, code, now)]
        case _:
            return []


def the_attempt(payment: Requested, number: int) -> Attempt:
    found = payment.attempt(number)
    if found is None:
        raise Rejected("attempt_not_found", f"The payment has {len(payment.attempts)}.")
    return found


def authorised(command: AuthorisePayment, payment: Requested, attempt: Attempt) -> list[PaymentEvent]:
    if (command.amount, command.currency) == (attempt.asked, payment.currency):
        return [
            PaymentAuthorised(
                payment.id,
                attempt.number,
                attempt.provider,
                command.currency,
                command.amount,
                command.provider_reference,
                command.now,
            )
        ]
    # Nothing has been taken yet, so nothing has to be held: it is let go, and may be tried again.
    gone = AttemptAbandoned(payment.id, attempt.number, attempt.provider, payment.currency, 0, command.now)
    return [failed(payment, attempt, AMOUNT_DIFFERS, command.now), gone]


def captured(command: CapturePayment, payment: Requested, attempt: Attempt) -> list[PaymentEvent]:
    if payment.paid is not None:
        return excess(command, payment, attempt, Excess.TWICE)
    if payment.ended:
        return excess(command, payment, attempt, Excess.LATE)
    if (command.amount, command.currency) != (attempt.asked, payment.currency):
        return [
            PaymentHeld(
                payment.id,
                payment.payer_id,
                attempt.number,
                attempt.provider,
                command.currency,
                command.amount,
                command.fee,
                payment.currency,
                attempt.asked,
                command.provider_reference,
                command.now,
                attempt.authorised,
            )
        ]
    return [
        PaymentCaptured(
            payment.id,
            payment.checkout_id,
            payment.payer_id,
            command.currency,
            command.amount,
            command.fee,
            attempt.shares,
            command.provider_reference,
            command.now,
            attempt.provider,
            attempt.number,
            attempt.authorised,
            payment.purpose,
        )
    ]


def excess(command: CapturePayment, payment: Requested, attempt: Attempt, cause: Excess) -> list[PaymentEvent]:
    """Money that nobody is owed goes back at once, all of it."""
    came = ExcessCaptured(
        payment.id,
        payment.payer_id,
        attempt.number,
        attempt.provider,
        command.currency,
        command.amount,
        command.fee,
        command.provider_reference,
        cause,
        command.now,
        attempt.authorised,
    )
    back = RefundRequested(
        payment.id,
        uuid5(payment.id, f"excess {attempt.number}"),
        None,
        payment.payer_id,
        attempt.number,
        attempt.provider,
        command.currency,
        command.amount,
        (),
        cause,
        SYSTEM.id,
        command.now,
        payment.purpose,
        payment.group_id,
    )
    return [came, back]


def failed(payment: Requested, attempt: Attempt, code: str, now: datetime) -> PaymentFailed:
    return PaymentFailed(
        payment.id,
        payment.checkout_id,
        payment.payer_id,
        attempt.number,
        attempt.provider,
        code[:CODE_LIMIT],
        payment.currency,
        attempt.authorised,
        now,
    )


def refund_reported(command: ConfirmRefund | FailRefund, payment: Requested) -> list[PaymentEvent]:
    """A refund that failed stays so: a provider may pay first and fail afterwards, never the other way round.

    What was asked for again has failed the time before, whatever is still heard of that.
    """
    refund = payment.refunds.get(command.refund_id)
    if refund is None:
        raise Rejected("refund_not_found")
    if command.asking < refund.asked:
        return []
    provider = the_attempt(payment, refund.attempt).provider
    whose = (payment.purpose, payment.group_id)
    about = (payment.id, refund.id, refund.order_id, payment.payer_id, refund.attempt, provider, refund.currency, refund.amount)
    match command:
        case ConfirmRefund() if refund.state is Refunding.REQUESTED:
            return [RefundPaid(*about, refund.shares, command.provider_reference, command.now, *whose)]
        case FailRefund() if refund.state is Refunding.REQUESTED and kept_by_bank(payment, refund):
            waits = deferred(payment, refund, command.now)
            return [waits, *resumed(after(payment, [waits]), command.now)]
        case FailRefund() if refund.state in {Refunding.REQUESTED, Refunding.PAID}:
            return [RefundFailed(*about, refund.shares, command.code[:CODE_LIMIT], refund.state is Refunding.PAID, command.now, *whose)]
        case _:
            return []


def kept_by_bank(payment: Requested, refund: Refund) -> bool:
    """Whether a contribution cannot be given back because the payer's bank has the money, or has given it back itself."""
    attempt = the_attempt(payment, refund.attempt)
    ours = payment.purpose == CONTRIBUTION and attempt.stage is Stage.CAPTURED
    return ours and (payment.contested(attempt) or payment.charged_back(attempt) > 0)


def after(payment: Requested, events: Iterable[PaymentEvent]) -> Requested:
    for each in events:
        found = evolve(payment, each)
        payment = found if isinstance(found, Requested) else payment
    return payment


def decided(command: CloseDispute, payment: Requested) -> list[PaymentEvent]:
    """The bank's ruling, and what follows for refunds that waited for it."""
    ruled = closed(command, payment)
    return [*ruled, *resumed(after(payment, ruled), command.now)] if ruled else []


def opened(command: OpenDispute | CloseDispute, payment: Requested) -> DisputeOpened:
    attempt = the_attempt(payment, command.attempt)
    return DisputeOpened(
        payment.id,
        command.dispute,
        payment.payer_id,
        attempt.number,
        attempt.provider,
        attempt.currency,
        command.amount,
        command.fee,
        disputed_shares(attempt, command.amount),
        command.reason,
        command.now,
    )


def closed(command: CloseDispute, payment: Requested) -> list[PaymentEvent]:
    attempt, known = the_attempt(payment, command.attempt), payment.disputes.get(command.dispute)
    if known is not None and known.state is not Disputing.OPEN:
        return []
    before: list[PaymentEvent] = [] if known else [opened(command, payment)]
    amount = known.amount if known else command.amount
    about = (payment.id, command.dispute, attempt.provider, attempt.currency, amount)
    shares = disputed_shares(attempt, amount)
    if command.won:
        return [*before, DisputeWon(*about, command.fee_returned, shares, command.now)]
    return [*before, DisputeLost(*about, shares, command.now)]


def disputed_shares(attempt: Attempt, amount: int) -> tuple[Share, ...]:
    return () if attempt.stage in {Stage.HELD, Stage.EXCESS} else scaled(attempt.shares, amount)

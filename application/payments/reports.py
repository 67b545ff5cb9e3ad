"""What a provider says, as the command that reports it."""

from datetime import datetime

from application.payments.ports import Repaid, Ruling, Said, Seen, SeenDispute, SeenRefund, State
from domain.payments.commands import (
    AuthorisePayment,
    CapturePayment,
    CloseDispute,
    ConfirmRefund,
    FailPayment,
    FailRefund,
    OpenDispute,
    ReportPayment,
    RequireAction,
)


def report(said: Said, now: datetime) -> ReportPayment | None:
    """None where there is nothing to report yet."""
    match said:
        case Seen():
            return _attempt(said, now)
        case SeenRefund(state=Repaid.PAID):
            return ConfirmRefund(said.payment_id, said.refund_id, said.reference, now, said.asking)
        case SeenRefund(state=Repaid.FAILED):
            return FailRefund(said.payment_id, said.refund_id, said.code or "refused", now, said.asking)
        case SeenRefund():
            return None
        case SeenDispute(ruling=Ruling.OPEN):
            return OpenDispute(said.payment_id, said.attempt, said.reference, said.amount, said.fee, said.reason, now)
        case SeenDispute():
            won = said.ruling is Ruling.WON
            about = (said.payment_id, said.attempt, said.reference, said.amount, said.fee, said.reason)
            return CloseDispute(*about, won, now, said.fee_returned)


def _attempt(seen: Seen, now: datetime) -> ReportPayment | None:
    match seen.state:
        case State.PENDING:
            return None
        case State.ACTION_REQUIRED:
            return RequireAction(seen.payment_id, seen.attempt, seen.reference, now)
        case State.AUTHORISED:
            return AuthorisePayment(seen.payment_id, seen.attempt, seen.reference, seen.currency, seen.amount, now)
        case State.CAPTURED:
            return CapturePayment(seen.payment_id, seen.attempt, seen.reference, seen.currency, seen.amount, seen.fee, now)
        case State.FAILED:
            return FailPayment(seen.payment_id, seen.attempt, seen.code or "refused", now)

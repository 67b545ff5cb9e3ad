"""What follows between a group purchase and its members' payments: what is paid counts, and what is owed back goes back."""

from datetime import datetime
from uuid import UUID

from application.effects.effect import Process
from domain.groups.commands import ConfirmContribution, FailMemberRefund, RecordRefund
from domain.groups.contributions.events import ContributionReturned
from domain.groups.events import RefundingBegan
from domain.groups.values import Owing
from domain.payments.commands import RequestRefund
from domain.payments.events import PaymentCaptured, RefundFailed, RefundMet, RefundPaid
from domain.payments.purposes import CONTRIBUTION
from domain.process import Owed


def confirm(event: PaymentCaptured) -> Owed:
    if event.purpose != CONTRIBUTION:
        return []
    id = event.checkout_id
    return [(id, ConfirmContribution(id, event.payer_id, event.payment_id, event.amount, event.currency, event.at))]


def give_back(event: ContributionReturned) -> Owed:
    return [asked(event.owing, event.reason, event.at)]


def give_everything_back(event: RefundingBegan) -> Owed:
    """Each on its own: one that cannot be paid keeps nobody else waiting."""
    return [asked(each, "failed", event.at) for each in event.owings]


def asked(owing: Owing, reason: str, now: datetime) -> tuple[UUID, RequestRefund]:
    return owing.payment_id, RequestRefund(owing.payment_id, owing.refund_id, None, owing.refund or owing.amount, reason, now)


def record(event: RefundPaid) -> Owed:
    """The group knows which refunds are its own: others, of money that came too late, change nothing there."""
    group = event.group_id
    if group is None:
        return []
    return [(group, RecordRefund(group, event.payer_id, event.payment_id, event.refund_id, event.at))]


def count(event: RefundMet) -> Owed:
    """What is left of it is on its way, and recorded when it has arrived."""
    group = event.group_id
    if group is None or event.left:
        return []
    return [(group, RecordRefund(group, event.payer_id, event.payment_id, event.refund_id, event.at, by_bank=True))]


def fail(event: RefundFailed) -> Owed:
    group = event.group_id
    if group is None:
        return []
    return [(group, FailMemberRefund(group, event.payer_id, event.payment_id, event.refund_id, event.at, event.code))]


REACTIONS = (
    Process(PaymentCaptured, "confirm_contribution", confirm),
    Process(ContributionReturned, "refund", give_back),
    Process(RefundingBegan, "refund", give_everything_back),
    Process(RefundPaid, "record_refund", record),
    Process(RefundMet, "record_refund", count),
    Process(RefundFailed, "fail_member_refund", fail),
)

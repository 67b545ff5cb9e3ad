"""Does one job, by the kind of its work."""

from collections.abc import Callable

from application.effects.job import (
    BillGroup,
    BillOrder,
    BillTier,
    CreditGroup,
    CreditIssue,
    CreditRefund,
    EraseUser,
    FillCourier,
    FindCourier,
    FollowErasures,
    HoldPlaces,
    Job,
    KeepSnapshot,
    React,
    RunImport,
    SendCode,
    SendDigest,
    SendLetter,
    SendText,
    TellDigest,
    TellGroup,
    TellNews,
    TellOfStock,
    TellPerson,
)
from application.effects.occurrences import FollowPayment, PlaceDay
from application.imports.running import Importer
from application.invoices.groups import GroupInvoicing
from application.invoices.invoicing import Invoicing
from application.invoices.tiers import TierInvoicing
from application.jobs import find_courier, keep_snapshot, react, tell_of_stock
from application.jobs.forget import Forget
from application.jobs.groups.tell import Tell
from application.jobs.occurrences import OccurrenceJobs
from application.jobs.ports import Interrupted
from application.jobs.sending import code, letter, text
from application.payments.doing import PaymentJobs
from application.tiers.holding import HoldingPlaces


class Do:
    """`stopping` tells whether this process has been told to end."""

    def __init__(
        self,
        send: letter.SendLetter,
        react: react.React,
        keep: keep_snapshot.KeepSnapshot,
        importer: Importer,
        payments: PaymentJobs,
        find_courier: find_courier.FindCourier,
        occurrences: OccurrenceJobs,
        send_text: text.SendText,
        send_code: code.SendCode,
        tell_of_stock: tell_of_stock.TellOfStock,
        invoicing: Invoicing,
        group_invoicing: GroupInvoicing,
        tier_invoicing: TierInvoicing,
        holding_places: HoldingPlaces,
        tell: Tell,
        forget: Forget,
        stopping: Callable[[], bool],
    ) -> None:
        self._send = send
        self._react = react
        self._keep = keep
        self._importer = importer
        self._payments = payments
        self._find_courier = find_courier
        self._occurrences = occurrences
        self._send_text = send_text
        self._send_code = send_code
        self._tell_of_stock = tell_of_stock
        self._invoicing = invoicing
        self._group_invoicing = group_invoicing
        self._tier_invoicing = tier_invoicing
        self._holding_places = holding_places
        self._tell = tell
        self._forget = forget
        self._stopping = stopping

    def __call__(self, job: Job) -> None:
        """Raises `Skipped` and `Refused` where the job has ended thereby, `Interrupted` where this process is to end before it is done.

        After anything else it is to be tried again.
        """
        match job.work:
            case SendLetter():
                self._send(job.id, job.work)
            case React():
                self._react(job.work)
            case KeepSnapshot():
                self._keep(job.work)
            case RunImport(import_id):
                self._importer(import_id, job.correlation_id, self._between_batches)
            case FindCourier() | FillCourier():
                self._find_courier(job.id, job.work, job.correlation_id)
            case SendText():
                self._send_text(job.id, job.work)
            case SendCode():
                self._send_code(job.id, job.work)
            case TellOfStock():
                self._tell_of_stock(job.id, job.work, job.correlation_id)
            case TellGroup() | TellPerson() | TellNews() | TellDigest() | SendDigest():
                self._tell(job, job.work)
            case PlaceDay() | FollowPayment():
                self._occurrences(job, job.work)
            case BillOrder(order_id):
                self._invoicing.bill(order_id, job.correlation_id, job.event_id)
            case CreditRefund(payment_id, refund_id):
                self._invoicing.credit(payment_id, refund_id, job.correlation_id, job.event_id)
            case BillGroup() | CreditIssue() | CreditGroup():
                self._group_invoicing(job.work, job.correlation_id, job.event_id)
            case BillTier(user_id, charge):
                self._tier_invoicing(user_id, charge, job.correlation_id, job.event_id)
            case HoldPlaces():
                self._holding_places(job.id, job.correlation_id, self._between_batches)
            case EraseUser() | FollowErasures():
                self._forget(job, job.work)
            case _:
                self._payments(job.id, job.work, job.correlation_id)

    def _between_batches(self, _row: int) -> None:
        if self._stopping():
            raise Interrupted

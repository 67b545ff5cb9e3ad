"""Does the jobs of payments, by the kind of their work."""

from collections.abc import Callable
from uuid import UUID

from application.effects.calls import (
    BeginAttempt,
    ComparePayments,
    HandleMessage,
    PaymentWork,
    PayoutWork,
    SendSandboxMessage,
    TierWork,
)
from application.payments import messages
from application.payments.calls import Calls
from application.payments.payouts import PayoutJobs
from application.payments.reconciliation import Compare
from application.tiers.jobs import TierJobs


class PaymentJobs:
    """`send` lets the sandbox tell us something."""

    def __init__(
        self,
        calls: Calls,
        handle_message: messages.HandleMessage,
        compare: Compare,
        send: Callable[[UUID], None],
        tiers: TierJobs,
        payouts: PayoutJobs,
    ) -> None:
        self._calls = calls
        self._handle_message = handle_message
        self._compare = compare
        self._send = send
        self._tiers = tiers
        self._payouts = payouts

    def __call__(self, job_id: UUID, work: PaymentWork, correlation_id: UUID) -> None:
        if isinstance(work, TierWork):
            self._tiers(job_id, work, correlation_id)
            return
        if isinstance(work, PayoutWork):
            self._payouts(job_id, work, correlation_id)
            return
        match work:
            case HandleMessage(message_id):
                self._handle_message(message_id, correlation_id)
            case ComparePayments(provider):
                self._compare(provider, job_id)
            case SendSandboxMessage(message_id):
                self._send(message_id)
            case BeginAttempt():
                # Whoever asks a provider for money compares books with it, from that day on.
                self._compare.begin()
                self._calls(job_id, work, correlation_id)
            case _:
                self._calls(job_id, work, correlation_id)

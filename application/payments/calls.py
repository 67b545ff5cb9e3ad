"""Calls to providers: each is noted before it is made, and one whose answer never came is asked about before it is made again."""

from uuid import UUID, uuid5

from application.effects.calls import AskPayment, BeginAttempt, CancelAttempts, CaptureAttempt, PaymentCall, PayRefund
from application.handler import Handler
from application.jobs.ports import Refused, Skipped
from application.payments.ports import AttemptBook, Back, Charge, PaymentProvider, Providers, Said, Seen, State
from application.payments.reports import report
from application.ports import Clock, Meta
from domain.payments.payment import payments
from domain.payments.standing import RECEIVED, Attempt, Refunding, Requested
from domain.values import SYSTEM, clear


class Calls:
    """The jobs that ask providers for something. `site` is the address that payers come back to."""

    def __init__(self, handle: Handler, providers: Providers, book: AttemptBook, site: str, clock: Clock) -> None:
        self._handle = handle
        self._providers = providers
        self._book = book
        self._site = site
        self._clock = clock

    def __call__(self, job_id: UUID, work: PaymentCall, correlation_id: UUID) -> None:
        """Raises `Skipped` where nothing is left to do, `Unavailable` where it must be tried again. `job_id` follows from the event's."""
        payment = self._payment(work.payment_id)
        match work:
            case BeginAttempt(attempt=number):
                self._begin(job_id, payment, the(payment, number), correlation_id)
            case CaptureAttempt(attempt=number):
                self._capture(job_id, the(payment, number), payment, correlation_id)
            case CancelAttempts():
                for attempt in payment.attempts:
                    if given_up(payment, attempt):
                        self._cancel(job_id, payment, attempt, correlation_id)
            case AskPayment():
                for attempt in payment.attempts:
                    self._look(job_id, payment, attempt, correlation_id)
            case PayRefund(refund_id=refund_id):
                self._refund(job_id, payment, refund_id, correlation_id)

    def _begin(self, job_id: UUID, payment: Requested, attempt: Attempt, correlation_id: UUID) -> None:
        if not attempt.open or given_up(payment, attempt):
            raise Skipped("attempt_over")
        provider = self._provider(attempt)
        tried = self._book.trying(payment.id, attempt.number, attempt.provider, self._clock())
        charge = self._charge(payment, attempt)
        seen = None if tried.first else provider.find(charge, tried.since)
        seen = seen or provider.begin(charge)
        self._book.keep(seen)
        self._tell(job_id, seen, correlation_id)
        # It may have been given up while the provider was asked: nothing may stay reserved then.
        now = self._payment(payment.id)
        if seen.state is not State.CAPTURED and given_up(now, the(now, attempt.number)):
            self._cancel(job_id, now, the(now, attempt.number), correlation_id)

    def _capture(self, job_id: UUID, attempt: Attempt, payment: Requested, correlation_id: UUID) -> None:
        if not attempt.open:
            raise Skipped("attempt_over")
        provider = self._provider(attempt)
        seen = provider.look(attempt.provider_reference)
        if seen.state is State.AUTHORISED:
            seen = provider.capture(attempt.provider_reference, attempt.asked, f"{payment.id}:{attempt.number}:capture")
        self._tell(job_id, seen, correlation_id)

    def _cancel(self, job_id: UUID, payment: Requested, attempt: Attempt, correlation_id: UUID) -> None:
        known = self._book.known(payment.id, attempt.number)
        if known is None:
            return  # the provider was never asked, and will not be
        provider = self._provider(attempt)
        found = provider.look(known.reference) if known.reference else provider.find(self._charge(payment, attempt), known.since)
        if found is None:
            return
        if found.state not in {State.CAPTURED, State.FAILED}:
            found = provider.cancel(found.reference, f"{payment.id}:{attempt.number}:cancel")
        self._tell(job_id, found, correlation_id)

    def _look(self, job_id: UUID, payment: Requested, attempt: Attempt, correlation_id: UUID) -> None:
        """As the provider stands to it now: the same as its message says, whichever comes first."""
        known = self._book.known(payment.id, attempt.number)
        if known is None or attempt.stage in RECEIVED:
            return
        provider = self._provider(attempt)
        found = provider.look(known.reference) if known.reference else provider.find(self._charge(payment, attempt), known.since)
        if found is not None:
            self._tell(job_id, found, correlation_id)

    def _refund(self, job_id: UUID, payment: Requested, refund_id: UUID, correlation_id: UUID) -> None:
        refund = payment.refunds[refund_id]
        if refund.state is not Refunding.REQUESTED:
            raise Skipped("refund_over")
        attempt = the(payment, refund.attempt)
        provider = self._provider(attempt)
        back = Back(payment.id, refund_id, attempt.provider_reference, refund.currency, refund.amount, refund.asked)
        self._tell(job_id, provider.find_refund(back) or provider.refund(back), correlation_id)

    def _tell(self, job_id: UUID, said: Said, correlation_id: UUID) -> None:
        """What was heard comes back as a command; its id follows from the job's, so that doing the job again repeats nothing."""
        command = report(said, self._clock())
        if command is not None:
            of = f"{type(command).__name__} {said.attempt}" if isinstance(said, Seen) else type(command).__name__
            self._handle(said.payment_id, command, Meta(uuid5(job_id, of), SYSTEM.id, correlation_id, job_id))

    def _charge(self, payment: Requested, attempt: Attempt) -> Charge:
        return Charge(
            f"{payment.id}:{attempt.number}",
            payment.id,
            attempt.number,
            payment.payer_id,
            payment.currency,
            payment.amount,
            clear(attempt.method),
            payment.manual,
            f"{self._site}/payments/{payment.id}",
        )

    def _payment(self, payment_id: UUID) -> Requested:
        found = self._handle.state(payment_id, payments)
        if not isinstance(found, Requested):
            raise Skipped("no_payment")
        return found

    def _provider(self, attempt: Attempt) -> PaymentProvider:
        found = self._providers.get(attempt.provider)
        if found is None:
            raise Refused(f"no provider {attempt.provider} is configured")
        return found


def the(payment: Requested, number: int) -> Attempt:
    found = payment.attempt(number)
    if found is None:
        raise Skipped("no_attempt")
    return found


def given_up(payment: Requested, attempt: Attempt) -> bool:
    """Whether nobody waits for this attempt any longer, though the provider may still bring it to something."""
    return attempt.stage not in RECEIVED and (attempt.abandoned or bool(payment.ended))

"""The daily comparison with each provider: what was missed is repaired by the same commands, and the rest is reported."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from application.handler import Handler
from application.payments.ports import Compared, ComparisonBook, Difference, MessageBook, PaymentProvider, Providers, Seen, State
from application.payments.reports import report
from application.ports import Clock, Meta
from domain.decider import Rejected
from domain.payments.payment import payments
from domain.payments.standing import RECEIVED, Attempt, Requested, Stage
from domain.values import SYSTEM

COMPARISONS = UUID("3c0f4f1e-4f2e-5b8c-9d0a-5d3f7a1c2b60")
"""The namespace of comparisons and of the commands that they give."""

EVERY = timedelta(days=1)
BACK = timedelta(days=3)
"""How far each comparison looks back: further than one day, so that a failed one is made up for."""

MESSAGES_KEPT = timedelta(days=400)
"""How long a message can be replayed: longer than any dispute of a payment takes."""

AT = timedelta(hours=3)
"""When in the day, in UTC."""

REACHED = {State.ACTION_REQUIRED: Stage.ACTION_REQUIRED, State.AUTHORISED: Stage.AUTHORISED, State.FAILED: Stage.FAILED}


class Compare:
    """The messages that are older than they are of use are emptied on the same occasion."""

    def __init__(self, handle: Handler, providers: Providers, book: ComparisonBook, messages: MessageBook, clock: Clock) -> None:
        self._handle = handle
        self._providers = providers
        self._book = book
        self._messages = messages
        self._clock = clock

    def begin(self) -> None:
        """See to it that every provider is compared with, from tomorrow on."""
        for name in self._providers:
            self._next(name, self._clock())

    def __call__(self, name: str, job_id: UUID) -> None:
        until = self._clock()
        self._next(name, until)
        self._messages.empty(until - MESSAGES_KEPT)
        provider = self._providers.get(name)
        if provider is not None:
            self._book.compared(job_id, self._compared(name, provider, until - BACK, until))

    def _next(self, name: str, now: datetime) -> None:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self._book.next(name, midnight + EVERY + AT)

    def _compared(self, name: str, provider: PaymentProvider, since: datetime, until: datetime) -> Compared:
        found: list[Difference] = []
        theirs: set[str] = set()
        for seen in provider.between(since, until):
            theirs.add(seen.reference)
            found += self._difference(seen, until)
        for ours in self._book.asked(name, since, until):
            if ours.reference and ours.reference not in theirs:
                found.append(Difference("provider_has_none", ours.reference, ours.payment_id, False))
        return Compared(name, since, until, len(theirs), found)

    def _difference(self, seen: Seen, until: datetime) -> list[Difference]:
        payment = self._handle.state(seen.payment_id, payments)
        if not isinstance(payment, Requested):
            return [Difference("payment_unknown", seen.reference, seen.payment_id, False, f"{seen.state} {seen.amount} {seen.currency}")]
        attempt = payment.attempt(seen.attempt)
        if attempt is None:
            return [Difference("attempt_unknown", seen.reference, seen.payment_id, False, f"attempt {seen.attempt}")]
        if attempt.stage in RECEIVED:
            return disagreement(seen, attempt)
        return self._repair(seen, payment, until)

    def _repair(self, seen: Seen, payment: Requested, until: datetime) -> list[Difference]:
        command = report(seen, until)
        if command is None or (payment.attempts[seen.attempt - 1].stage is REACHED.get(seen.state)):
            return []
        before = payments.decide(command, payment)
        if not before:
            return []
        meta_id = uuid5(COMPARISONS, f"{seen.payment_id} {seen.attempt} {seen.state}")
        try:
            self._handle(seen.payment_id, command, Meta(meta_id, SYSTEM.id, meta_id))
        except Rejected as rejected:
            return [Difference("not_repaired", seen.reference, seen.payment_id, False, rejected.code)]
        return [Difference(f"missed_{seen.state}", seen.reference, seen.payment_id, True)]


def disagreement(seen: Seen, attempt: Attempt) -> list[Difference]:
    """Where money came by our books, and the provider says something else."""
    if seen.state is not State.CAPTURED:
        return [Difference("provider_has_not_captured", seen.reference, seen.payment_id, False, f"it says {seen.state}")]
    if (seen.amount, seen.currency) != (attempt.received, attempt.currency):
        detail = f"{seen.amount} {seen.currency} there, {attempt.received} {attempt.currency} here"
        return [Difference("amount_differs", seen.reference, seen.payment_id, False, detail)]
    return []

"""What lies outside the service: a provider of payments, which does what it is asked and may not say so, and letter boxes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from application.payments.ports import Announced, Back, Charge, Repaid, Seen, SeenRefund, State, Tried
from application.ports import Unavailable
from tests.simulation.stage import Stage

GOOD, DECLINED, SLOW = "good", "declined", "slow"


class Provider:
    """Its books: what it was asked for, under each key once. A slow card is charged when it settles, unless it was given up before."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.charges: dict[str, Seen] = {}
        self.refunds: dict[str, SeenRefund] = {}
        self.amounts: dict[str, int] = {}

    def accepts(self, method: str, currency: str) -> bool:  # noqa: ARG002
        return method in {GOOD, DECLINED, SLOW}

    def begin(self, charge: Charge) -> Seen:
        self._asked(f"charge {charge.amount}")
        reference = f"ch {charge.key}"
        if reference not in self.charges:
            state = {GOOD: State.CAPTURED, DECLINED: State.FAILED}.get(charge.method, State.PENDING)
            fee = 10 if state is State.CAPTURED else 0
            self.charges[reference] = Seen(
                charge.payment_id, charge.attempt, reference, state, charge.currency, charge.amount, fee, "card_declined"
            )
        return self._answered(self.charges[reference])

    def find(self, charge: Charge, since: datetime) -> Seen | None:  # noqa: ARG002
        self._asked("find a charge")
        found = self.charges.get(f"ch {charge.key}")
        return self._answered(found)

    def look(self, reference: str) -> Seen:
        self._asked("look at a charge")
        return self._answered(self.charges[reference])

    def capture(self, reference: str, amount: int, key: str) -> Seen:
        raise NotImplementedError((reference, amount, key))

    def cancel(self, reference: str, key: str) -> Seen:  # noqa: ARG002
        self._asked("give a charge up")
        found = self.charges[reference]
        if found.state is State.PENDING:
            found = self.charges[reference] = replace(found, state=State.FAILED, code="cancelled")
        return self._answered(found)

    def refund(self, back: Back) -> SeenRefund:
        self._asked(f"pay back {back.amount}")
        if back.key not in self.refunds:
            self.refunds[back.key] = SeenRefund(back.payment_id, back.refund_id, f"re {back.key}", Repaid.PAID, asking=back.asking)
            self.amounts[back.key] = back.amount
        return self._answered(self.refunds[back.key])

    def find_refund(self, back: Back) -> SeenRefund | None:
        self._asked("find a refund")
        return self._answered(self.refunds.get(back.key))

    def between(self, since: datetime, until: datetime) -> Iterable[Seen]:
        raise NotImplementedError((since, until))

    def verify(self, headers: Mapping[str, str], body: bytes) -> Announced:
        raise NotImplementedError((headers, body))

    def understand(self, body: bytes) -> Any:
        raise NotImplementedError(body)

    def settle(self, reference: str) -> Seen:
        """The bank has made up its mind about a slow card."""
        found = self.charges[reference]
        if found.state is State.PENDING:
            found = self.charges[reference] = replace(found, state=State.CAPTURED, fee=10)
        return found

    def _asked(self, what: str) -> None:
        self._stage.point(f"ask the provider: {what}")
        if self._stage.strikes(self._stage.faults.refused):
            self._stage.told("the provider does not answer")
            raise Unavailable("provider")

    def _answered(self, answer: Any) -> Any:
        self._stage.point("the provider has answered")
        if self._stage.strikes(self._stage.faults.lost):
            self._stage.told("the provider's answer is lost")
            raise Unavailable("provider")
        return answer


class Attempts:
    """`AttemptBook`, as the table has it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._tried: dict[tuple[UUID, int], Tried] = {}

    def trying(self, payment_id: UUID, attempt: int, provider: str, now: datetime) -> Tried:  # noqa: ARG002
        self._stage.point("note an attempt")
        known = self._tried.get((payment_id, attempt))
        if known is None:
            self._tried[payment_id, attempt] = Tried(False, now, "")
            return Tried(True, now, "")
        return known

    def known(self, payment_id: UUID, attempt: int) -> Tried | None:
        self._stage.point("look at an attempt")
        return self._tried.get((payment_id, attempt))

    def keep(self, seen: Seen) -> None:
        self._stage.point("keep an attempt")
        known = self._tried[seen.payment_id, seen.attempt]
        self._tried[seen.payment_id, seen.attempt] = replace(known, reference=seen.reference or known.reference)


class Post:
    """How often a letter was handed over, by the job that it is of; one whose sender died goes out again."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.sent: dict[UUID, int] = {}

    def send(self, job_id: UUID) -> None:
        self._stage.point("hand over a letter")
        self.sent[job_id] = self.sent.get(job_id, 0) + 1
        self._stage.point("the letter is taken")
        if self._stage.strikes(self._stage.faults.lost):
            self._stage.told("the answer of the post is lost")
            raise Unavailable("smtp")

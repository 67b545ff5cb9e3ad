"""Whatever a provider reports, as often and in whatever order: the same end, and no money is lost or taken twice."""

from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.decider import Rejected
from domain.payments import commands as c
from domain.payments import events as e
from domain.payments.commands import PaymentCommand
from domain.payments.lifecycle import LIFECYCLE
from domain.payments.payment import payments
from domain.payments.shares import Share, parts
from domain.payments.standing import Requested
from domain.values import Actor
from tests.bdd import erased
from tests.domain.payments.purse import (
    BREAD,
    CLEO,
    DUE,
    EVE,
    MILK,
    NOON,
    PAYMENT,
    REFUND,
    SAM,
    STAN,
    SUE,
    authorise,
    capture,
    fail,
    refund,
    request,
    retry,
)

REPORTS = (
    c.RequireAction(PAYMENT, 1, "ref-1", NOON),
    authorise(),
    capture(),
    fail(),
    c.OpenDispute(PAYMENT, 1, "dp-1", 400, 1500, "fraudulent", NOON),
    c.CloseDispute(PAYMENT, 1, "dp-1", 400, 1500, "fraudulent", False, NOON),
)
PEOPLE = (CLEO, SAM, SUE, STAN, EVE)
actors = st.sampled_from(PEOPLE)


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=12), st.integers(0, 10**15))
def test_parts_add_up_to_the_whole_and_lie_within_one_unit_of_their_due(weights: list[int], total: int):
    found = parts(total, weights)
    assert sum(found) == total
    if sum(weights):
        assert all(abs(part * sum(weights) - total * weight) < sum(weights) for part, weight in zip(found, weights, strict=True))


def after(reports: Any) -> Requested:
    state: Any = payments.fold(payments.decide(request(), payments.initial))
    for report in reports:
        state = payments.fold(payments.decide(report, state), state)
    return state


@given(st.permutations(REPORTS), st.lists(st.sampled_from(REPORTS), max_size=6), st.randoms(use_true_random=False))
def test_reports_in_any_order_and_number_lead_to_the_same_end(ordered: list[Any], repeated: list[Any], random: Any):
    shuffled = [*ordered, *repeated]
    random.shuffle(shuffled)
    once, often = after(REPORTS), after(shuffled)
    assert often.standing == once.standing == "charged_back"
    assert often.paid is not None
    assert (often.paid.received, often.disputes) == (1000, once.disputes)


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.PaymentEvent] = []
        self.state: Any = payments.initial

    def give(self, command: PaymentCommand) -> str | None:
        try:
            events = payments.decide(command, self.state)
        except Rejected as refusal:
            return refusal.code
        self.events += events
        self.state = payments.fold(events, self.state)
        return None

    @initialize(manual=st.booleans())
    def begin(self, manual: bool) -> None:
        self.give(request(manual=manual))

    @rule(attempt=st.integers(1, 3), amount=st.sampled_from([1000, 1000, 1000, 999, 1]), currency=st.sampled_from(["USD", "USD", "ZWG"]))
    def money_comes(self, attempt: int, amount: int, currency: str) -> None:
        self.give(capture(attempt, amount, currency))

    @rule(attempt=st.integers(1, 3), amount=st.sampled_from([1000, 1000, 999]))
    def money_is_reserved(self, attempt: int, amount: int) -> None:
        self.give(authorise(attempt, amount))

    @rule(attempt=st.integers(1, 3))
    def an_attempt_fails(self, attempt: int) -> None:
        self.give(fail(attempt))

    @rule(attempt=st.integers(1, 3))
    def the_payer_has_something_to_do(self, attempt: int) -> None:
        self.give(c.RequireAction(PAYMENT, attempt, "ref", NOON))

    @rule(by=actors)
    def somebody_tries_again(self, by: Actor) -> None:
        self.give(retry(by))

    @rule(by=actors, amount=st.sampled_from([None, 1, 500, 1000, 1001]))
    def somebody_captures(self, by: Actor, amount: int | None) -> None:
        self.give(c.RequestCapture(PAYMENT, by, NOON, amount))

    @rule(by=actors)
    def somebody_cancels(self, by: Actor) -> None:
        self.give(c.CancelPayment(PAYMENT, by, NOON))

    @rule()
    def the_time_is_over(self) -> None:
        self.give(c.ExpirePayment(PAYMENT, DUE))

    @rule(
        by=actors,
        amount=st.sampled_from([0, 1, 300, 333, 700, 1000, 1001]),
        order=st.sampled_from([MILK, BREAD, None]),
        number=st.integers(0, 5),
        attempt=st.sampled_from([None, None, 1, 2]),
    )
    def somebody_gives_back(self, by: Actor, amount: int, order: UUID | None, number: int, attempt: int | None) -> None:
        self.give(refund(amount, order, by, id=UUID(int=REFUND.int + number), attempt=attempt))

    @rule(data=st.data(), paid=st.booleans())
    def a_refund_ends(self, data: st.DataObject, paid: bool) -> None:
        asked = [event.refund_id for event in self.events if isinstance(event, e.RefundRequested)]
        if asked:
            id = data.draw(st.sampled_from(asked))
            self.give(c.ConfirmRefund(PAYMENT, id, "re", NOON) if paid else c.FailRefund(PAYMENT, id, "closed", NOON))

    @rule(attempt=st.integers(1, 2), opened=st.booleans(), won=st.booleans())
    def a_bank_disputes(self, attempt: int, opened: bool, won: bool) -> None:
        name = f"dp-{attempt}"
        self.give(
            c.OpenDispute(PAYMENT, attempt, name, 1000, 1500, "fraudulent", NOON)
            if opened
            else c.CloseDispute(PAYMENT, attempt, name, 1000, 1500, "fraudulent", won, NOON)
        )

    @invariant()
    def history_folds_also_when_everyone_in_it_is_forgotten(self) -> None:
        assert payments.fold(self.events) == self.state
        forgotten: Any = payments.fold(erased(event) for event in self.events)
        assert forgotten == payments.initial or forgotten.standing == self.state.standing

    @invariant()
    def orders_are_paid_once_and_exactly(self) -> None:
        found = [event for event in self.events if isinstance(event, e.PaymentCaptured)]
        assert len(found) <= 1
        for event in found:
            assert sum(share.amount for share in event.shares) == event.amount
            assert event.currency == "USD"

    @invariant()
    def nothing_goes_back_that_did_not_come(self) -> None:
        came: dict[int, int] = {}
        gone: dict[int, int] = {}
        for event in self.events:
            match event:
                case e.PaymentCaptured() | e.ExcessCaptured() | e.PaymentHeld():
                    came[event.attempt] = came.get(event.attempt, 0) + event.amount
                case e.RefundRequested():
                    gone[event.attempt] = gone.get(event.attempt, 0) + event.amount
                    assert not event.shares or sum(share.amount for share in event.shares) == event.amount
                case e.RefundFailed():
                    gone[event.attempt] -= event.amount
                case _:
                    pass
        assert all(amount <= came.get(attempt, 0) for attempt, amount in gone.items())

    @invariant()
    def no_order_gives_back_more_than_its_share(self) -> None:
        if isinstance(self.state, Requested) and self.state.paid is not None:
            remaining: tuple[Share, ...] = self.state.remaining(self.state.paid)
            assert all(share.amount >= 0 for share in remaining)

    @invariant()
    def money_that_nobody_is_owed_goes_back(self) -> None:
        excess = [event for event in self.events if isinstance(event, e.ExcessCaptured)]
        back = [event for event in self.events if isinstance(event, e.RefundRequested) and event.reason in set(e.Excess)]
        assert [each.attempt for each in excess] == [each.attempt for each in back]

    @invariant()
    def what_is_reserved_is_posted_or_let_go_once(self) -> None:
        reserved = 0
        for event in self.events:
            match event:
                case e.PaymentAuthorised():
                    reserved += event.amount
                case e.PaymentFailed() | e.PaymentCancelled() | e.AttemptAbandoned():
                    reserved -= event.released
                case e.PaymentCaptured() | e.ExcessCaptured() | e.PaymentHeld():
                    reserved -= event.authorised
                case _:
                    pass
            assert reserved >= 0
        if isinstance(self.state, Requested):
            assert reserved == sum(each.authorised for each in self.state.attempts)

    @invariant()
    def the_actions_shown_are_those_allowed(self) -> None:
        for by in PEOPLE:
            shown = payments.actions(self.state, by)
            for step in LIFECYCLE.steps:
                refusal = self.refusal(self.command_of(step.command, by))
                if step.action in shown:
                    assert refusal in {None, "too_many_attempts", "refund_exceeds_captured", "capture_requested", "not_yours"}
                elif step.action:
                    assert refusal in {step.refused, "not_yours", "payment_not_found"}

    def command_of(self, kind: type[Any], by: Actor) -> Any:
        content: dict[type[Any], Any] = {
            c.RetryPayment: retry(by),
            c.RequestCapture: c.RequestCapture(PAYMENT, by, NOON),
            c.CancelPayment: c.CancelPayment(PAYMENT, by, NOON),
            c.ExpirePayment: c.ExpirePayment(PAYMENT, DUE),
            c.RequestRefund: refund(1, MILK, by, id=UUID(int=999)),
        }
        return content[kind]

    def refusal(self, command: Any) -> str | None:
        try:
            payments.decide(command, self.state)
        except Rejected as refused:
            return refused.code
        return None


TestHistories = History.TestCase
TestHistories.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)

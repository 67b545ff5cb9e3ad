"""Whatever people do with an order, in whatever order: its history folds, actions are those allowed, and nothing is given back twice."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from domain.decider import Rejected
from domain.orders import commands as c
from domain.orders import events as e
from domain.orders.lifecycle import LIFECYCLE
from domain.orders.order import orders
from domain.orders.placed import Placed, left
from domain.values import SYSTEM, Actor
from tests.bdd import erased
from tests.domain.orders.shop import ALL, ANA, BEN, CARA, DUE, ELSEWHERE, NOON, ORDER, PAYMENT, STAN, TOTAL, place

PEOPLE = (CARA, ANA, BEN, STAN)
actors = st.sampled_from([*PEOPLE, SYSTEM])
moments = st.sampled_from([NOON, DUE, DUE + timedelta(days=30)])
parts = st.lists(st.builds(e.Part, st.integers(0, 3), st.integers(0, 3)), max_size=3).map(tuple)
SOMETHING = (e.Part(1, 1),)


def command_of(step: type[Any], by: Actor, now: datetime = NOON, **fields: Any) -> Any:
    """The command of a lifecycle's step, with content where it takes some."""
    content: dict[Any, Any] = {
        c.ConfirmOrder: {"payment_id": PAYMENT},
        c.ChangeOrderAddress: {"address": ELSEWHERE},
        c.CancelOrder: {"reason": e.Reason.OTHER},
        c.CancelLines: {"reason": e.Reason.OTHER, "parts": SOMETHING},
        c.RequestReturn: {"reason": e.Reason.DAMAGED, "parts": ()},
        c.AcceptReturn: {"restock": True},
        c.RefuseReturn: {"note": "Opened."},
    }
    return step(**{"order_id": ORDER, "by": by, "now": now, **content.get(step, {}), **fields})


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []
        self.state = orders.initial

    def give(self, command: Any) -> None:
        try:
            events = orders.decide(command, self.state)
        except Rejected:
            return
        self.events += events
        self.state = orders.fold(events, self.state)

    @initialize(begun=st.integers(0, 4))
    def begin(self, begun: int) -> None:
        """Most runs begin with an order; few with none."""
        if begun:
            self.give(place())

    @rule(step=st.sampled_from(LIFECYCLE.steps), by=actors, now=moments)
    def act(self, step: Any, by: Actor, now: datetime) -> None:
        self.give(command_of(step.command, by, now))

    @rule(by=st.sampled_from([CARA, ANA, STAN]), data=st.data())
    def proceed(self, by: Actor, data: st.DataObject) -> None:
        """What is shown as allowed, short of the end, so that runs get far."""
        shown = orders.actions(self.state, by)
        steps = [each for each in LIFECYCLE.steps if each.action in shown and each.action != "cancel"]
        if steps:
            self.give(command_of(data.draw(st.sampled_from(steps)).command, by))

    @rule(by=actors, parts=parts, reason=st.sampled_from(e.Reason))
    def cancel_lines(self, by: Actor, parts: Any, reason: e.Reason) -> None:
        self.give(command_of(c.CancelLines, by, parts=parts, reason=reason))

    @rule(by=actors, parts=parts, reason=st.sampled_from(e.Reason), restock=st.booleans())
    def give_back(self, by: Actor, parts: Any, reason: e.Reason, restock: bool) -> None:
        self.give(command_of(c.RequestReturn, by, parts=parts, reason=reason))
        self.give(command_of(c.AcceptReturn, by, restock=restock))

    @rule()
    def pay(self) -> None:
        self.give(command_of(c.ConfirmOrder, SYSTEM))

    @invariant()
    def history_folds_also_when_everyone_in_it_is_forgotten(self) -> None:
        assert orders.fold(self.events) == self.state
        orders.fold(erased(event) for event in self.events)

    @invariant()
    def the_actions_shown_are_those_allowed(self) -> None:
        for by in PEOPLE:
            shown = orders.actions(self.state, by)
            for step in LIFECYCLE.steps:
                if not step.action:
                    continue
                refusal = self.refusal(command_of(step.command, by))
                if step.action in shown:
                    assert refusal in {None, "quantity_invalid"}
                else:
                    assert refusal in {step.refused, "not_yours", "order_not_found"}

    @invariant()
    def nobody_gets_back_more_than_was_paid_or_taken(self) -> None:
        refunds = [event.refund for event in self.events if hasattr(event, "refund")]
        assert all(refund >= 0 for refund in refunds)
        assert sum(refunds) <= TOTAL
        back: Counter[Any] = Counter()
        for event in self.events:
            for taken in getattr(event, "given_back", ()):
                back[taken.stock_id] += taken.quantity
        assert all(back[each.stock_id] <= each.quantity for each in ALL)

    @invariant()
    def what_was_cancelled_and_paid_is_paid_back_whole(self) -> None:
        if isinstance(self.state, Placed) and self.state.status is e.Status.CANCELLED:
            assert not left(self.state)
            assert self.state.refunded == (TOTAL if self.state.paid else 0)

    @invariant()
    def each_refund_has_its_own_name(self) -> None:
        names = [event.refund_id for event in self.events if getattr(event, "refund", 0)]
        assert len(set(names)) == len(names)

    def refusal(self, command: Any) -> str | None:
        try:
            orders.decide(command, self.state)
        except Rejected as refused:
            return refused.code
        return None


TestHistories = History.TestCase
TestHistories.settings = settings(max_examples=100, stateful_step_count=20, deadline=None)


def test_the_service_cancels_what_is_left_of_anything_not_yet_delivered():
    state = orders.fold([*orders.decide(place(), orders.initial)])
    (event,) = orders.decide(replace(command_of(c.CancelOrder, SYSTEM), reason=e.Reason.UNDELIVERABLE), state)
    assert orders.decide(command_of(c.CancelOrder, SYSTEM), orders.fold([event], state)) == []

"""Whatever happens to a recurring order while time goes on: no day is served twice, none is forgotten, and actions tell the truth."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid5

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec import json
from msgspec.structs import replace

from domain.decider import Rejected
from domain.subscriptions import commands as c
from domain.subscriptions import events as e
from domain.subscriptions.recurring_order import (
    LIFECYCLE,
    RecurringOrder,
    Started,
    occurrence_actions,
    recurring_orders,
)
from domain.subscriptions.schedule import is_date, starts_at
from domain.values import SYSTEM, Actor
from tests.bdd import erased
from tests.domain.subscriptions.milk import AGAIN, BEN, CARA, FRIDAY_NOON, MILK, MONDAY, ORDER, SCHEDULE, STAN, start

actors = st.sampled_from([CARA, STAN, BEN])
RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=DAILY;COUNT=5", "FREQ=DAILY;UNTIL=20260620", "FREQ=DAILY;INTERVAL=3")


class Week(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.RecurringOrderEvent] = []
        self.state: RecurringOrder = recurring_orders.initial
        self.now = FRIDAY_NOON

    def give(self, command: Any) -> str | None:
        try:
            made = recurring_orders.decide(command, self.state)
        except Rejected as refusal:
            return refusal.code
        self.events += made
        self.state = recurring_orders.fold(made, self.state)
        return None

    @initialize(rule=st.sampled_from(RULES))
    def begin(self, rule: str) -> None:
        assert self.give(start(replace(SCHEDULE, rule=rule))) is None

    @rule(hours=st.integers(1, 60))
    def time_goes_on(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)

    @rule(outcome=st.sampled_from(["place", "fail"]), twice=st.booleans())
    def what_is_due_is_settled(self, outcome: str, twice: bool) -> None:
        """As the service does: only what is due, and sometimes told twice."""
        day = self.due()
        if day is None:
            return
        command = self.placing(day) if outcome == "place" else c.FailOccurrence(ORDER, day, "out_of_stock", "", SYSTEM, self.now)
        assert self.give(command) is None
        if twice:
            count = len(self.events)
            self.give(command)
            assert len(self.events) == count

    @rule(day=st.integers(0, 30), by=actors)
    def skip(self, day: int, by: Actor) -> None:
        self.give(c.SkipOccurrence(ORDER, self.now.date() + dt.timedelta(days=day), by, self.now))

    @rule(day=st.integers(-3, 3), by=actors)
    def retry(self, day: int, by: Actor) -> None:
        self.give(c.RetryOccurrence(ORDER, self.now.date() + dt.timedelta(days=day), by, self.now))

    @rule(day=st.integers(-2, 2))
    def a_payment_fails_late(self, day: int) -> None:
        date = self.now.date() + dt.timedelta(days=day)
        self.give(c.FailOccurrence(ORDER, date, "card_declined", "", SYSTEM, self.now, checkout_of(date, 1)))

    @rule(step=st.sampled_from([c.PauseRecurringOrder, c.ResumeRecurringOrder]), by=actors)
    def pause_or_resume(self, step: Any, by: Actor) -> None:
        self.give(step(ORDER, by, self.now))

    @rule(quantity=st.integers(0, 3), by=actors)
    def change(self, quantity: int, by: Actor) -> None:
        self.give(c.ChangeQuantities(ORDER, (e.WantedLine(MILK, "", quantity),), by, self.now))

    @rule(by=actors)
    def end(self, by: Actor) -> None:
        if self.now > FRIDAY_NOON + dt.timedelta(days=20):
            self.give(c.EndRecurringOrder(ORDER, by, self.now))

    @invariant()
    def history_folds_also_when_everyone_in_it_is_forgotten_and_the_state_survives_being_stored(self) -> None:
        assert recurring_orders.fold(self.events) == self.state
        assert recurring_orders.fold(erased(event) for event in self.events) == self.state
        assert json.decode(json.encode(self.state), type=RecurringOrder) == self.state

    @invariant()
    def a_running_order_always_has_a_next_day_and_no_other_has(self) -> None:
        if isinstance(self.state, Started):
            assert (self.state.scheduled is not None) == (self.state.status == e.Status.ACTIVE)

    @invariant()
    def no_day_is_placed_twice_unless_it_failed_between(self) -> None:
        for day in {event.date for event in self.told(e.OccurrencePlaced)}:
            told = [type(event) for event in self.told(e.OccurrencePlaced, e.OccurrenceFailed) if event.date == day]
            assert all(pair != (e.OccurrencePlaced, e.OccurrencePlaced) for pair in pairwise(told))

    @invariant()
    def first_attempts_come_in_the_order_of_days_and_only_on_days_of_the_rule_that_were_not_skipped(self) -> None:
        if not isinstance(self.state, Started):
            return
        seen: list[dt.date] = []
        for event in self.told(e.OccurrencePlaced, e.OccurrenceFailed):
            if event.date not in seen:
                seen.append(event.date)
        assert seen == sorted(seen)
        assert all(is_date(self.state.schedule, day) for day in seen)
        assert not {event.date for event in self.told(e.OccurrenceSkipped)} & set(seen)

    @invariant()
    def the_actions_shown_are_those_allowed(self) -> None:
        for by in (CARA, STAN, BEN):
            shown = recurring_orders.actions(self.state, by)
            for step in LIFECYCLE.steps:
                if not step.action:
                    continue
                refusal = self.refusal(self.asked(step.command, by))
                if step.action in shown:
                    assert refusal in {None, "date_invalid", "occurrence_settled"}
                else:
                    assert refusal in {step.refused, "not_yours"}

    @invariant()
    def a_day_offers_to_be_tried_again_just_when_it_may_be(self) -> None:
        if not isinstance(self.state, Started):
            return
        for day, known in self.state.settled.items():
            for by in (CARA, STAN, BEN):
                refusal = self.refusal(c.RetryOccurrence(ORDER, day, by, self.now))
                starting = starts_at(self.state.schedule, day)
                offered = occurrence_actions(CARA.id, known.outcome, starting, self.now, by) == ["retry"]
                assert refusal in ({None} if offered else {"occurrence_not_failed", "occurrence_missed", "not_yours"})

    def told(self, *types: Any) -> Sequence[Any]:
        return [event for event in self.events if isinstance(event, types)]

    def due(self) -> dt.date | None:
        for event in reversed(self.told(e.OccurrenceScheduled)):
            known = self.state.settled if isinstance(self.state, Started) else {}
            retrying = [day for day, each in known.items() if each.outcome is e.Outcome.RETRYING]
            scheduled = event.date if isinstance(self.state, Started) and self.state.scheduled == event.date else None
            return retrying[0] if retrying else scheduled if event.due_at <= self.now else None
        return None

    def placing(self, day: dt.date) -> c.PlaceOccurrence:
        assert isinstance(self.state, Started)
        known = self.state.settled.get(day)
        return c.PlaceOccurrence(ORDER, day, checkout_of(day, known.attempt if known else 1), (AGAIN,), SYSTEM, self.now)

    def asked(self, command: type[Any], by: Actor) -> Any:
        if command is c.SkipOccurrence:
            return c.SkipOccurrence(ORDER, MONDAY, by, self.now)
        if command is c.ChangeQuantities:
            return c.ChangeQuantities(ORDER, (e.WantedLine(MILK, "", 9),), by, self.now)
        return command(ORDER, by, self.now)

    def refusal(self, command: Any) -> str | None:
        try:
            recurring_orders.decide(command, self.state)
        except Rejected as refused:
            return refused.code
        return None


def checkout_of(day: dt.date, attempt: int) -> UUID:
    return uuid5(ORDER, f"{day} {attempt}")


TestWeeks = Week.TestCase
TestWeeks.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)

"""Whatever sellers and orders do with a stock, in whatever order: nothing is promised twice, and everything adds up."""

from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.decider import Rejected
from domain.stock import events as e
from domain.stock.stock import Stocked, stocks
from tests.domain.stock.shelf import adjust, commit, count, give_back, receive, reserve, watch

orders = st.integers(0, 4).map(lambda number: UUID(int=number))
quantities = st.integers(1, 12)


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.StockEvent] = []
        self.state = stocks.initial

    def give(self, command: Any) -> list[e.StockEvent]:
        try:
            events = stocks.decide(command, self.state)
        except Rejected:
            return []
        self.events += events
        self.state = stocks.fold(events, self.state)
        return events

    @initialize(begun=st.integers(0, 20))
    def begin(self, begun: int) -> None:
        self.give(receive(begun))

    @rule(quantity=quantities)
    def receive(self, quantity: int) -> None:
        self.give(receive(quantity))

    @rule(order=orders, quantity=quantities)
    def reserve(self, order: UUID, quantity: int) -> None:
        available = self.available
        given = self.give(reserve(quantity, order))
        assert not given or quantity <= available
        assert not self.give(reserve(quantity, order)), "twice is once"

    @rule(order=orders)
    def commit(self, order: UUID) -> None:
        available = self.available
        self.give(commit(order))
        assert self.available == available, "what is sold was no longer available"
        assert not self.give(commit(order)), "twice is once"

    @rule(order=orders, quantity=quantities)
    def give_back(self, order: UUID, quantity: int) -> None:
        self.give(give_back(quantity, order))

    @rule(difference=st.integers(-12, 12), reason=st.sampled_from(e.AdjustmentReason))
    def adjust(self, difference: int, reason: str) -> None:
        self.give(adjust(difference, reason))

    @rule(found=st.integers(0, 30))
    def count(self, found: int) -> None:
        self.give(count(found))

    @rule(low_at=st.none() | st.integers(0, 10))
    def watch(self, low_at: int | None) -> None:
        self.give(watch(low_at))

    @property
    def available(self) -> int:
        return self.state.available if isinstance(self.state, Stocked) else 0

    @invariant()
    def history_folds(self) -> None:
        assert stocks.fold(self.events) == self.state

    @invariant()
    def nothing_is_promised_that_is_not_there(self) -> None:
        if isinstance(self.state, Stocked):
            assert 0 <= self.state.held <= self.state.on_hand
            assert self.state.held == sum(each.quantity for each in self.state.reserved.values())

    @invariant()
    def everything_adds_up(self) -> None:
        came = sum(each.quantity for each in self.events if isinstance(each, e.StockReceived | e.StockReturned))
        went = sum(each.quantity for each in self.events if isinstance(each, e.StockCommitted))
        moved = sum(each.difference for each in self.events if isinstance(each, e.StockAdjusted | e.StockCounted))
        if isinstance(self.state, Stocked):
            assert self.state.on_hand == came - went + moved
            assert sum(self.state.committed.values()) == went - self.returned

    @invariant()
    def movements_are_numbered_without_gaps(self) -> None:
        levels = [each.level for each in self.events if isinstance(each, e.Movement)]
        assert [each.movement for each in levels] == list(range(1, len(levels) + 1))
        assert not levels or (isinstance(self.state, Stocked) and levels[-1].available == self.state.available)

    @property
    def returned(self) -> int:
        return sum(each.quantity for each in self.events if isinstance(each, e.StockReturned))


TestHistories = History.TestCase
TestHistories.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)

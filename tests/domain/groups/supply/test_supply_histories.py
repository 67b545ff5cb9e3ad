"""Whatever people do with quotes and shipments, in whatever order: histories fold, and what is offered is what is allowed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.decider import Rejected
from domain.groups.supply import commands as c
from domain.groups.supply import events as e
from domain.groups.supply.quote import LIFECYCLE as QUOTED
from domain.groups.supply.quote import Asked, quotes
from domain.groups.supply.shipment import shipments
from domain.groups.supply.standing import Opened
from domain.values import SYSTEM, Actor
from tests.bdd import erased
from tests.domain.groups.supply import deal
from tests.domain.groups.supply.deal import DAY, EVE, MUSA, NOON, QUOTE, SAM, SHIPMENT, TENDAI

EVERYONE = [TENDAI, MUSA, SAM, EVE]
actors = st.sampled_from(EVERYONE)


class Quoting(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.QuoteEvent] = []
        self.state = quotes.initial
        self.now = NOON

    def give(self, command: Any) -> None:
        try:
            events = quotes.decide(command, self.state)
        except Rejected:
            return
        self.events += events
        self.state = quotes.fold(events, self.state)

    def command(self, kind: type[Any], by: Actor) -> Any:
        fields: dict[type[Any], dict[str, Any]] = {
            c.SubmitQuote: {"price": 880, "quantity": 100, "lead_days": 10, "valid_until": self.now + 5 * DAY, "note": ""},
            c.CounterQuote: {"price": 850, "note": ""},
            c.RejectQuote: {"reason": "Too late."},
        }
        return kind(quote_id=QUOTE, by=by, now=self.now, **fields.get(kind, {}))

    @initialize()
    def begin(self) -> None:
        self.give(deal.request_it)

    @rule(by=actors, price=st.integers(1, 1_200), quantity=st.integers(90, 101))
    def submit(self, by: Actor, price: int, quantity: int) -> None:
        self.give(deal.submit(by, price=price, quantity=quantity, now=self.now, valid_until=self.now + 5 * DAY))

    @rule(by=actors, kind=st.sampled_from([c.SubmitQuote, c.CounterQuote, c.AcceptQuote, c.AcceptQuote, c.RejectQuote]))
    def act(self, by: Actor, kind: type[Any]) -> None:
        self.give(self.command(kind, by))

    @rule(hours=st.integers(1, 40))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.give(c.LapseQuote(QUOTE, SYSTEM, self.now))

    @invariant()
    def history_folds_also_when_everyone_in_it_is_forgotten(self) -> None:
        assert quotes.fold(self.events) == self.state
        assert quotes.fold(erased(event) for event in self.events) == self.state

    @invariant()
    def what_is_offered_is_what_is_allowed(self) -> None:
        for by in EVERYONE:
            offered = quotes.actions(self.state, by)
            for step in QUOTED.steps:
                refusal = refused(quotes, self.command(step.command, by), self.state)
                if step.action in offered:
                    assert refusal in {None, "quote_above_held", "quote_short"}
                else:
                    assert refusal in {"not_yours", *(each.refused for each in QUOTED.steps if each.action == step.action)}

    @invariant()
    def what_was_agreed_on_is_paid_for_and_whole(self) -> None:
        agreed = [each for each in self.events if isinstance(each, e.QuoteAccepted)]
        assert len(agreed) <= 1
        assert all(each.price <= 900 for each in agreed)
        assert sum(isinstance(each, e.QuoteCountered) for each in self.events) <= 1
        if agreed:
            assert isinstance(self.state, Asked)
            assert self.state.quantity == 100


class Sending(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.ShipmentEvent] = []
        self.state = shipments.initial
        self.now = NOON
        self.complaints = 0

    def give(self, command: Any) -> None:
        try:
            events = shipments.decide(command, self.state)
        except Rejected:
            return
        self.events += events
        self.state = shipments.fold(events, self.state)

    @initialize()
    def begin(self) -> None:
        self.give(deal.open_it)

    @rule(by=st.sampled_from([MUSA, MUSA, EVE]), quantity=st.integers(1, 101))
    def ship(self, by: Actor, quantity: int) -> None:
        self.give(deal.ship(by, quantity, now=self.now, eta=self.now.date()))

    @rule(by=actors, part=st.integers(1, 4))
    def arrive(self, by: Actor, part: int) -> None:
        self.give(deal.arrive(by, part, "Mai Tatenda"))

    @rule(quantity=st.integers(1, 60))
    def complain(self, quantity: int) -> None:
        self.complaints += 1
        self.give(deal.complain(SAM, quantity, UUID(int=self.complaints)))

    @rule(issue=st.integers(1, 3), way=st.sampled_from(["replacement", "refund"]), amount=st.integers(1, 50_000))
    def settle(self, issue: int, way: e.Way, amount: int) -> None:
        self.give(c.ResolveQualityIssue(SHIPMENT, UUID(int=issue), way, amount if way == "refund" else 0, SAM, self.now))

    @rule(issue=st.integers(1, 3), quantity=st.integers(1, 30))
    def replace(self, issue: int, quantity: int) -> None:
        self.give(deal.ship(MUSA, quantity, now=self.now, eta=self.now.date(), replaces=UUID(int=issue)))

    @rule(days=st.integers(1, 8))
    def wait(self, days: int) -> None:
        self.now += days * DAY
        self.give(c.LapseShipment(SHIPMENT, SYSTEM, self.now))

    @invariant()
    def history_folds_also_when_everyone_in_it_is_forgotten(self) -> None:
        assert shipments.fold(self.events) == self.state
        assert shipments.fold(erased(event) for event in self.events) == self.state

    @invariant()
    def no_more_is_sent_or_given_back_than_was_bought(self) -> None:
        bought = sum(each.quantity for each in self.events if isinstance(each, e.GoodsShipped) and each.replaces is None)
        assert bought <= 100
        assert sum(each.amount for each in self.events if isinstance(each, e.QualityIssueResolved)) <= 88_000
        assert sum(isinstance(each, e.GoodsShipped) and each.complete for each in self.events) == (bought == 100)
        assert sum(isinstance(each, e.GoodsArrived) and each.complete for each in self.events) <= 1

    @invariant()
    def what_is_offered_can_be_done(self) -> None:
        if not isinstance(self.state, Opened):
            return
        offered = shipments.actions(self.state, MUSA)
        if "ship" in offered:
            due = [None, *self.state.issues]
            tried = [refused(shipments, deal.ship(MUSA, 1, now=self.now, eta=self.now.date(), replaces=each), self.state) for each in due]
            assert None in tried
        else:
            assert refused(shipments, deal.ship(MUSA, 1, now=self.now, eta=self.now.date()), self.state) in {
                "over_shipped",
                "shipment_ended",
            }
        for by in EVERYONE:
            refusal = refused(shipments, deal.complain(by, 1, UUID(int=999)), self.state)
            assert (refusal is None) == ("issue" in shipments.actions(self.state, by))


def refused(decider: Any, command: Any, state: Any) -> str | None:
    try:
        decider.decide(command, state)
    except Rejected as refusal:
        return refusal.code
    return None


TestQuoting = Quoting.TestCase
TestQuoting.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestSending = Sending.TestCase
TestSending.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)

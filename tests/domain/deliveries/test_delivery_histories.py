"""Whatever people do with a delivery, in whatever order: its history folds, and the actions shown are those allowed."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.decider import Rejected
from domain.deliveries import commands as c
from domain.deliveries.delivery import ATTEMPTS, IN_HAND, LIFECYCLE, WRONG_CODES, Opened, deliveries
from domain.deliveries.events import DeliveryCodeRefused, DeliveryDelivered, DeliveryEvent, DeliveryFailed, FailureReason
from domain.values import SYSTEM, Actor
from tests.bdd import erased
from tests.domain.deliveries.parcels import ANA, BEN, CLEO, DAN, EVE, NOON, ORDER, PARCEL, ROSSIO, SAM, open_it

EVERYONE = [ANA, BEN, CLEO, DAN, SAM, EVE]
actors = st.sampled_from(EVERYONE)


def command_of(step: type[Any], by: Actor, **fields: Any) -> Any:
    content: dict[type[Any], dict[str, Any]] = {
        c.LocateDelivery: {"spot": ROSSIO},
        c.TrackDelivery: {"spot": ROSSIO},
        c.AssignDelivery: {"courier_id": CLEO.id},
        c.DeliverDelivery: {"received_by": "Ana"},
        c.CancelDelivery: {"order_id": ORDER},
        c.FailDelivery: {"reason": FailureReason.NO_ACCESS},
    }
    return step(delivery_id=PARCEL, by=by, now=NOON, **{**content.get(step, {}), **fields})


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[DeliveryEvent] = []
        self.state = deliveries.initial

    def give(self, command: Any) -> str | None:
        try:
            events = deliveries.decide(command, self.state)
        except Rejected as refusal:
            return refusal.code
        self.events += events
        self.state = deliveries.fold(events, self.state)
        return None

    @initialize(begun=st.integers(0, 4))
    def begin(self, begun: int) -> None:
        """Most runs begin with a delivery; few with none."""
        if begun:
            self.give(open_it(SYSTEM))

    @rule(by=actors)
    def open(self, by: Actor) -> None:
        self.give(open_it(by))

    @rule(step=st.sampled_from(LIFECYCLE.steps), by=actors)
    def act(self, step: Any, by: Actor) -> None:
        self.give(command_of(step.command, by))

    @rule(by=st.sampled_from([CLEO, DAN, SAM]), data=st.data())
    def proceed(self, by: Actor, data: st.DataObject) -> None:
        """What is shown as allowed, short of the end, so that runs get far."""
        shown = deliveries.actions(self.state, by)
        steps = [each for each in LIFECYCLE.steps if each.action in shown and each.action not in {"deliver", "return"}]
        if steps:
            self.give(command_of(data.draw(st.sampled_from(steps)).command, by))

    @rule(to=st.sampled_from([CLEO, DAN]))
    def assign(self, to: Actor) -> None:
        self.give(command_of(c.AssignDelivery, SAM, courier_id=to.id))

    @rule(fits=st.sampled_from([True, False, False, False]))
    def hand_over_by_code(self, fits: bool) -> None:
        self.give(command_of(c.DeliverDelivery, SAM, code_fits=fits, received_by=""))

    @invariant()
    def history_folds_also_when_everyone_in_it_is_forgotten(self) -> None:
        assert deliveries.fold(self.events) == self.state
        assert deliveries.fold(erased(event) for event in self.events) == self.state

    @invariant()
    def the_actions_shown_are_those_allowed(self) -> None:
        for by in EVERYONE:
            shown = deliveries.actions(self.state, by)
            for step in LIFECYCLE.steps:
                refusal = self.refusal(command_of(step.command, by))
                if step.action in shown:
                    assert refusal in {None, "attempts_exhausted"}
                elif step.command is not c.CancelDelivery:
                    assert refusal in {step.refused, "not_yours", "delivery_not_found"}

    @invariant()
    def attempts_and_wrong_codes_have_an_end(self) -> None:
        assert sum(isinstance(event, DeliveryFailed) for event in self.events) <= ATTEMPTS
        assert sum(isinstance(event, DeliveryCodeRefused) for event in self.events) <= WRONG_CODES

    @invariant()
    def what_is_in_hand_has_a_courier_and_is_delivered_once(self) -> None:
        if isinstance(self.state, Opened) and self.state.status in IN_HAND:
            assert self.state.courier_id is not None
        assert sum(isinstance(event, DeliveryDelivered) for event in self.events) <= 1

    def refusal(self, command: Any) -> str | None:
        try:
            deliveries.decide(command, self.state)
        except Rejected as refused:
            return refused.code
        return None


TestHistories = History.TestCase
TestHistories.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)

"""Whatever becomes of a group, in whatever order: every cent is held, owed, returned or settled, and no place is given twice."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.json import decode, encode

from domain.decider import Rejected
from domain.goods import Tier
from domain.groups import commands as c
from domain.groups import events as e
from domain.groups.contributions.contribution import due
from domain.groups.contributions.events import ContributionRequested, ContributionReturned
from domain.groups.group import groups
from domain.groups.lifecycle import LIFECYCLE
from domain.groups.standing import OPEN, Asked, Opened
from domain.groups.values import Failing, Status
from domain.values import Actor
from tests.domain.groups.traders import (
    ANA,
    BEN,
    CLEO,
    DAN,
    DEADLINE,
    GATE,
    GROUP,
    HALL,
    MORA,
    NOON,
    OVER,
    QUOTE,
    SAM,
    SHIPMENT,
    STAN,
    WINDOW,
    opened,
    person,
)

MEMBERS = (ANA, BEN, CLEO, DAN, person(0xE1), person(0xF1))
PEOPLE = (*MEMBERS, MORA, STAN, SAM)
members = st.sampled_from(MEMBERS)
people = st.sampled_from(PEOPLE)
quantities = st.integers(1, 12)
RATE = 25
"""Of the other currency in which some pay."""


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []
        self.state: Any = groups.initial
        self.now = NOON
        self.asked: dict[UUID, ContributionRequested] = {}
        self.captured: Counter[str] = Counter()
        """What members have truly paid, by currency."""

    def give(self, command: Any) -> list[Any]:
        try:
            events = groups.decide(command, self.state)
        except Rejected:
            return []
        self.events += events
        self.state = groups.fold(events, self.state)
        return events

    @initialize(minimum=st.integers(5, 12), maximum=st.integers(12, 30), bought=st.lists(quantities, max_size=5))
    def begin(self, minimum: int, maximum: int, bought: list[int]) -> None:
        """Some have paid already, so that runs get far."""
        self.give(opened(minimum=minimum, maximum=maximum, tiers=(Tier(10, 900), Tier(18, 800), Tier(25, 733))))
        for who, quantity in zip(MEMBERS, bought, strict=False):
            self.join(who, quantity, GATE)
            self.ask(who, home=quantity % 3 > 0, pays=True)

    @rule()
    def advance(self) -> None:
        """The next step of a group that goes well, so that runs get far."""
        match getattr(self.state, "status", None):
            case Status.MINIMUM_REACHED:
                self.lock(ANA)
            case Status.LOCKED | Status.SUPPLIER_NOTIFIED | Status.QUOTED:
                self.agree(self.state.agreed)
            case Status.ACCEPTED | Status.INVOICED | Status.SHIPPED:
                self.ship("delivered")
            case Status.PICKING_UP:
                for who in MEMBERS:
                    self.collect(who, 6)
            case Status.REFUNDING:
                for owed in self.owings:
                    self.give(c.RecordRefund(GROUP, owed.member_id, owed.payment_id, owed.refund_id, self.now))
            case _:
                pass

    @rule(passed=st.sampled_from([timedelta(minutes=10), timedelta(minutes=20), timedelta(hours=5)]))
    def wait(self, passed: timedelta) -> None:
        self.now += passed

    @rule(who=members, quantity=quantities, pickup=st.sampled_from([GATE, HALL]))
    def join(self, who: Actor, quantity: int, pickup: UUID) -> None:
        self.give(c.JoinGroup(GROUP, who.id, quantity, pickup, who, self.now))

    @rule(who=members, quantity=quantities)
    def change(self, who: Actor, quantity: int) -> None:
        self.give(c.ChangeQuantity(GROUP, who.id, quantity, who, self.now))

    @rule(who=members, by=people)
    def leave(self, who: Actor, by: Actor) -> None:
        self.give(c.LeaveGroup(GROUP, who.id, by, self.now))

    @rule(who=members)
    def lapse(self, who: Actor) -> None:
        self.give(c.LapseMember(GROUP, who.id, self.now))

    @rule(who=members, home=st.booleans(), pays=st.booleans())
    def ask(self, who: Actor, home: bool, pays: bool) -> None:
        """Half of them pay at once, so that groups fill."""
        try:
            amount = due(self.state, who.id, self.now).amount
        except Rejected:
            return
        payment = uuid5(GROUP, f"payment {len(self.asked)}")
        currency, paid, rate = ("USD", amount, None) if home else ("ZWG", amount * RATE + 1, str(RATE))
        (asked,) = self.give(c.RequestContribution(GROUP, who.id, payment, currency, paid, rate, self.now, amount=amount))
        self.asked[payment] = asked
        if pays:
            self.capture(asked, self.now)

    @rule(data=st.data())
    def pay(self, data: st.DataObject) -> None:
        """Any payment that was asked for and has not come, also long after; told twice it counts once."""
        outstanding = [each for each in self.asked.values() if self.state.asks[each.payment_id].state not in {Asked.PAID, Asked.RETURNED}]
        if outstanding:
            self.capture(data.draw(st.sampled_from(outstanding)), self.now)

    def capture(self, asked: ContributionRequested, now: datetime) -> None:
        command = c.ConfirmContribution(GROUP, asked.member_id, asked.payment_id, asked.paid_amount, asked.paid_currency, now)
        if self.give(command):
            self.captured[asked.paid_currency] += asked.paid_amount
        assert self.give(command) == []

    @rule(often=st.integers(0, 3))
    def pay_what_nobody_asked_for(self, often: int) -> None:
        if often:
            return
        payment = uuid5(GROUP, f"foreign {len(self.events)}")
        if self.give(c.ConfirmContribution(GROUP, BEN.id, payment, 77, "EUR", self.now)):
            self.captured["EUR"] += 77

    @rule()
    def extend(self) -> None:
        self.give(c.ExtendDeadline(GROUP, DEADLINE + timedelta(days=1), ANA, self.now))

    @rule(by=people)
    def lock(self, by: Actor) -> None:
        self.give(c.LockGroup(GROUP, by, self.now))

    @rule(often=st.integers(0, 9), by=st.sampled_from([ANA, MORA, BEN]))
    def cancel(self, often: int, by: Actor) -> None:
        if not often:
            self.give(c.CancelGroup(GROUP, by, self.now))

    @rule(often=st.integers(0, 3))
    def close(self, often: int) -> None:
        """Mostly once the minimum is paid."""
        if often and self.state.status is Status.GATHERING:
            return
        self.now = max(self.now, DEADLINE)
        self.give(c.CloseGathering(GROUP, self.now))

    @rule(status=st.sampled_from(["requested", "submitted"]))
    def quote(self, status: Any) -> None:
        self.give(c.NoteQuote(GROUP, QUOTE, status, 850 if status == "submitted" else None, self.now))

    @rule(price=st.sampled_from([1_001, 900, 850, 801, 800, 1]))
    def agree(self, price: int) -> None:
        self.give(c.AcceptGroup(GROUP, QUOTE, price, 7, self.now))

    @rule(often=st.integers(0, 9), reason=st.sampled_from(Failing))
    def fail(self, often: int, reason: Failing) -> None:
        if not often:
            self.give(c.FailGroup(GROUP, reason, self.now))

    @rule()
    def invoice(self) -> None:
        self.give(c.NoteInvoice(GROUP, UUID(int=9), self.now))

    @rule(status=st.sampled_from(["shipped", "delivered"]))
    def ship(self, status: Any) -> None:
        self.now = max(self.now, WINDOW)
        self.give(c.NoteShipment(GROUP, SHIPMENT, status, self.now))

    @rule(who=members, quantity=quantities)
    def collect(self, who: Actor, quantity: int) -> None:
        self.give(c.NoteCollected(GROUP, who.id, UUID(int=1), quantity, self.now))

    @rule(often=st.integers(0, 3))
    def end_pick_up(self, often: int) -> None:
        if often:
            return
        self.give(c.EndPickUp(GROUP, max(self.now, OVER + timedelta(days=8))))

    @rule(amount=st.integers(1, 3_000), issue=st.integers(1, 2))
    def compensate(self, amount: int, issue: int) -> None:
        self.give(c.CompensateMembers(GROUP, UUID(int=issue), amount, self.now))

    @rule(data=st.data(), well=st.booleans())
    def pay_back(self, data: st.DataObject, well: bool) -> None:
        """Any refund that was ever owed goes well or fails, also after the other was told."""
        if self.owings:
            owed = data.draw(st.sampled_from(self.owings))
            tell = c.RecordRefund if well else c.FailMemberRefund
            self.give(tell(GROUP, owed.member_id, owed.payment_id, owed.refund_id, self.now))

    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        if self.owings:
            self.give(c.RetryRefund(GROUP, data.draw(st.sampled_from(self.owings)).refund_id, STAN, self.now))

    @property
    def owings(self) -> list[e.Owing]:
        return [each for event in self.events for each in owed_by(event)]

    @invariant()
    def history_folds_and_its_snapshot_reads_back(self) -> None:
        assert groups.fold(self.events) == self.state
        assert decode(encode(self.state), type=groups.state) == self.state

    @invariant()
    def no_place_is_given_twice_and_what_is_counted_is_so(self) -> None:
        if isinstance(self.state, Opened):
            assert self.state.bought <= self.state.reserved <= self.state.maximum
            assert self.state.reserved == sum(each.quantity for each in self.state.members.values())
            assert self.state.bought == sum(each.quantity for each in self.state.members.values() if each.paid)
            assert not {each.member_id for each in self.state.queue} & self.state.members.keys()
            if self.state.status not in OPEN and self.state.agreed:
                assert self.state.reserved == self.state.bought >= self.state.minimum

    @invariant()
    def nobody_waits_for_a_place_that_is_free(self) -> None:
        if isinstance(self.state, Opened) and self.state.open_at(self.now):
            free = self.state.maximum - self.state.reserved
            late = [each for each in self.events if isinstance(each, e.MemberLeft | e.QuantityChanged)]
            if not late or late[-1].at == self.now:
                assert all(each.quantity > free for each in self.state.queue)

    @invariant()
    def every_cent_that_came_is_held_owed_returned_or_settled(self) -> None:
        if not isinstance(self.state, Opened):
            return
        held: Counter[str] = Counter()
        for each in self.state.members.values():
            held[each.currency] += each.held
        going = Counter[str]()
        for refund in self.state.refunds.values():
            going[refund.owing.currency] += refund.owing.refund
        settled = Counter[str]()
        for event in self.events:
            if isinstance(event, e.GroupSettled):
                settled.update({each.currency: each.amount for each in event.holdings})
        for currency in ("USD", "ZWG", "EUR"):
            assert self.captured[currency] == held[currency] + going[currency] + settled[currency]

    @invariant()
    def nobody_is_charged_more_than_the_price_agreed_on(self) -> None:
        if isinstance(self.state, Opened) and self.state.agreed:
            assert all(each.amount <= each.quantity * self.state.agreed for each in self.state.members.values())

    @invariant()
    def nothing_is_held_by_or_owed_for_what_is_over(self) -> None:
        if not isinstance(self.state, Opened):
            return
        if self.state.status in {Status.COMPLETED, Status.REFUNDING, Status.CLOSED}:
            assert self.state.held == 0
            assert all(each.held == 0 for each in self.state.members.values())
        if self.events and isinstance(self.events[-1], e.GroupClosed):
            assert not self.state.owes

    @invariant()
    def each_thing_happens_once(self) -> None:
        told = Counter(type(each) for each in self.events)
        for once in (e.GroupLocked, e.GroupAccepted, e.PickUpOpened, e.GroupSettled, e.GroupFailed, e.RefundingBegan, e.GroupClosed):
            assert told[once] <= 1
        assert not (told[e.GroupSettled] and told[e.GroupFailed])

    @invariant()
    def each_refund_has_its_own_name_and_none_is_of_nothing(self) -> None:
        names = [each.refund_id for each in self.owings]
        assert len(set(names)) == len(names)
        assert all(each.refund > 0 and each.amount > 0 for each in self.owings)

    @invariant()
    def nobody_picks_up_more_than_he_has_paid_for(self) -> None:
        if isinstance(self.state, Opened):
            assert all(0 <= each.collected <= each.quantity for each in self.state.members.values())
            assert self.state.collected == sum(each.collected for each in self.state.members.values())

    @invariant()
    def the_actions_shown_are_those_allowed(self) -> None:
        if not isinstance(self.state, Opened) or (self.state.status in OPEN and self.now >= self.state.deadline):
            return
        for by in PEOPLE:
            shown = groups.actions(self.state, by)
            for step in LIFECYCLE.steps:
                if step.action in shown:
                    assert self.refusal(step.command, by) in ALLOWED[step.command]
                elif step.action:
                    assert self.refusal(step.command, by) is not None

    def refusal(self, step: Any, by: Actor) -> str | None:
        stuck = next((id for id, each in self.state.refunds.items() if each.state == "failed"), UUID(int=0))
        content: dict[Any, dict[str, Any]] = {
            c.JoinGroup: {"member_id": by.id, "quantity": 1, "pickup_id": GATE},
            c.ChangeQuantity: {"member_id": by.id, "quantity": 1},
            c.LeaveGroup: {"member_id": by.id},
            c.ExtendDeadline: {"deadline": self.state.deadline + timedelta(days=2)},
            c.RequestContribution: {"member_id": by.id, "payment_id": uuid5(GROUP, "new"), **PAID},
            c.RetryRefund: {"refund_id": stuck},
        }
        try:
            groups.decide(step(**{"group_id": GROUP, "by": by, "now": self.now, **content.get(step, {})}), self.state)
        except Rejected as refused:
            return refused.code
        return None


PAID = {"paid_currency": "USD", "paid_amount": 1, "rate": None}
ALLOWED: dict[Any, set[str | None]] = {
    c.JoinGroup: {None},
    c.ChangeQuantity: {None},
    c.LeaveGroup: {None},
    c.ExtendDeadline: {None},
    c.LockGroup: {None},
    c.CancelGroup: {None},
    c.RequestContribution: {"price_changed", "reservation_lapsed"},
    c.RetryRefund: {None},
}
"""What may still be said to an action that is shown: a place is lost by the clock alone."""


def owed_by(event: Any) -> tuple[e.Owing, ...]:
    if isinstance(event, e.RefundingBegan):
        return event.owings
    return (event.owing,) if isinstance(event, ContributionReturned) else ()


TestHistories = History.TestCase
TestHistories.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)

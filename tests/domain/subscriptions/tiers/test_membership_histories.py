"""Whatever order a provider's messages come in, and however often each, the membership stands the same at the end."""

from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.decider import Rejected
from domain.subscriptions.tiers.commands import ReportTier
from domain.subscriptions.tiers.events import TierCharged, TierEnded
from domain.subscriptions.tiers.membership import Membership, Standing, memberships, next_actions
from domain.subscriptions.tiers.offers import Period, Tier
from tests.domain.subscriptions.tiers.club import ANA, AUGUST, JULY, SEPTEMBER, asks, cancels, ended, held, lapses, missed, paid, resumes

LIVES: list[list[ReportTier]] = [
    [paid(held()), missed(held(AUGUST), 1), missed(held(AUGUST), 2), paid(held(AUGUST)), paid(held(SEPTEMBER))],
    [paid(held()), missed(held(AUGUST), 1), missed(held(AUGUST), 2), ended(held(AUGUST))],
    [paid(held()), paid(held(revision=2, tier=Tier.ENTERPRISE)), missed(held(AUGUST, 2, tier=Tier.ENTERPRISE))],
    [paid(held()), ended(held()), paid(held(AUGUST, 2, "sub_2")), missed(held(SEPTEMBER, 2, "sub_2"), 3, AUGUST)],
]


def told(messages: list[ReportTier]) -> tuple[Membership, list[Any]]:
    events: list[Any] = []
    membership = Membership(revision=2)
    for message in messages:
        new = memberships.decide(message, membership)
        membership = memberships.fold(new, membership)
        events += new
    return membership, events


def stands(membership: Membership) -> Any:
    return (membership.held, membership.ended, membership.attempt, membership.due_at, membership.rank, membership.charges)


@given(st.data())
def test_the_order_of_messages_does_not_matter_and_no_charge_is_lost_or_noted_twice(data: st.DataObject):
    life = data.draw(st.sampled_from(LIVES))
    order = data.draw(st.permutations([*life, *data.draw(st.lists(st.sampled_from(life), max_size=4))]))
    shuffled, events = told(order)
    assert stands(shuffled) == stands(told(life)[0])
    charges = [each.charge for each in events if isinstance(each, TierCharged)]
    assert sorted(charges) == sorted({each.charge for each in life if each.charge})


class Memberships(RuleBasedStateMachine):
    """A member who wishes, and a provider that says anything, in any order."""

    @initialize()
    def begin(self) -> None:
        self.membership = Membership()
        self.charges: list[str] = []
        self.over: set[str] = set()

    def give(self, command: Any) -> bool:
        try:
            events = memberships.decide(command, self.membership)
        except Rejected:
            return False
        before = self.membership
        self.membership = memberships.fold(events, before)
        self.charges += [each.charge for each in events if isinstance(each, TierCharged)]
        self.over |= {each.held.reference for each in events if isinstance(each, TierEnded)}
        if before.rank is not None:
            assert self.membership.rank is not None
            assert self.membership.rank >= before.rank, "what is known is never replaced by what is older"
        return True

    @rule(tier=st.sampled_from(Tier), period=st.sampled_from(Period))
    def request(self, tier: Tier, period: Period) -> None:
        offered = "request" in next_actions(ANA.id, self.membership.standing, ANA)
        assert not self.give(asks(tier, period)) or offered

    @rule()
    def cancel(self) -> None:
        offered = "cancel" in next_actions(ANA.id, self.membership.standing, ANA)
        assert self.give(cancels()) == offered

    @rule()
    def resume(self) -> None:
        offered = "resume" in next_actions(ANA.id, self.membership.standing, ANA)
        assert self.give(resumes()) == offered

    @rule(
        stage=st.sampled_from([paid, ended, missed]),
        revision=st.integers(0, 4),
        own=st.booleans(),
        ends=st.sampled_from([JULY, AUGUST, SEPTEMBER]),
        tier=st.sampled_from([Tier.PREMIUM, Tier.ENTERPRISE]),
    )
    def say(self, stage: Any, revision: int, own: bool, ends: datetime, tier: Tier) -> None:
        self.give(stage(held(ends, revision, f"sub_{revision}" if own else "sub_1", tier)))

    @rule()
    def lapse(self) -> None:
        was = self.membership
        if was.held is not None:
            self.give(lapses(was.held))
            assert (self.membership.standing is Standing.FREE) == (was.standing in {Standing.MISSED, Standing.FREE})

    @invariant()
    def every_charge_is_noted_once(self) -> None:
        assert len(self.charges) == len(set(self.charges))

    @invariant()
    def only_what_is_held_has_limits_above_the_free_ones(self) -> None:
        assert (self.membership.tier is Tier.FREE) == (self.membership.standing is Standing.FREE)


TestMemberships = Memberships.TestCase

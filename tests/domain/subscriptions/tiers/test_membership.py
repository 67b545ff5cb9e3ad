"""What a membership makes of wishes and of messages."""

from datetime import timedelta

from domain.subscriptions.tiers.events import (
    PaymentMissed,
    SurplusFound,
    TierCancelled,
    TierChanged,
    TierChangeRequested,
    TierEnded,
    TierRenewed,
    TierRequested,
    TierResumed,
    TierStarted,
)
from domain.subscriptions.tiers.membership import memberships
from domain.subscriptions.tiers.offers import CHECKOUT_LIFE, Period, Tier
from tests.bdd import Given
from tests.domain.subscriptions.tiers.club import (
    ANA,
    AUGUST,
    BEN,
    JULY,
    NOON,
    SEPTEMBER,
    asks,
    cancels,
    charged,
    ended,
    held,
    lapses,
    missed,
    not_paid,
    paid,
    requested,
    resumes,
    started,
)


def test_a_tier_is_asked_for_and_begins_when_it_is_paid():
    Given(memberships).when(asks()).then(requested)
    Given(memberships, requested).when(paid(held())).then(charged(held()), started)


def test_the_same_wish_again_leads_to_the_same_checkout_until_that_is_over():
    Given(memberships, requested).when(asks()).then()
    later = NOON + CHECKOUT_LIFE
    again = TierRequested(ANA.id, 2, Tier.PREMIUM, Period.MONTHLY, "USD", 1999, "stripe", later + CHECKOUT_LIFE, later)
    Given(memberships, requested).when(asks(now=later)).then(again)


def test_everyone_asks_for_himself_and_not_for_what_costs_nothing_or_is_held():
    Given(memberships).when(asks(by=BEN)).rejected("not_yours")
    Given(memberships).when(asks(Tier.FREE)).rejected("tier_invalid", pointer="/tier")
    Given(memberships, requested, started).when(asks()).rejected("tier_held")
    Given(memberships, requested, started, not_paid).when(asks(Tier.ENTERPRISE)).rejected("tier_not_changeable")


def test_another_tier_is_changed_to_and_holds_once_the_provider_says_so():
    wanted = TierChangeRequested(ANA.id, 2, Tier.ENTERPRISE, Period.MONTHLY, "USD", 19999, held(), NOON)
    Given(memberships, requested, started).when(asks(Tier.ENTERPRISE)).then(wanted)
    bigger = held(revision=2, tier=Tier.ENTERPRISE)
    told = Given(memberships, requested, started, charged(held()), wanted)
    told.when(paid(bigger)).then(TierChanged(ANA.id, bigger, NOON))


def test_a_message_that_comes_again_or_late_changes_nothing():
    august = held(AUGUST)
    history = (requested, charged(held()), started, charged(august), TierRenewed(ANA.id, august, NOON))
    Given(memberships, *history).when(paid(august)).then()
    Given(memberships, *history).when(paid(held())).then()
    Given(memberships, *history).when(missed(august)).then()
    over = (*history, TierEnded(ANA.id, august, "ended", NOON))
    Given(memberships, *over).when(ended(august)).then()
    Given(memberships, *over).when(missed(held(SEPTEMBER))).then()


def test_money_that_is_told_late_is_noted_all_the_same():
    august = held(AUGUST)
    Given(memberships, requested, charged(august), TierStarted(ANA.id, august, NOON)).when(paid(held())).then(charged(held()))


def test_what_nobody_asked_for_is_unknown():
    Given(memberships).when(paid(held())).rejected("tier_not_found")
    Given(memberships, requested).when(paid(held(revision=2))).rejected("tier_not_found")


def test_a_missed_payment_is_told_at_every_try_and_made_up_by_one_that_succeeds():
    again = PaymentMissed(ANA.id, held(AUGUST), 2, JULY, NOON)
    Given(memberships, requested, started).when(missed(held(AUGUST))).then(not_paid)
    Given(memberships, requested, started, not_paid).when(missed(held(AUGUST), 2)).then(again)
    Given(memberships, requested, started, not_paid, again).when(missed(held(AUGUST), 1)).then()
    Given(memberships, requested, started, again).when(paid(held(AUGUST))).then(
        charged(held(AUGUST)), TierRenewed(ANA.id, held(AUGUST), NOON)
    )


def test_the_tier_ends_with_its_grace_unless_it_was_paid_meanwhile():
    unpaid = TierEnded(ANA.id, held(AUGUST), "unpaid", NOON)
    Given(memberships, requested, started, not_paid).when(lapses(held(AUGUST))).then(unpaid)
    Given(memberships, requested, started, not_paid, TierRenewed(ANA.id, held(AUGUST), NOON)).when(lapses(held(AUGUST))).then()
    Given(memberships, requested, started, not_paid, unpaid).when(lapses(held(AUGUST))).then()
    Given(memberships, requested, started, not_paid, unpaid).when(ended(held(AUGUST))).then()


def test_what_is_cancelled_ends_with_the_paid_period_and_can_be_kept_until_then():
    cancelled = TierCancelled(ANA.id, held(), NOON)
    Given(memberships).when(cancels()).rejected("tier_not_held")
    Given(memberships, requested, started).when(resumes()).rejected("tier_not_ending")
    Given(memberships, requested, started).when(cancels()).then(cancelled)
    Given(memberships, requested, started, cancelled).when(resumes()).then(TierResumed(ANA.id, held(), NOON))
    Given(memberships, requested, started, cancelled).when(ended(held())).then(TierEnded(ANA.id, held(), "cancelled", NOON))


def test_of_two_checkouts_that_were_paid_the_newer_holds_and_the_other_is_surplus():
    second = TierRequested(ANA.id, 2, Tier.ENTERPRISE, Period.MONTHLY, "USD", 19999, "stripe", NOON + timedelta(days=1), NOON)
    other = held(revision=2, reference="sub_2", tier=Tier.ENTERPRISE)
    Given(memberships, requested, second, charged(held()), started).when(paid(other)).then(
        charged(other), SurplusFound(ANA.id, held(), NOON), TierStarted(ANA.id, other, NOON)
    )
    Given(memberships, requested, second, charged(other), TierStarted(ANA.id, other, NOON)).when(paid(held())).then(
        charged(held()), SurplusFound(ANA.id, held(), NOON)
    )

"""Opening, putting off, locking, calling off and failing: how a gathering begins and ends."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.groups.commands import CancelGroup, ExtendDeadline, LockGroup
from domain.groups.events import (
    DeadlineExtended,
    GroupClosed,
    GroupFailed,
    GroupLocked,
    GroupRejected,
    MemberLeft,
    Part,
    RefundingBegan,
)
from domain.groups.group import groups
from domain.groups.ids import refund_id
from domain.groups.values import Failing, Leaving, Locking, Owing, Returning, Status, Visibility
from tests.bdd import Given
from tests.domain.groups.traders import (
    ANA,
    BEN,
    CLEO,
    DAN,
    DEADLINE,
    GATE,
    GROUP,
    MAIZE,
    MORA,
    NOON,
    OVER,
    PICKUPS,
    QUOTE,
    SAM,
    STAN,
    SUPPLIER,
    after,
    agrees,
    closes,
    fails,
    joins,
    opened,
    payment,
    ships,
    stand,
    taken,
)

MONTH = timedelta(days=30)


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"least_order": 11}, "minimum_below_order", "/minimum"),
        ({"minimum": 21}, "maximum_invalid", "/maximum"),
        ({"maximum": 1_000_001}, "maximum_invalid", "/maximum"),
        ({"price": 10**12}, "maximum_invalid", "/maximum"),
        ({"least": 0}, "limits_invalid", "/least"),
        ({"least": 13}, "limits_invalid", "/most"),
        ({"most": 21}, "limits_invalid", "/most"),
        ({"deadline": NOON}, "deadline_invalid", "/deadline"),
        ({"deadline": NOON + timedelta(days=181)}, "deadline_invalid", "/deadline"),
        ({"pickups": ()}, "pickup_invalid", "/pickups"),
        ({"pickups": (PICKUPS[0], PICKUPS[0])}, "pickup_invalid", "/pickups"),
        ({"pickups": (replace(PICKUPS[0], closes_at=PICKUPS[0].opens_at),)}, "pickup_invalid", "/pickups/0/opensAt"),
        ({"pickups": (replace(PICKUPS[0], opens_at=NOON),)}, "pickup_invalid", "/pickups/0/opensAt"),
        ({"pickups": (replace(PICKUPS[0], name=" "),)}, "text_invalid", "/pickups/0/name"),
        ({"invited": (BEN.id,)}, "invitations_invalid", "/invited"),
        ({"organiser_id": SAM.id, "by": SAM}, "own_listing", None),
        ({"by": BEN}, "not_yours", None),
    ],
)
def test_terms_that_do_not_fit_together_are_refused(changed: dict[str, Any], code: str, pointer: str | None):
    Given(groups).when(opened(**changed)).rejected(code, pointer=pointer)


def test_a_group_is_opened_once():
    Given(groups, *after(opened())).when(opened()).then()
    assert stand(opened(visibility=Visibility.INVITED, invited=(BEN.id, BEN.id))).invited == (BEN.id,)


def test_nothing_can_be_asked_of_a_group_that_is_not_there():
    Given(groups).when(joins(BEN, 1)).rejected("group_not_found")


def test_the_organiser_puts_the_deadline_off_once():
    later = DEADLINE + MONTH
    extend = ExtendDeadline(GROUP, later, ANA, NOON)
    Given(groups, *after(opened())).when(extend).then(DeadlineExtended(GROUP, later, NOON))
    Given(groups, *after(opened(), extend)).when(extend).then()
    again = ExtendDeadline(GROUP, later + timedelta(days=1), ANA, NOON)
    Given(groups, *after(opened(), extend)).when(again).rejected("deadline_extended_already")
    Given(groups, *after(opened(), extend)).offers(ANA, "join", "cancel")


def test_the_deadline_is_put_off_in_time_by_a_month_at_most_and_by_the_organiser():
    begun = after(opened())
    for wrong in (DEADLINE + MONTH + timedelta(seconds=1), DEADLINE - timedelta(hours=1)):
        Given(groups, *begun).when(ExtendDeadline(GROUP, wrong, ANA, NOON)).rejected("deadline_invalid", pointer="/deadline")
    Given(groups, *begun).when(ExtendDeadline(GROUP, DEADLINE + MONTH, ANA, DEADLINE)).rejected("group_not_gathering")
    for other in (BEN, MORA, STAN):
        Given(groups, *begun).when(ExtendDeadline(GROUP, DEADLINE + MONTH, other, NOON)).rejected("not_yours")


def test_a_deadline_that_was_put_off_closes_nothing():
    extended = opened(), ExtendDeadline(GROUP, DEADLINE + MONTH, ANA, NOON)
    Given(groups, *after(*extended)).when(closes()).then()
    assert stand(*extended, closes(DEADLINE + MONTH)).status is Status.CLOSED


def test_at_the_deadline_who_has_paid_is_in_and_who_has_not_is_out():
    begun = after(opened(), *taken(BEN, 7), joins(CLEO, 2), *taken(DAN, 4))
    Given(groups, *begun).when(closes()).then(
        MemberLeft(GROUP, CLEO.id, 2, Leaving.LAPSED, 11, DEADLINE),
        GroupLocked(
            GROUP,
            Locking.DEADLINE,
            11,
            900,
            9_900,
            (Part(BEN.id, 7, GATE, 6_300), Part(DAN.id, 4, GATE, 3_600)),
            SUPPLIER,
            ANA.id,
            SAM.id,
            MAIZE,
            "MAIZE-10",
            "USD",
            DEADLINE,
        ),
    )
    Given(groups, *begun, *groups.decide(closes(), groups.fold(begun))).when(closes()).then()


def test_those_who_wait_for_a_place_are_let_go_too():
    state = stand(opened(), *taken(BEN, 12), joins(CLEO, 8), joins(DAN, 3), closes())
    assert not state.queue
    assert list(state.members) == [BEN.id]
    assert state.reserved == state.bought == 12


def owing(who: Any, amount: int) -> Owing:
    return Owing(who.id, payment(who), refund_id(GROUP, Returning.FAILED, who.id, payment(who)), amount, "USD", amount)


def test_where_the_minimum_is_missed_everybody_gets_everything_back():
    begun = after(opened(), *taken(BEN, 7), joins(CLEO, 8))
    Given(groups, *begun).when(closes()).then(
        GroupFailed(GROUP, Failing.MINIMUM_MISSED, DEADLINE), RefundingBegan(GROUP, (owing(BEN, 6_300),), DEADLINE)
    )


def test_where_nobody_has_paid_it_is_over_at_once():
    Given(groups, *after(opened(), joins(BEN, 12))).when(closes()).then(
        GroupFailed(GROUP, Failing.MINIMUM_MISSED, DEADLINE), RefundingBegan(GROUP, (), DEADLINE), GroupClosed(GROUP, DEADLINE)
    )


def test_the_organiser_locks_early_once_the_minimum_is_paid():
    lock = LockGroup(GROUP, ANA, NOON)
    Given(groups, *after(opened(), joins(BEN, 12))).when(lock).rejected("minimum_not_reached")
    reached = opened(), *taken(BEN, 12)
    Given(groups, *after(*reached)).offers(ANA, "join", "extend", "lock", "cancel")
    assert stand(*reached, lock).status is Status.LOCKED
    Given(groups, *after(*reached, lock)).when(lock).rejected("group_not_gathering")
    Given(groups, *after(*reached)).when(LockGroup(GROUP, MORA, NOON)).rejected("not_yours")


@pytest.mark.parametrize("by", [ANA, MORA])
def test_organiser_and_moderators_call_it_off_until_the_supplier_is_agreed_with(by: Any):
    cancel = CancelGroup(GROUP, by, NOON)
    locked = opened(), *taken(BEN, 12), closes()
    for begun in ((opened(), *taken(BEN, 4)), locked):
        state = stand(*begun, cancel)
        assert state.status is Status.REFUNDING
        assert state.held == 0
    Given(groups, *after(*locked, agrees(900))).when(cancel).rejected("group_not_cancellable")
    Given(groups, *after(*locked, agrees(900))).offers(by)
    Given(groups, *after(opened())).when(CancelGroup(GROUP, BEN, NOON)).rejected("not_yours")


def test_a_group_fails_only_for_what_still_concerns_it():
    locked = opened(), *taken(BEN, 12), closes()
    agreed = *locked, agrees(900)
    refused = GroupRejected(GROUP, QUOTE, Failing.SUPPLIER_REFUSED, DEADLINE)
    back = RefundingBegan(GROUP, (owing(BEN, 10_800),), DEADLINE)
    Given(groups, *after(*locked)).when(fails(Failing.SUPPLIER_REFUSED)).then(
        refused, GroupFailed(GROUP, Failing.SUPPLIER_REFUSED, DEADLINE), back
    )
    Given(groups, *after(*locked)).when(fails(Failing.NO_ANSWER)).then(GroupFailed(GROUP, Failing.NO_ANSWER, DEADLINE), back)
    Given(groups, *after(*locked)).when(fails(Failing.NOT_SHIPPED)).then()
    Given(groups, *after(*agreed)).when(fails(Failing.NO_ANSWER)).then()
    Given(groups, *after(*agreed)).when(fails(Failing.NOT_SHIPPED)).then(GroupFailed(GROUP, Failing.NOT_SHIPPED, DEADLINE), back)
    assert stand(*agreed, ships("shipped"), fails(Failing.NOT_SHIPPED, OVER)).status is Status.REFUNDING, "lost on the way"
    Given(groups, *after(*agreed, ships("delivered"))).when(fails(Failing.NOT_SHIPPED, OVER)).then()

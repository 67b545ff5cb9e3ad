"""Joining, changing, leaving and waiting: nobody gets a place that is not there, and free places are given out in turn."""

from datetime import timedelta

import pytest

from domain.groups.events import MemberJoined, MemberLeft, MemberQueued, QuantityChanged
from domain.groups.group import groups
from domain.groups.values import Leaving, Visibility
from tests.bdd import Given
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
    PAY_BY,
    SAM,
    STAN,
    after,
    asks,
    changes,
    closes,
    joins,
    lapses,
    leaves,
    opened,
    pays,
    person,
    stand,
    taken,
)

LATER = NOON + timedelta(minutes=10)


def test_who_joins_has_half_an_hour_to_pay():
    Given(groups, *after(opened())).when(joins(BEN, 4, pickup=HALL)).then(MemberJoined(GROUP, BEN.id, 4, HALL, PAY_BY, 4, NOON))


def test_nobody_has_longer_to_pay_than_the_deadline():
    late = DEADLINE - timedelta(minutes=5)
    Given(groups, *after(opened())).when(joins(BEN, 4, late)).then(MemberJoined(GROUP, BEN.id, 4, GATE, DEADLINE, 4, late))


def test_nobody_joins_twice():
    Given(groups, *after(opened(), joins(BEN, 4))).when(joins(BEN, 1)).rejected("already_joined")
    full = after(opened(), joins(BEN, 12), joins(CLEO, 8), joins(DAN, 1))
    Given(groups, *full).when(joins(DAN, 1)).rejected("already_joined")


def test_nobody_joins_after_the_deadline_whether_or_not_it_has_been_acted_on():
    Given(groups, *after(opened())).when(joins(BEN, 4, DEADLINE)).rejected("group_not_gathering")
    Given(groups, *after(opened(), closes())).when(joins(BEN, 4)).rejected("group_not_gathering")


@pytest.mark.parametrize("quantity", [1, 13])
def test_each_member_takes_within_the_limits(quantity: int):
    Given(groups, *after(opened(least=2))).when(joins(BEN, quantity)).rejected("over_limit", pointer="/quantity")
    Given(groups, *after(opened(least=2), joins(BEN, 4))).when(changes(BEN, quantity)).rejected("over_limit", pointer="/quantity")


def test_goods_are_picked_up_where_the_group_says():
    Given(groups, *after(opened())).when(joins(BEN, 4, pickup=GROUP)).rejected("pickup_unknown", pointer="/pickupId")


def test_a_group_for_the_invited_is_joined_by_them_and_by_its_organiser_alone():
    begun = after(opened(visibility=Visibility.INVITED, invited=(BEN.id,)))
    Given(groups, *begun).when(joins(CLEO, 1)).rejected("not_invited")
    Given(groups, *begun).when(joins(BEN, 1)).then(MemberJoined(GROUP, BEN.id, 1, GATE, PAY_BY, 1, NOON))
    Given(groups, *begun).when(joins(ANA, 1)).then(MemberJoined(GROUP, ANA.id, 1, GATE, PAY_BY, 1, NOON))


def test_the_seller_does_not_buy_from_himself_and_nobody_joins_for_another():
    Given(groups, *after(opened())).when(joins(SAM, 1)).rejected("own_listing")
    for_cleo = type(joins(BEN, 1))(GROUP, CLEO.id, 1, GATE, BEN, NOON)
    Given(groups, *after(opened())).when(for_cleo).rejected("not_yours")


def test_who_does_not_fit_waits():
    full = after(opened(), joins(BEN, 12), joins(CLEO, 6))
    Given(groups, *full).when(joins(DAN, 3)).then(MemberQueued(GROUP, DAN.id, 3, GATE, NOON))
    Given(groups, *full).when(joins(DAN, 2)).then(MemberJoined(GROUP, DAN.id, 2, GATE, PAY_BY, 20, NOON))


def test_a_free_place_goes_to_the_first_who_waits_and_fits_in_the_same_append():
    eve = person(0xE1)
    full = after(opened(), joins(BEN, 12), joins(CLEO, 8), joins(DAN, 9), joins(ANA, 5), joins(eve, 4))
    Given(groups, *full).when(leaves(CLEO, LATER)).then(
        MemberLeft(GROUP, CLEO.id, 8, Leaving.LEFT, 12, LATER),
        MemberJoined(GROUP, ANA.id, 5, GATE, LATER + timedelta(minutes=30), 17, LATER),
    )


def test_several_get_a_place_at_once_where_there_is_room():
    full = after(opened(), joins(BEN, 12), joins(CLEO, 8), joins(DAN, 3), joins(ANA, 5))
    Given(groups, *full).when(lapses(CLEO)).then(
        MemberLeft(GROUP, CLEO.id, 8, Leaving.LAPSED, 12, PAY_BY),
        MemberJoined(GROUP, DAN.id, 3, GATE, PAY_BY + timedelta(minutes=30), 15, PAY_BY),
        MemberJoined(GROUP, ANA.id, 5, GATE, PAY_BY + timedelta(minutes=30), 20, PAY_BY),
    )


def test_taking_less_makes_room_and_taking_more_needs_it():
    full = after(opened(), joins(BEN, 12), joins(CLEO, 7), joins(DAN, 4))
    Given(groups, *full).when(changes(BEN, 8)).then(
        QuantityChanged(GROUP, BEN.id, 8, PAY_BY, 15, NOON),
        MemberJoined(GROUP, DAN.id, 4, GATE, PAY_BY, 19, NOON),
    )
    Given(groups, *full).when(changes(CLEO, 9)).rejected("group_full")
    Given(groups, *full).when(changes(CLEO, 8, LATER)).then(QuantityChanged(GROUP, CLEO.id, 8, PAY_BY, 20, LATER))
    Given(groups, *full).when(changes(CLEO, 7)).then()


def test_who_waits_may_ask_for_less_and_keeps_the_turn():
    full = after(opened(), joins(BEN, 12), joins(CLEO, 7), joins(DAN, 4), joins(ANA, 3))
    Given(groups, *full).when(changes(DAN, 3)).then(MemberQueued(GROUP, DAN.id, 3, GATE, NOON))
    assert [each.member_id for each in stand(*asked_less()).queue] == [DAN.id, ANA.id]
    Given(groups, *full).when(changes(DAN, 1)).then(
        MemberQueued(GROUP, DAN.id, 1, GATE, NOON), MemberJoined(GROUP, DAN.id, 1, GATE, PAY_BY, 20, NOON)
    )


def asked_less() -> tuple[object, ...]:
    return opened(), joins(BEN, 12), joins(CLEO, 7), joins(DAN, 4), joins(ANA, 3), changes(DAN, 3)


def test_who_waits_may_give_up_and_frees_nothing():
    full = after(opened(), joins(BEN, 12), joins(CLEO, 7), joins(DAN, 4))
    Given(groups, *full).when(leaves(DAN)).then(MemberLeft(GROUP, DAN.id, 4, Leaving.LEFT, 19, NOON))


def test_what_is_paid_stands():
    begun = after(opened(), *taken(BEN, 4))
    Given(groups, *begun).when(leaves(BEN)).rejected("already_paid")
    Given(groups, *begun).when(changes(BEN, 5)).rejected("already_paid")
    Given(groups, *begun).when(lapses(BEN)).then()


def test_who_has_no_part_neither_leaves_nor_changes():
    Given(groups, *after(opened())).when(leaves(BEN)).rejected("not_a_member")
    Given(groups, *after(opened())).when(changes(BEN, 2)).rejected("not_a_member")


def test_organiser_and_moderators_take_somebody_out_who_does_not_get_in_again():
    begun = opened(), joins(BEN, 4)
    for by in (ANA, MORA):
        Given(groups, *after(*begun)).when(leaves(BEN, by=by)).then(MemberLeft(GROUP, BEN.id, 4, Leaving.REMOVED, 0, NOON))
    for by in (CLEO, STAN):
        Given(groups, *after(*begun)).when(leaves(BEN, by=by)).rejected("not_yours")
    Given(groups, *after(*begun, leaves(BEN, by=ANA))).when(joins(BEN, 4)).rejected("not_invited")


def test_an_unpaid_place_lapses_when_its_time_is_over_and_not_before():
    begun = after(opened(), joins(BEN, 4))
    Given(groups, *begun).when(lapses(BEN, LATER)).then()
    Given(groups, *begun).when(lapses(BEN)).then(MemberLeft(GROUP, BEN.id, 4, Leaving.LAPSED, 0, PAY_BY))
    Given(groups, *begun, *after(opened(), joins(BEN, 4), lapses(BEN))[2:]).when(lapses(BEN)).then()


def test_a_place_that_gets_free_late_gives_full_time_until_the_deadline_and_after_it_goes_to_nobody():
    full = after(opened(), joins(BEN, 12), joins(CLEO, 8), joins(DAN, 5))
    late, short = PAY_BY + timedelta(hours=3), DEADLINE - timedelta(minutes=10)
    for now, pay_by in ((late, late + timedelta(minutes=30)), (short, DEADLINE)):
        left, joined = MemberLeft(GROUP, CLEO.id, 8, Leaving.LAPSED, 12, now), MemberJoined(GROUP, DAN.id, 5, GATE, pay_by, 17, now)
        Given(groups, *full).when(lapses(CLEO, now)).then(left, joined)
    Given(groups, *full).when(lapses(CLEO, DEADLINE)).then(MemberLeft(GROUP, CLEO.id, 8, Leaving.LAPSED, 12, DEADLINE))


def test_who_joins_anew_has_new_time():
    again = opened(), joins(BEN, 4), leaves(BEN, LATER), joins(BEN, 2, LATER)
    Given(groups, *after(*again)).when(lapses(BEN, PAY_BY)).then()


def test_changing_the_quantity_lets_go_of_a_payment_that_was_begun():
    state = stand(opened(), joins(BEN, 4), asks(BEN, 3_600), changes(BEN, 5))
    assert state.members[BEN.id].payment_id is None
    returned = groups.decide(pays(BEN, 3_600), state)
    assert [type(each).__name__ for each in returned] == ["ContributionReturned"]


def test_each_sees_what_he_may_do_next():
    begun = after(opened(), joins(BEN, 4), *taken(CLEO, 4))
    Given(groups, *begun).offers(DAN, "join")
    Given(groups, *begun).offers(BEN, "contributions", "quantity", "leave")
    Given(groups, *begun).offers(CLEO)
    Given(groups, *begun).offers(ANA, "join", "extend", "cancel")
    Given(groups, *begun).offers(MORA, "join", "cancel")

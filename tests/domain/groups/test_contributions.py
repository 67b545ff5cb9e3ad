"""Paying and being paid back: what is held, what it costs, and that money that is not waited for goes back as it came."""

from datetime import timedelta
from typing import Any

import pytest

from domain.groups.commands import CompensateMembers, RetryRefund
from domain.groups.contributions.contribution import due
from domain.groups.contributions.events import (
    ContributionPaid,
    ContributionRefunded,
    ContributionRefundFailed,
    ContributionRequested,
    ContributionReturned,
)
from domain.groups.events import (
    GroupClosed,
    GroupLocked,
    MemberJoined,
    MinimumReached,
)
from domain.groups.group import groups
from domain.groups.ids import contribution_id, refund_id
from domain.groups.values import Locking, Owing, Returning
from tests.bdd import Given
from tests.domain.groups.traders import (
    ANA,
    BEN,
    CLEO,
    DAN,
    DEADLINE,
    GATE,
    GROUP,
    MORA,
    NOON,
    PAY_BY,
    SAM,
    STAN,
    WINDOW,
    Contributes,
    after,
    agrees,
    asks,
    changes,
    closes,
    collects,
    joins,
    lapses,
    leaves,
    opened,
    payment,
    pays,
    refund_fails,
    refunds,
    ships,
    stand,
    taken,
)

ISSUE = GATE


def returned(who: Any, amount: int, reason: Returning, key: str, number: int = 1) -> ContributionReturned:
    paid = payment(who, number)
    return ContributionReturned(GROUP, Owing(who.id, paid, refund_id(GROUP, key, who.id, paid), amount, "USD", amount), reason, DEADLINE)


def test_a_member_is_asked_for_the_price_of_all_that_is_paid_with_these_pieces():
    asked = ContributionRequested(
        GROUP,
        BEN.id,
        payment(BEN),
        contribution_id(GROUP, BEN.id),
        SAM.id,
        4,
        3_600,
        "USD",
        "USD",
        3_600,
        None,
        PAY_BY,
        NOON,
    )
    Given(groups, *after(opened(), joins(BEN, 4))).when(asks(BEN, 3_600)).then(asked)
    assert due(stand(opened(), *taken(BEN, 12), joins(CLEO, 8)), CLEO.id, NOON).amount == 8 * 800
    assert due(stand(opened(), joins(BEN, 12), joins(CLEO, 8)), CLEO.id, NOON).amount == 8 * 900, "what is only reserved may lapse"


def test_asked_twice_for_the_same_payment_it_is_already_so():
    Given(groups, *after(opened(), joins(BEN, 4), asks(BEN, 3_600))).when(asks(BEN, 3_600)).then()


def test_another_amount_than_is_due_is_refused():
    begun = after(opened(), joins(BEN, 4))
    Given(groups, *begun).when(asks(BEN, 3_599)).rejected("price_changed")
    Given(groups, *begun).when(asks(BEN, 90_000, paid_currency="ZWG", rate="25 2026-06-01", amount=3_500)).rejected("price_changed")


def test_in_another_currency_an_amount_comes_with_its_rate():
    begun = after(opened(), joins(BEN, 4))
    Given(groups, *begun).when(asks(BEN, 90_000, paid_currency="ZWG", amount=3_600)).rejected("unknown_rate")
    (asked,) = groups.decide(asks(BEN, 90_000, paid_currency="ZWG", rate="25 2026-06-01", amount=3_600), groups.fold(begun))
    assert isinstance(asked, ContributionRequested)
    assert (asked.amount, asked.paid_amount, asked.paid_currency, asked.rate) == (3_600, 90_000, "ZWG", "25 2026-06-01")


def test_nobody_pays_for_a_place_that_he_has_not():
    Given(groups, *after(opened())).when(asks(BEN, 3_600)).rejected("not_a_member")
    Given(groups, *after(opened(), joins(BEN, 4))).when(asks(BEN, 3_600, PAY_BY)).rejected("reservation_lapsed")
    Given(groups, *after(opened(), joins(BEN, 4), lapses(BEN))).when(asks(BEN, 3_600, PAY_BY)).rejected("reservation_lapsed")
    Given(groups, *after(opened(), *taken(BEN, 4))).when(asks(BEN, 3_600, number=2)).rejected("already_paid")
    Given(groups, *after(opened(), joins(BEN, 4), closes())).when(asks(BEN, 3_600)).rejected("group_not_gathering")


def test_what_is_paid_counts_once():
    begun = after(opened(), joins(BEN, 4), asks(BEN, 3_600))
    Given(groups, *begun).when(pays(BEN, 3_600)).then(ContributionPaid(GROUP, BEN.id, payment(BEN), 4, 3_600, 4, NOON, "USD", 3_600))
    Given(groups, *after(opened(), *taken(BEN, 4))).when(pays(BEN, 3_600)).then()


def test_the_payment_that_meets_the_minimum_says_so():
    begun = after(opened(), *taken(BEN, 6), joins(CLEO, 4), asks(CLEO, 3_600))
    Given(groups, *begun).when(pays(CLEO, 3_600)).then(
        ContributionPaid(GROUP, CLEO.id, payment(CLEO), 4, 3_600, 10, NOON, "USD", 3_600), MinimumReached(GROUP, 10, NOON)
    )


def test_the_payment_of_the_last_piece_locks_the_group_and_who_paid_more_gets_the_difference():
    begun = opened(), *taken(BEN, 12), joins(CLEO, 8), asks(CLEO, 6_400), joins(DAN, 1)
    events = groups.decide(pays(CLEO, 6_400), stand(*begun))
    assert [type(each).__name__ for each in events] == ["ContributionPaid", "MemberLeft", "GroupLocked", "ContributionReturned"]
    locked, back = events[2], events[3]
    assert isinstance(locked, GroupLocked)
    assert isinstance(back, ContributionReturned)
    assert (locked.reason, locked.quantity, locked.price, locked.amount) == (Locking.FULL, 20, 800, 16_000)
    assert (back.reason, back.owing.member_id, back.owing.amount) == (Returning.PRICE_FELL, BEN.id, 12 * 100)
    assert [(each.member_id, each.amount) for each in locked.parts] == [(BEN.id, 9_600), (CLEO.id, 6_400)]


def test_who_lapsed_is_taken_back_in_by_his_payment_while_there_is_room():
    now = PAY_BY + timedelta(minutes=1)
    begun = opened(), joins(BEN, 4), asks(BEN, 3_600), lapses(BEN)
    Given(groups, *after(*begun)).when(pays(BEN, 3_600, now)).then(
        MemberJoined(GROUP, BEN.id, 4, GATE, now + timedelta(minutes=30), 4, now),
        ContributionPaid(GROUP, BEN.id, payment(BEN), 4, 3_600, 4, now, "USD", 3_600),
    )
    full = *begun, joins(CLEO, 12, PAY_BY), joins(DAN, 8, PAY_BY)
    (back,) = groups.decide(pays(BEN, 3_600, now), stand(*full))
    assert isinstance(back, ContributionReturned)
    assert (back.reason, back.owing.amount) == (Returning.LATE, 3_600)


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        ((leaves(BEN),), Returning.LEFT),
        ((leaves(BEN, by=ANA),), Returning.LEFT),
        ((changes(BEN, 5),), Returning.LATE),
        ((asks(BEN, 3_600, number=2), pays(BEN, 3_600, number=2)), Returning.LATE),
        ((asks(BEN, 3_600, number=2),), Returning.LATE),
        ((closes(),), Returning.LATE),
    ],
)
def test_money_that_is_not_waited_for_goes_back_once(meanwhile: tuple[Any, ...], reason: Returning):
    begun = opened(), joins(BEN, 4), asks(BEN, 3_600), *meanwhile
    Given(groups, *after(*begun)).when(pays(BEN, 3_600, DEADLINE - timedelta(hours=1))).then(
        ContributionReturned(
            GROUP,
            Owing(BEN.id, payment(BEN), refund_id(GROUP, reason, BEN.id, payment(BEN)), 3_600, "USD", 3_600),
            reason,
            DEADLINE - timedelta(hours=1),
        )
    )
    Given(groups, *after(*begun, pays(BEN, 3_600))).when(pays(BEN, 3_600)).then()


def test_money_that_comes_after_the_deadline_goes_back_also_before_the_group_is_closed():
    begun = after(opened(), joins(BEN, 4), asks(BEN, 3_600))
    Given(groups, *begun).when(pays(BEN, 3_600, DEADLINE)).then(returned(BEN, 3_600, Returning.LATE, "late"))


def test_another_amount_and_a_payment_nobody_was_asked_for_go_back_exactly():
    begun = after(opened(), joins(BEN, 4), asks(BEN, 3_600))
    for command in (pays(BEN, 3_500, DEADLINE), pays(BEN, 3_600, DEADLINE, currency="ZWG"), pays(BEN, 77, DEADLINE, number=9)):
        (back,) = groups.decide(command, groups.fold(begun))
        assert isinstance(back, ContributionReturned)
        assert (back.owing.refund, back.owing.currency) == (command.amount, command.currency)


def test_what_comes_after_the_end_of_a_failed_group_is_owed_and_paid_back():
    ended = opened(), joins(BEN, 4), asks(BEN, 3_600), closes(), pays(BEN, 3_600, DEADLINE)
    state = stand(*ended)
    (owed,) = state.refunds.values()
    assert state.owes
    assert not stand(*ended, refunds(owed.owing)).owes


def failed() -> tuple[Any, ...]:
    return opened(), *taken(BEN, 4), *taken(CLEO, 2), closes()


def test_the_last_refund_closes_a_failed_group():
    ben, cleo = (each.owing for each in stand(*failed()).refunds.values())
    told = ContributionRefunded(GROUP, BEN.id, ben.payment_id, ben.refund_id, 3_600, DEADLINE)
    Given(groups, *after(*failed())).when(refunds(ben)).then(told)
    last = ContributionRefunded(GROUP, CLEO.id, cleo.payment_id, cleo.refund_id, 1_800, DEADLINE)
    Given(groups, *after(*failed(), refunds(ben))).when(refunds(cleo)).then(last, GroupClosed(GROUP, DEADLINE))
    Given(groups, *after(*failed(), refunds(ben))).when(refunds(ben)).then()


def test_a_refund_that_failed_is_still_owed_until_staff_pay_it_again():
    ben, cleo = (each.owing for each in stand(*failed()).refunds.values())
    begun = *failed(), refunds(cleo)
    told = ContributionRefundFailed(GROUP, BEN.id, ben.payment_id, ben.refund_id, 3_600, DEADLINE, "account_closed")
    Given(groups, *after(*begun)).when(refund_fails(ben)).then(told)
    broken = *begun, refund_fails(ben)
    Given(groups, *after(*broken)).offers(STAN, "retry-refund")
    Given(groups, *after(*broken)).offers(MORA)
    retry = RetryRefund(GROUP, ben.refund_id, STAN, DEADLINE)
    (again,) = groups.decide(retry, stand(*broken))
    assert isinstance(again, ContributionReturned)
    assert again.instead_of == ben.refund_id
    assert again.owing.refund_id != ben.refund_id
    assert again.owing.refund == 3_600
    assert [type(each).__name__ for each in after(*broken, retry, refunds(again.owing))[-2:]] == ["ContributionRefunded", "GroupClosed"]


def test_only_staff_pay_again_and_only_what_failed():
    (ben, _) = (each.owing for each in stand(*failed()).refunds.values())
    Given(groups, *after(*failed())).when(RetryRefund(GROUP, ben.refund_id, STAN, DEADLINE)).rejected("refund_not_failed")
    Given(groups, *after(*failed())).when(RetryRefund(GROUP, GATE, STAN, DEADLINE)).rejected("refund_not_found")
    Given(groups, *after(*failed())).when(RetryRefund(GROUP, ben.refund_id, ANA, DEADLINE)).rejected("not_yours")


def delivered() -> tuple[Any, ...]:
    return opened(), *taken(BEN, 7), *taken(CLEO, 4), closes(), agrees(900), ships("delivered")


def test_a_compensation_is_shared_by_what_each_has_paid_for_to_the_last_cent_and_once():
    command = CompensateMembers(GROUP, ISSUE, 1_000, WINDOW)
    events = groups.decide(command, stand(*delivered()))
    assert [each.owing.amount for each in events if isinstance(each, ContributionReturned)] == [636, 364]
    Given(groups, *after(*delivered(), command)).when(command).then()
    assert stand(*delivered(), command).held == 11 * 900 - 1_000


def test_no_more_is_given_back_than_is_held():
    held = 11 * 900
    Given(groups, *after(*delivered())).when(CompensateMembers(GROUP, ISSUE, held + 1, WINDOW)).rejected("amount_invalid")
    assert stand(*delivered(), CompensateMembers(GROUP, ISSUE, held, WINDOW)).held == 0
    done = *delivered(), collects(BEN, 7), collects(CLEO, 4)
    Given(groups, *after(*done)).when(CompensateMembers(GROUP, ISSUE, 1, WINDOW)).rejected("group_settled")


def test_what_was_paid_in_another_currency_goes_back_in_it():
    in_zwg = asks(BEN, 100_001, paid_currency="ZWG", rate="27.78 2026-06-01")
    begun = opened(), joins(BEN, 4), in_zwg, pays(BEN, 100_001, currency="ZWG"), *taken(CLEO, 6)
    state = stand(*begun, closes(), agrees(800))
    (ben, cleo) = (each.owing for each in state.refunds.values())
    assert (ben.amount, ben.refund, ben.currency) == (400, 11_111, "ZWG")
    assert (cleo.amount, cleo.refund, cleo.currency) == (600, 600, "USD")
    assert state.members[BEN.id].held == 100_001 - 11_111
    failing = stand(*begun[:-2], closes())
    assert [each.owing.refund for each in failing.refunds.values()] == [100_001]


def test_a_lapsed_member_who_joined_anew_pays_the_new_contribution_only():
    now = PAY_BY + timedelta(minutes=1)
    begun = opened(), joins(BEN, 4), asks(BEN, 3_600), lapses(BEN), joins(BEN, 4, now), asks(BEN, 3_600, now, number=2)
    (back,) = groups.decide(pays(BEN, 3_600, now), stand(*begun))
    assert isinstance(back, ContributionReturned)
    assert stand(*begun, pays(BEN, 3_600, now), pays(BEN, 3_600, now, number=2)).held == 3_600


def test_nothing_is_due_of_who_has_paid():
    assert stand(opened(), joins(BEN, 4), Contributes(BEN)).held == 3_600

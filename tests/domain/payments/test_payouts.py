"""A payout is sent once for each attempt, what failed may be tried again, and a purse never gives more than was earned."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain.decider import Rejected
from domain.payments.payouts import commands as c
from domain.payments.payouts import events as e
from domain.payments.payouts.payout import payouts
from domain.payments.payouts.purse import purses
from domain.trade import Bank
from tests.bdd import Given
from tests.domain.payments.purse import CLEO, NOON, SAM, STAN

PAYOUT, OTHER, GROUP, MILL, OWNER = (UUID(int=number) for number in (90, 91, 92, 93, 94))
BANK = Bank("Mbare Millers", "9140001234567", "STBLZWHX", "USD")

asked = e.PayoutRequested(PAYOUT, SAM.id, MILL, OWNER, "USD", 5_400, "sandbox", BANK, "4567", GROUP, SAM.id, NOON)
sent = e.PayoutSent(PAYOUT, 1, "ref-1", NOON)
paid = e.PayoutPaid(PAYOUT, SAM.id, "sandbox", "USD", 5_400, 100, 1, "ref-1", NOON, GROUP)
failed = e.PayoutFailed(PAYOUT, SAM.id, "USD", 5_400, 1, "account_closed", NOON, GROUP)
again = e.PayoutRetried(PAYOUT, SAM.id, "USD", 5_400, 2, STAN.id, NOON, GROUP)


def ask(amount: int = 5_400) -> c.RequestPayout:
    return c.RequestPayout(PAYOUT, SAM.id, MILL, OWNER, "USD", amount, "sandbox", BANK, GROUP, SAM, NOON)


def told_sent(attempt: int = 1) -> c.ReportSent:
    return c.ReportSent(PAYOUT, attempt, "ref-1", NOON)


def told_paid(attempt: int = 1) -> c.ReportPaid:
    return c.ReportPaid(PAYOUT, attempt, "ref-1", 100, NOON)


def told_failed(attempt: int = 1) -> c.ReportFailed:
    return c.ReportFailed(PAYOUT, attempt, "account_closed", NOON)


def test_a_payout_is_asked_for_once_and_is_of_something():
    Given(payouts).when(ask()).then(asked)
    Given(payouts, asked).when(ask()).then()
    Given(payouts).when(ask(0)).rejected("amount_invalid", pointer="/amount")


def test_what_the_provider_says_may_come_twice_and_what_has_ended_stays_so():
    Given(payouts, asked).when(told_sent()).then(sent)
    Given(payouts, asked, sent).when(told_sent()).then()
    for before in ((asked,), (asked, sent)):
        Given(payouts, *before).when(told_paid()).then(paid)
        Given(payouts, *before).when(told_failed()).then(failed)
    for ended in (paid, failed):
        for late in (told_sent(), told_paid(), told_failed()):
            Given(payouts, asked, sent, ended).when(late).then()


def test_only_staff_try_again_and_only_what_failed():
    retry = c.RetryPayout(PAYOUT, STAN, NOON)
    Given(payouts, asked, failed).when(retry).then(again)
    Given(payouts, asked, failed).when(c.RetryPayout(PAYOUT, SAM, NOON)).rejected("not_yours")
    for history in ((asked,), (asked, sent), (asked, paid)):
        Given(payouts, *history).when(retry).rejected("payout_not_failed")
    Given(payouts).when(retry).rejected("payout_not_found")
    Given(payouts, asked, failed).offers(STAN, "retry")
    Given(payouts, asked, failed).offers(CLEO)


def test_word_of_an_earlier_attempt_changes_nothing():
    Given(payouts, asked, failed, again).when(told_paid(1)).then()
    (arrived,) = payouts.decide(told_paid(2), payouts.fold([asked, failed, again]))
    assert isinstance(arrived, e.PayoutPaid)
    assert arrived.attempt == 2


def take(amount: int, earned: int = 100, payout: UUID = PAYOUT, attempt: int = 1) -> c.TakeOut:
    return c.TakeOut(SAM.id, "USD", payout, attempt, amount, earned, NOON)


def put(amount: int, payout: UUID = PAYOUT, attempt: int = 1) -> c.PutBack:
    return c.PutBack(SAM.id, "USD", payout, attempt, amount, NOON)


def taken(amount: int, payout: UUID = PAYOUT, attempt: int = 1) -> e.MoneyTaken:
    return e.MoneyTaken(SAM.id, "USD", payout, attempt, amount, NOON)


def back(amount: int, payout: UUID = PAYOUT, attempt: int = 1) -> e.MoneyPutBack:
    return e.MoneyPutBack(SAM.id, "USD", payout, attempt, amount, NOON)


def test_a_purse_gives_what_was_earned_and_no_more():
    Given(purses).when(take(100)).then(taken(100))
    for amount in (0, -1, 101):
        Given(purses).when(take(amount)).rejected("balance_insufficient")
    Given(purses, taken(60)).when(take(41, payout=OTHER)).rejected("balance_insufficient")
    Given(purses, taken(60)).when(take(40, payout=OTHER)).then(taken(40, OTHER))
    Given(purses, taken(100)).when(take(1, earned=90, payout=OTHER)).rejected("balance_insufficient")


def test_what_is_taken_or_put_back_twice_is_so_once():
    Given(purses, taken(60)).when(take(60)).then()
    Given(purses, taken(60)).when(put(60)).then(back(60))
    Given(purses, taken(60), back(60)).when(put(60)).then()
    Given(purses).when(put(60)).then()
    Given(purses, taken(60), back(60)).when(take(100, payout=OTHER)).then(taken(100, OTHER))
    Given(purses, taken(60), back(60), taken(60, attempt=2)).when(put(60)).then()


class Purse(RuleBasedStateMachine):
    """Three payouts take, fail and are tried again, in any order and more than once, while more is earned."""

    def __init__(self) -> None:
        super().__init__()
        self.state: Any = purses.initial
        self.earned = 100
        self.out: Counter[UUID] = Counter()
        self.attempts: Counter[UUID] = Counter()

    @rule(amount=st.integers(1, 200))
    def more_is_earned(self, amount: int) -> None:
        self.earned += amount

    @rule(number=st.integers(1, 3), amount=st.integers(-5, 300))
    def somebody_asks(self, number: int, amount: int) -> None:
        id = UUID(int=number)
        if self.out[id]:
            return
        try:
            events = purses.decide(take(amount, self.earned, id, self.attempts[id] + 1), self.state)
        except Rejected:
            assert amount <= 0 or amount > self.earned - sum(self.out.values())
            return
        self.state = purses.fold(events, self.state)
        self.attempts[id] += 1
        self.out[id] = amount

    @rule(number=st.integers(1, 3), attempt=st.integers(0, 4))
    def one_fails(self, number: int, attempt: int) -> None:
        """Also one that was told before, or never asked."""
        id = UUID(int=number)
        self.state = purses.fold(purses.decide(put(self.out[id], id, attempt), self.state), self.state)
        if attempt == self.attempts[id]:
            self.out[id] = 0

    @invariant()
    def what_is_out_is_what_was_taken_and_never_more_than_was_earned(self) -> None:
        assert self.state.taken == sum(self.out.values()) <= self.earned


TestPurses = Purse.TestCase
TestPurses.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("earned", [0, -50])
def test_a_purse_from_which_more_was_taken_than_is_earned_now_gives_nothing(earned: int):
    """What went back to a buyer afterwards is missing until it is earned again."""
    Given(purses, taken(60)).when(take(1, earned, OTHER)).rejected("balance_insufficient")

"""Whatever becomes of a contribution, in whatever order: the books sum to zero, the group holds what is its own, and nothing goes twice."""

from collections import Counter
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.json import decode, encode

from domain.decider import Rejected
from domain.payments import books, ledger
from domain.payments import commands as c
from domain.payments import events as e
from domain.payments.accounts import Chart, balance
from domain.payments.books import Books
from domain.payments.ledger import Posting
from domain.payments.payment import payments
from domain.payments.purposes import CONTRIBUTION
from domain.payments.shares import Share
from domain.payments.standing import Disputing, Refunding, Requested, Stage
from tests.domain.payments.purse import CHECKOUT, CLEO, DUE, NOON, PAYMENT, SAM, STAN, VISA

PART = Share(UUID(int=82), SAM.id, 1000)
PRICE = 1000


class History(RuleBasedStateMachine):
    """A member pays, the group gives back in parts or whole, and banks and providers do as they please."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[e.PaymentEvent] = []
        self.state: Any = payments.initial
        self.books = Books()
        self.postings: list[Posting] = []

    def give(self, command: Any) -> list[Any]:
        try:
            events = payments.decide(command, self.state)
        except Rejected:
            return []
        for event in events:
            self.events.append(event)
            self.state = payments.evolve(self.state, event)
            self.write(ledger.postings(self.books, event))
            self.books = books.evolve(self.books, event)
        assert payments.decide(command, self.state) == [] or not isinstance(command, c.ReportPayment | c.RequestRefund)
        return events

    def write(self, postings: tuple[Posting, ...]) -> None:
        sums: Counter[str] = Counter()
        for each in postings:
            assert min(each.debit, each.credit) == 0 < max(each.debit, each.credit)
            sums[each.currency] += each.debit - each.credit
        assert not any(sums.values())
        self.postings += postings

    def total(self, *charts: Chart) -> int:
        return sum(balance(each.account.chart, each.debit, each.credit) for each in self.postings if each.account.chart in charts)

    @initialize(pays=st.booleans())
    def begin(self, pays: bool) -> None:
        about = (PAYMENT, CHECKOUT, CLEO.id, "USD", PRICE, (PART,), "sandbox", VISA, DUE, NOON)
        self.give(c.RequestPayment(*about, purpose=CONTRIBUTION))
        if pays:
            self.money_comes(PRICE)

    @rule(amount=st.sampled_from([PRICE, PRICE, PRICE, 999]))
    def money_comes(self, amount: int) -> None:
        self.give(c.CapturePayment(PAYMENT, 1, "ref-1", "USD", amount, 59, NOON))

    @rule()
    def the_time_is_over(self) -> None:
        self.give(c.ExpirePayment(PAYMENT, DUE))

    @rule(amount=st.sampled_from([1, 300, 700, PRICE]), number=st.integers(0, 4), staff=st.booleans())
    def something_is_given_back(self, amount: int, number: int, staff: bool) -> None:
        about = (PAYMENT, UUID(int=900 + number), None, amount, "because", NOON)
        self.give(c.RequestRefund(*about, STAN) if staff else c.RequestRefund(*about))

    @rule(data=st.data(), paid=st.booleans())
    def a_refund_ends(self, data: st.DataObject, paid: bool) -> None:
        if self.refunds:
            id = data.draw(st.sampled_from(sorted(self.refunds)))
            asking = data.draw(st.integers(1, max(1, self.refunds[id].asked)))
            self.give(c.ConfirmRefund(PAYMENT, id, "re", NOON, asking) if paid else c.FailRefund(PAYMENT, id, "closed", NOON, asking))

    def arrives(self, id: UUID) -> None:
        self.give(c.ConfirmRefund(PAYMENT, id, "re", NOON, self.refunds[id].asked))

    @rule(name=st.sampled_from(["dp-1", "dp-2"]), ruling=st.sampled_from(["open", "won", "lost"]), amount=st.sampled_from([200, 500]))
    def a_bank_takes_some_of_it(self, name: str, ruling: str, amount: int) -> None:
        self.dispute(name, ruling, amount)

    @rule(ruling=st.sampled_from(["open", "won", "lost"]))
    def a_bank_takes_all_of_it(self, ruling: str) -> None:
        if not self.disputes:
            self.dispute("dp-1", ruling, PRICE)

    def dispute(self, name: str, ruling: str, amount: int) -> None:
        if ruling == "open":
            self.give(c.OpenDispute(PAYMENT, 1, name, amount, 1500, "fraudulent", NOON))
        else:
            self.give(c.CloseDispute(PAYMENT, 1, name, amount, 1500, "fraudulent", ruling == "won", NOON))

    @rule(won=st.booleans())
    def the_group_fails_and_all_is_given_back(self, won: bool) -> None:
        """Every bank decides, every refund arrives, and what failed is asked for anew until nothing is held for the group."""
        if not self.paid:
            return
        for name, each in self.disputes.items():
            if each.state is Disputing.OPEN:
                self.give(c.CloseDispute(PAYMENT, 1, name, each.amount, 1500, "fraudulent", won, NOON))
        for id in self.requested:
            self.arrives(id)
        if left := self.state.refundable(self.state.paid):
            self.give(c.RequestRefund(PAYMENT, UUID(int=2000 + len(self.events)), None, left, "failed", NOON))
            for id in self.requested:
                self.arrives(id)
        assert self.total(Chart.GROUP_HELD) == self.total(Chart.REFUNDS) == self.total(Chart.DISPUTES) == 0

    @property
    def paid(self) -> bool:
        return isinstance(self.state, Requested) and self.state.paid is not None

    @property
    def refunds(self) -> dict[UUID, Any]:
        return dict(self.state.refunds) if isinstance(self.state, Requested) else {}

    @property
    def disputes(self) -> dict[str, Any]:
        return dict(self.state.disputes) if isinstance(self.state, Requested) else {}

    @property
    def requested(self) -> list[UUID]:
        return [id for id, each in self.refunds.items() if each.state is Refunding.REQUESTED]

    @invariant()
    def history_folds_and_its_snapshot_reads_back(self) -> None:
        assert payments.fold(self.events) == self.state
        assert decode(encode(self.state), type=payments.state) == self.state

    @invariant()
    def the_group_holds_what_came_and_is_not_on_its_way_back(self) -> None:
        if self.paid:
            going = (each.amount for each in self.refunds.values() if each.state in {Refunding.REQUESTED, Refunding.PAID})
            assert self.total(Chart.GROUP_HELD) == PRICE - sum(going) - sum(self.state.by_bank.values()) >= 0

    @invariant()
    def refunds_disputes_and_losses_are_those_under_way(self) -> None:
        assert self.total(Chart.REFUNDS) == sum(self.refunds[id].amount for id in self.requested)
        open_ones = (each.amount for each in self.disputes.values() if each.state is Disputing.OPEN)
        assert self.total(Chart.DISPUTES) == sum(open_ones)
        if self.paid:
            lost = (each.amount for each in self.disputes.values() if each.state is Disputing.LOST)
            assert self.total(Chart.LOSSES) == sum(lost) - sum(self.state.by_bank.values()) >= 0

    @invariant()
    def nothing_waits_for_a_bank_that_has_decided(self) -> None:
        waiting = [each for each in self.refunds.values() if each.state is Refunding.DEFERRED]
        assert not waiting or self.state.contested(self.state.paid)
        assert all(each.amount > 0 for each in self.refunds.values())

    @invariant()
    def what_is_owed_once_never_goes_back_twice(self) -> None:
        """By refunds and by the bank's own hand together no more counts as returned than came."""
        if isinstance(self.state, Requested):
            for attempt in self.state.attempts:
                if attempt.stage in {Stage.CAPTURED, Stage.HELD, Stage.EXCESS}:
                    assert self.state.refundable(attempt) >= 0


TestContributions = History.TestCase
TestContributions.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)

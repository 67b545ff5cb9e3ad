"""Whatever happens to a payment, in whatever order: the books sum to zero, and every account says what it should."""

from collections import Counter
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.payments import books, ledger
from domain.payments import events as e
from domain.payments.accounts import Chart, balance
from domain.payments.books import Books, Sale
from domain.payments.commands import PaymentCommand
from domain.payments.ledger import Posting
from domain.payments.standing import Disputing, Refunding, Requested
from tests.domain.payments.purse import BREAD, MILK, SAM, SUE
from tests.domain.payments.test_payment_histories import History


class BookedHistory(History):
    """Every history that payments can have, with the deliveries of its orders at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.books = books.placed(Books(), MILK, Sale(SAM.id, 700, 51, "CH"))
        self.postings: list[Posting] = []

    def give(self, command: PaymentCommand) -> str | None:
        known = len(self.events)
        refusal = super().give(command)
        for event in self.events[known:]:
            self.write(ledger.postings(self.books, event))
            self.books = books.evolve(self.books, event)
        return refusal

    @rule(order=st.sampled_from([(MILK, SAM.id), (BREAD, SUE.id)]))
    def an_order_is_delivered(self, order: tuple[UUID, UUID]) -> None:
        self.write(ledger.delivered(self.books, order[0]))
        self.books = books.delivered(self.books, *order)

    def write(self, postings: tuple[Posting, ...]) -> None:
        sums: Counter[tuple[UUID | None, str]] = Counter()
        for each in postings:
            assert min(each.debit, each.credit) == 0 < max(each.debit, each.credit)
            sums[each.order_id, each.currency] += each.debit - each.credit
        assert not any(sums.values())
        self.postings += postings

    def total(self, *charts: Chart, order: UUID | None = None, currency: str | None = None) -> int:
        return sum(
            balance(each.account.chart, each.debit, each.credit)
            for each in self.postings
            if each.account.chart in charts and order in {None, each.order_id} and currency in {None, each.currency}
        )

    @invariant()
    def what_is_reserved_is_what_attempts_have_reserved(self) -> None:
        reserved = sum(each.authorised for each in self.state.attempts) if isinstance(self.state, Requested) else 0
        assert self.total(Chart.RESERVED) == self.total(Chart.PROMISED) == reserved

    @invariant()
    def sellers_have_what_their_orders_earned(self) -> None:
        for id, sale in self.books.sales.items():
            assert self.total(sale.due.chart, order=id) == sale.earned
            other = Chart.PENDING if sale.released else Chart.AVAILABLE
            assert self.total(other, order=id) == 0

    @invariant()
    def refunds_and_disputes_hold_what_is_under_way(self) -> None:
        if isinstance(self.state, Requested):
            asked = [each.amount for each in self.state.refunds.values() if each.state is Refunding.REQUESTED]
            open_ones = [each.amount for each in self.state.disputes.values() if each.state is Disputing.OPEN]
            assert self.total(Chart.REFUNDS) == sum(asked)
            assert self.total(Chart.DISPUTES) == sum(open_ones)

    @invariant()
    def the_provider_owes_what_came_and_did_not_go(self) -> None:
        owed: Counter[str] = Counter()
        for event in self.events:
            match event:
                case e.PaymentCaptured() | e.PaymentHeld() | e.ExcessCaptured():
                    owed[event.currency] += event.amount - event.fee
                case e.RefundPaid():
                    owed[event.currency] -= event.amount
                case e.RefundFailed(paid=True):
                    owed[event.currency] += event.amount
                case e.DisputeOpened():
                    owed[event.currency] -= event.amount + event.fee
                case e.DisputeWon():
                    owed[event.currency] += event.amount + event.fee
                case _:
                    pass
        for currency in ("USD", "ZWG"):
            assert self.total(Chart.RECEIVABLE, currency=currency) == owed[currency]

    @invariant()
    def tax_and_fees_are_those_of_what_has_not_gone_back(self) -> None:
        for id, sale in self.books.sales.items():
            assert self.total(Chart.TAX, order=id) == sale.paid_tax - sale.returned_tax
            assert self.total(Chart.PLATFORM_FEES, order=id) == sale.fee - sale.returned_fee
            assert 0 <= sale.returned_tax <= sale.paid_tax
            assert 0 <= sale.returned_fee <= sale.fee
            if sale.returned >= sale.paid:
                assert (sale.returned_tax, sale.returned_fee) == (sale.paid_tax, sale.fee)


TestBooks = BookedHistory.TestCase
TestBooks.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)

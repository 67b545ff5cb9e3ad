"""A seller's balance: what he has earned, and how near it is to him."""

from collections.abc import Sequence

from litestar import Controller
from msgspec import Struct

from domain.payments.accounts import Chart, balance
from domain.payments.ledger import Cause
from domain.values import Money, Value
from interfaces.http.caller import Caller, signed_in
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.payments.ledger import ACCOUNTS, EARNED, journal
from projections.ports import Journals, Total
from projections.sql import equals

MOST = 1_000
"""Accounts of one seller: a few for each of the world's currencies."""


class SellerBalance(Value, frozen=True):
    """What is left of one's sales in one currency, fees and tax already off.

    `held` is for orders that are still to be delivered, `disputed` set aside while a payer's bank decides, `due` to be paid out, and
    `paid` what has been paid out or is on its way. What was refunded after it became due can leave less than nothing.
    """

    held: Money
    disputed: Money
    due: Money
    paid: Money


class SellerBalances(Struct, frozen=True):
    """One for each currency in which one has sold."""

    items: list[SellerBalance]


class BalanceQueries(Controller):
    path = "/v1/sellers/me/balance"
    tags = ("ledger",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": journal.name})
    def own(self, caller: Given[Caller], journals: Given[Journals]) -> SellerBalances:
        """What one has earned as a seller: held, due and paid. The entries behind it are at `/v1/ledger/entries`."""
        found = journals.totals(journal, ACCOUNTS, equals("seller_id", caller.id), limit=MOST).items
        paid = journals.totals(journal, EARNED, equals("seller_id", caller.id), limit=MOST).items
        return SellerBalances([balance_in(currency, found, paid) for currency in sorted({each.group["currency"] for each in found})])


def balance_in(currency: str, totals: Sequence[Total], moved: Sequence[Total]) -> SellerBalance:
    own = {each.group["chart"]: each.of for each in totals if each.group["currency"] == currency}

    def held_by(chart: Chart) -> Money:
        of = own.get(chart, {"debit": 0, "credit": 0})
        return Money(balance(chart, of["debit"], of["credit"]), currency)

    paid = sum(
        each.of["debit"] - each.of["credit"]
        for each in moved
        if each.group["currency"] == currency and each.group["cause"] in {Cause.PAYOUT, Cause.PAYOUT_FAILED}
    )
    return SellerBalance(held_by(Chart.PENDING), held_by(Chart.DISPUTED), held_by(Chart.AVAILABLE), Money(paid, currency))

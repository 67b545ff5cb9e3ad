"""What sellers have earned, by the ledger: asked before anything is paid out."""

from uuid import UUID

from application.payments.payouts import Earnings
from domain.payments.accounts import Chart
from domain.payments.ledger import Cause
from projections.payments.ledger import EARNED, journal
from projections.ports import Journals
from projections.sql import equals

PAID_OUT = frozenset({Cause.PAYOUT, Cause.PAYOUT_FAILED})
MOST = 1_000
"""Causes and accounts of one seller in a few currencies."""


class LedgerEarnings(Earnings):
    def __init__(self, journals: Journals) -> None:
        self._journals = journals

    def earned(self, seller_id: UUID, currency: str) -> int:
        return sum(
            each.of["credit"] - each.of["debit"]
            for each in self._journals.totals(journal, EARNED, equals("seller_id", seller_id), limit=MOST).items
            if (each.group["chart"], each.group["currency"]) == (Chart.AVAILABLE, currency) and each.group["cause"] not in PAID_OUT
        )

    def settled(self, group_id: UUID) -> bool:
        where = equals("group_id", group_id) & equals("cause", str(Cause.SETTLEMENT))
        return bool(self._journals.page(journal, where, limit=1).items)

"""The chart of accounts: what the money is, whose it is, and on which side of the books an account grows."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from domain.values import Value


class Chart(StrEnum):
    """The kinds of accounts; one of a provider, seller or place carries its name as well, and so does one of a group."""

    RECEIVABLE = "provider:receivable"
    """What a provider has taken for us and still owes us, its fees already off."""
    RESERVED = "provider:reserved"
    """What a provider has reserved and not taken: the first phase of a charge. Its counterpart is PROMISED."""
    PROMISED = "buyer:promised"
    HELD = "buyer:held"
    """Money that came and is nobody's: another amount than was asked, too late, or twice."""
    PENDING = "seller:pending"
    """What a seller has earned by orders that have not been delivered."""
    AVAILABLE = "seller:available"
    """What a seller has earned and is due to him: to be paid out."""
    DISPUTED = "seller:disputed"
    """What is set aside of a seller's sales, their tax and fee included, while it is not decided whether the payer's bank keeps it."""
    GROUP_HELD = "group:held"
    """What the members of a group purchase have paid, until it is settled or given back to them."""
    PAYOUT_PENDING = "payout:pending"
    """What is on its way to sellers."""
    PLATFORM_FEES = "platform:fees"
    TIERS = "platform:tiers"
    """What members have paid for their tiers."""
    PROVIDER_FEES = "provider:fees"
    LOSSES = "platform:losses"
    """What payers' banks have kept of contributions to groups: the market bears it, and no other member."""
    TAX = "tax"
    """What is owed to the tax office of a place."""
    REFUNDS = "refunds"
    """What is on its way back to payers."""
    DISPUTES = "disputes"
    """What payers' banks have taken back while it is not decided whose it is."""


Side = Literal["debit", "credit"]

GROWS_BY_DEBIT = frozenset({Chart.RECEIVABLE, Chart.RESERVED, Chart.PROVIDER_FEES, Chart.LOSSES, Chart.DISPUTES})
"""Assets and expenses; all others are debts and income, and grow by credit."""


def side(chart: str) -> Side:
    return "debit" if chart in GROWS_BY_DEBIT else "credit"


def balance(chart: str, debit: int, credit: int) -> int:
    """What an account holds, seen from its own side."""
    return debit - credit if chart in GROWS_BY_DEBIT else credit - debit


class Account(Value, frozen=True):
    """`whose` is the provider, the seller or the place, empty where the platform has one account of the kind."""

    chart: Chart
    whose: str = ""
    seller_id: UUID | None = None

    @property
    def name(self) -> str:
        """Such as `provider:sandbox:receivable`, `seller:<id>:pending`, `tax:CH`, `platform:fees`."""
        if not self.whose:
            return self.chart
        kind, _, rest = self.chart.partition(":")
        return f"{kind}:{self.whose}:{rest}" if rest else f"{kind}:{self.whose}"


def of_provider(chart: Chart, provider: str) -> Account:
    return Account(chart, provider)


def of_seller(chart: Chart, seller_id: UUID) -> Account:
    return Account(chart, str(seller_id), seller_id)


def of_group(chart: Chart, group_id: UUID) -> Account:
    return Account(chart, str(group_id))

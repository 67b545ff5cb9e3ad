"""What the platform takes of a sale, and what of it goes back with the money: rules that are declared with the day they begin."""

from datetime import UTC, datetime

from domain.payments.shares import parts
from domain.values import Value

WHOLE = 10_000
"""Basis points of everything."""


class FeeRule(Value, frozen=True):
    """`basis_points` of what the buyer pays without tax; `returned` basis points of the fee go back in proportion to what is refunded."""

    since: datetime
    basis_points: int
    returned: int


FEE_RULES = (FeeRule(datetime(2026, 1, 1, tzinfo=UTC), basis_points=1_000, returned=WHOLE),)
"""The oldest first. A rule that has been in force is never changed, for the books are made from it: a new one is added below."""


def rule_at(moment: datetime) -> FeeRule:
    """The rule in force; the first one also before its day."""
    return next((rule for rule in reversed(FEE_RULES) if rule.since <= moment), FEE_RULES[0])


def fee(rule: FeeRule, amount: int) -> int:
    """Rounded to whole units, halves up."""
    return share_of(amount, rule.basis_points)


def returnable(rule: FeeRule, fee: int) -> int:
    """What of a fee goes back when all the money does."""
    return share_of(fee, rule.returned)


def share_of(amount: int, basis_points: int) -> int:
    return parts(amount, [basis_points, WHOLE - basis_points])[0]

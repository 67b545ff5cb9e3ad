"""What the platform takes is a declared rule, rounded to whole units."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.payments import fees
from domain.payments.fees import FeeRule, fee, returnable, rule_at

TENTH = FeeRule(datetime(2026, 1, 1, tzinfo=UTC), 1_000, 10_000)


@pytest.mark.parametrize(("amount", "expected"), [(0, 0), (4, 0), (5, 1), (14, 1), (15, 2), (1000, 100), (10**15 + 5, 10**14 + 1)])
def test_a_tenth_is_rounded_to_whole_units_halves_up(amount: int, expected: int):
    assert fee(TENTH, amount) == expected


@given(st.integers(0, 10**15), st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_fee_is_never_more_than_the_amount_and_what_goes_back_never_more_than_the_fee(amount: int, basis_points: int, returned: int):
    rule = FeeRule(TENTH.since, basis_points, returned)
    assert 0 <= returnable(rule, fee(rule, amount)) <= fee(rule, amount) <= amount


def test_a_sale_is_under_the_rule_of_its_day(monkeypatch: pytest.MonkeyPatch):
    later = FeeRule(datetime(2027, 1, 1, tzinfo=UTC), 1_200, 5_000)
    monkeypatch.setattr(fees, "FEE_RULES", (TENTH, later))
    assert [rule_at(later.since + timedelta(days=days)) for days in (-4000, -1, 0, 400)] == [TENTH, TENTH, later, later]


def test_the_rules_stand_in_the_order_of_their_days():
    days = [rule.since for rule in fees.FEE_RULES]
    assert days == sorted(set(days))

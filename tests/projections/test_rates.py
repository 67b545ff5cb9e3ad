"""Amounts in other currencies follow a dated table, exactly, and are rounded once."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.currencies import EXPONENTS
from domain.values import Money
from projections.rates import BadRates, Rates, UnknownRate

HEAD = b"date,currency,per_eur\n"
MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)
RATES = Rates.load(
    HEAD
    + b"# a remark\n\n"
    + b"2026-03-02,CHF,0.95\n2026-03-06,CHF,0.8\n"
    + b"2026-03-02,JPY,160\n2026-03-02,KWD,0.32\n2026-03-02,DKK,7.5\n"
)
SHIPPED = Rates.load()


@pytest.mark.parametrize(
    ("money", "currency", "converted"),
    [
        (Money(100_00, "EUR"), "CHF", Money(95_00, "CHF")),
        (Money(95_00, "CHF"), "EUR", Money(100_00, "EUR")),
        (Money(1_00, "EUR"), "JPY", Money(160, "JPY")),
        (Money(160, "JPY"), "KWD", Money(320, "KWD")),  # a yen has no minor unit, a dinar a thousand
        (Money(75, "DKK"), "EUR", Money(10, "EUR")),
        (Money(0, "CHF"), "DKK", Money(0, "DKK")),
        (Money(12_34, "CHF"), "CHF", Money(12_34, "CHF")),
    ],
)
def test_an_amount_is_converted_through_the_euro_into_minor_units(money: Money, currency: str, converted: Money):
    assert RATES.convert(money, currency, MONDAY) == converted


def test_half_a_minor_unit_goes_to_the_even_one():
    half = Rates.load(HEAD + b"2026-03-02,USD,0.5\n")
    assert [half.convert(Money(cents, "EUR"), "USD", MONDAY).amount for cents in (1, 3, 5, -1, -3)] == [0, 2, 2, 0, -2]


def test_the_newest_rate_on_or_before_the_date_holds():
    assert [RATES.convert(Money(100, "EUR"), "CHF", at).amount for at in (MONDAY, TUESDAY, FRIDAY, date(2030, 1, 1))] == [95, 95, 80, 80]
    assert RATES.rate("CHF", TUESDAY)[0] == MONDAY


@pytest.mark.parametrize(("currency", "at"), [("XYZ", MONDAY), ("USD", MONDAY), ("CHF", date(2026, 3, 1))])
def test_a_currency_without_a_rate_on_that_date_is_said_so(currency: str, at: date):
    with pytest.raises(UnknownRate, match=currency):
        RATES.convert(Money(1, "EUR"), currency, at)


@pytest.mark.parametrize(
    "rows",
    [
        b"2026-03-02,CHF\n",
        b"2026-03-02,CHF,0.9,1\n",
        b"yesterday,CHF,0.9\n",
        b"2026-03-02,CHF,nought\n",
        b"2026-03-02,CHF,nan\n",
        b"2026-03-02,CHF,1/0\n",
        b"2026-03-02,CHF,0\n",
        b"2026-03-02,CHF,-1\n",
        b"2026-03-02,EUR,1.1\n",
        b"2026-03-02,XXY,2\n",
        b"2026-03-02,CHF,0.9\n2026-03-02,CHF,0.9\n",
    ],
)
def test_a_bad_table_is_refused_with_its_line(rows: bytes):
    with pytest.raises(BadRates, match=r"^line [23]:"):
        Rates.load(HEAD + rows)


@pytest.mark.parametrize("table", [b"", b"currency,date,per_eur\n", b"\xff\xfe"])
def test_a_table_without_its_columns_is_refused(table: bytes):
    with pytest.raises(BadRates):
        Rates.load(table)


def test_a_table_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(BadRates):
        Rates.load(tmp_path / "rates.csv")


def test_the_shipped_table_knows_the_currencies_of_the_boats():
    assert {"EUR", "CHF", "DKK", "GBP", "USD", "SEK", "NOK"} <= set(SHIPPED.currencies) <= EXPONENTS.keys()


AMOUNTS = st.integers(0, 10**12)
CURRENCIES = st.sampled_from(SHIPPED.currencies)


@given(AMOUNTS, CURRENCIES, CURRENCIES)
def test_there_and_back_loses_no_more_than_roundings(amount: int, one: str, other: str):
    money = Money(amount, one)
    there = SHIPPED.convert(money, other, FRIDAY)
    back = SHIPPED.convert(there, one, FRIDAY)
    _, per_one = SHIPPED.rate(one, FRIDAY)
    _, per_other = SHIPPED.rate(other, FRIDAY)
    worth_of_half_a_minor_unit = per_one / per_other * 10 ** EXPONENTS[one] / 10 ** EXPONENTS[other] / 2
    assert abs(back.amount - amount) <= worth_of_half_a_minor_unit + 1


@given(AMOUNTS, AMOUNTS, CURRENCIES, CURRENCIES)
def test_more_of_one_currency_is_never_less_of_another(some: int, more: int, one: str, other: str):
    low, high = sorted((some, some + more))
    assert SHIPPED.convert(Money(low, one), other, FRIDAY).amount <= SHIPPED.convert(Money(high, one), other, FRIDAY).amount

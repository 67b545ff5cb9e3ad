"""What an amount is in another currency, by a dated table of rates that is an input and never fetched."""

import csv
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from domain.currencies import EXPONENTS
from domain.values import Money

DEFAULT = Path(__file__).with_name("rates.csv")


class BadRates(Exception):
    """A table that cannot be used; the message names its line."""


class UnknownRate(LookupError):
    """No rate of this currency on or before the date."""

    def __init__(self, currency: str, at: date) -> None:
        super().__init__(f"no rate of {currency} on or before {at.isoformat()}")
        self.currency = currency
        self.at = at


class Rates:
    """Rates per euro, which is always one; the rate that holds on a date is the newest on or before it.

    All arithmetic is exact; only the answer is rounded, once, half to even, to the minor unit of its currency.
    """

    def __init__(self, per_eur: Mapping[str, Mapping[date, Fraction]]) -> None:
        self._dated = {currency: sorted(dated.items()) for currency, dated in per_eur.items()}

    @classmethod
    def load(cls, table: Path | bytes = DEFAULT) -> "Rates":
        """From CSV with the columns date (ISO 8601), currency (ISO 4217) and per_eur (units of it that a euro is worth).

        Lines beginning with # are remarks. Raises `BadRates`.
        """
        try:
            text = (table if isinstance(table, bytes) else table.read_bytes()).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as reason:
            raise BadRates(f"the table cannot be read: {reason}") from reason
        numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
        if not numbered or numbered[0][1].strip() != "date,currency,per_eur":
            raise BadRates("the first line must be date,currency,per_eur")
        return cls(_table(numbered[1:]))

    @property
    def currencies(self) -> list[str]:
        return sorted({"EUR", *self._dated})

    def rate(self, currency: str, at: date) -> tuple[date, Fraction]:
        """The rate per euro that holds on a date, and the date it is of. Raises `UnknownRate`."""
        if currency == "EUR":
            return at, Fraction(1)
        dated = self._dated.get(currency, [])
        index = bisect_right(dated, at, key=lambda each: each[0])
        if index == 0:
            raise UnknownRate(currency, at)
        return dated[index - 1]

    def convert(self, money: Money, currency: str, at: date) -> Money:
        """The amount in another currency; in its own it stays as it is. Raises `UnknownRate`."""
        if money.currency == currency:
            return money
        _, per_eur_from = self.rate(money.currency, at)
        _, per_eur_to = self.rate(currency, at)
        minor = Fraction(10) ** (EXPONENTS[currency] - EXPONENTS[money.currency])
        return Money(round(money.amount * minor * per_eur_to / per_eur_from), currency)


def _table(numbered: Iterable[tuple[int, str]]) -> Mapping[str, Mapping[date, Fraction]]:
    per_eur: dict[str, dict[date, Fraction]] = defaultdict(dict)
    for number, line in numbered:
        try:
            day, currency, value = (cell.strip() for cell in next(csv.reader([line])))
            at, rate = date.fromisoformat(day), Fraction(value)
        except (ValueError, ZeroDivisionError) as reason:
            raise BadRates(f"line {number}: {reason}") from reason
        if currency not in EXPONENTS:
            raise BadRates(f"line {number}: {currency!r} is not a currency of ISO 4217")
        if rate <= 0 or (currency == "EUR" and rate != 1):
            raise BadRates(f"line {number}: {value} cannot be the rate of {currency}")
        if at in per_eur[currency]:
            raise BadRates(f"line {number}: {currency} on {day} comes twice")
        per_eur[currency][at] = rate
    return per_eur

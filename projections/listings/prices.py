"""Prices in many currencies, searched and shown in one, at the rates of one day.

A listing is indexed at its own price, and the caller's bounds are turned into bounds in each listing's currency when he asks. So
a new rate holds at once for every listing, and nothing has to be indexed again when the rates change.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache, partial

from domain.currencies import EXPONENTS
from domain.values import Money
from projections.listings.criteria import Bounds
from projections.rates import Rates, UnknownRate

STEPS = (1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000)
"""Where the counted price ranges meet, in euros; in another currency times the power of ten next to its rate."""


class Prices:
    """One currency on one day, and others beside it; `among` are those that listings are priced in, otherwise all in the table.

    Raises `UnknownRate` where the table does not have the currency.
    """

    def __init__(self, rates: Rates, currency: str, on: date, among: frozenset[str] | None = None) -> None:
        self.currency = currency
        self._rates = rates
        self._on = on
        self._among = frozenset(rates.currencies) if among is None else among
        self._per_eur = rates.rate(currency, on)[1]

    @cached_property
    def factors(self) -> Mapping[str, Fraction]:
        """What one minor unit of each currency is in minor units of this one."""
        known: dict[str, Fraction] = {}
        for each in sorted(self._among):
            try:
                per_eur = self._rates.rate(each, self._on)[1]
            except UnknownRate:
                continue  # nobody has told its rate yet
            known[each] = self._per_eur / per_eur * Fraction(10) ** (EXPONENTS[self.currency] - EXPONENTS[each])
        return known

    @cached_property
    def steps(self) -> Sequence[int]:
        """The counted ranges' bounds in minor units."""
        return [step * 10 ** (round(math.log10(self._per_eur)) + EXPONENTS[self.currency]) for step in STEPS]

    @cached_property
    def steps_in(self) -> Mapping[str, Sequence[int]]:
        """The steps in minor units of each currency."""
        return {each: [self.least(step, each) for step in self.steps] for each in self.factors}

    def shown(self, price: Money) -> Money | None:
        """The price in this currency; None where there is no rate."""
        if price.currency == self.currency:
            return price
        factor = self.factors.get(price.currency)
        return None if factor is None else Money(round(price.amount * factor), self.currency)

    def within(self, bounds: Bounds, currency: str) -> Bounds:
        """The bounds of those amounts in a currency that are shown, rounded as they are, within the bounds in this one."""
        lowest = None if bounds.lowest is None else self.least(int(bounds.lowest), currency)
        highest = None if bounds.highest is None else self.least(int(bounds.highest) + 1, currency) - 1
        return Bounds(lowest, highest)

    def least(self, amount: int, currency: str) -> int:
        """The least amount in a currency that is shown as this amount or more."""
        factor = self.factors[currency]
        least = math.ceil((amount - Fraction(1, 2)) / factor)
        return least if round(least * factor) >= amount else least + 1  # a half was rounded down, to even


class Exchange:
    """The rates of the day, whatever day it is."""

    def __init__(self, rates: Rates, today: Callable[[], date]) -> None:
        self._today = today
        self._prices = lru_cache(maxsize=64)(partial(Prices, rates))

    def prices(self, currency: str, among: frozenset[str] | None = None) -> Prices:
        """Raises `UnknownRate`."""
        return self._prices(currency, self._today(), among)

"""What tax a sale bears: by the class of the goods and the country they go to, from a declared table.

The rates are the general ones of each country in 2026, in basis points; regional taxes are for whoever sells there to add.
"""

from collections.abc import Mapping

from domain.goods import TaxClass
from domain.values import Value


class Taxes(Value, frozen=True):
    """`included` says that prices are shown with the tax in them, as shops in this country do."""

    standard: int = 0
    reduced: int = 0
    included: bool = True

    def rate(self, tax_class: TaxClass) -> int:
        """In basis points: 810 is 8.1 %."""
        match tax_class:
            case TaxClass.STANDARD:
                return self.standard
            case TaxClass.REDUCED:
                return self.reduced
            case TaxClass.ZERO | TaxClass.EXEMPT:
                return 0


NONE = Taxes()
"""Of countries that are not in the table: nothing is added, and nothing is said to be in the price."""

TAXES: Mapping[str, Taxes] = {
    "AT": Taxes(2000, 1000),
    "AU": Taxes(1000, 0),
    "BE": Taxes(2100, 600),
    "BG": Taxes(2000, 900),
    "CA": Taxes(500, 0, included=False),
    "CH": Taxes(810, 260),
    "CY": Taxes(1900, 500),
    "CZ": Taxes(2100, 1200),
    "DE": Taxes(1900, 700),
    "DK": Taxes(2500, 2500),
    "EE": Taxes(2400, 900),
    "ES": Taxes(2100, 1000),
    "FI": Taxes(2550, 1350),
    "FR": Taxes(2000, 550),
    "GB": Taxes(2000, 500),
    "GR": Taxes(2400, 1300),
    "HR": Taxes(2500, 1300),
    "HU": Taxes(2700, 1800),
    "IE": Taxes(2300, 1350),
    "IT": Taxes(2200, 1000),
    "JP": Taxes(1000, 800),
    "LI": Taxes(810, 260),
    "LT": Taxes(2100, 1200),
    "LU": Taxes(1700, 800),
    "LV": Taxes(2100, 1200),
    "MT": Taxes(1800, 500),
    "NL": Taxes(2100, 900),
    "NO": Taxes(2500, 1500),
    "NZ": Taxes(1500, 0),
    "PL": Taxes(2300, 800),
    "PT": Taxes(2300, 1300),
    "RO": Taxes(2100, 1100),
    "SE": Taxes(2500, 1200),
    "SG": Taxes(900, 0),
    "SI": Taxes(2200, 950),
    "SK": Taxes(2300, 1900),
    "US": Taxes(included=False),
    "ZA": Taxes(1500, 0),
    "ZW": Taxes(1500, 0),
}


def taxes_in(country: str) -> Taxes:
    return TAXES.get(country, NONE)


def split(price: int, rate: int, *, included: bool) -> tuple[int, int]:
    """Net and tax of what is asked for, in minor units; a half rounds up, and net and tax always add up to what is paid."""
    if included:
        tax = half_up(price * rate, 10_000 + rate)
        return price - tax, tax
    return price, half_up(price * rate, 10_000)


def half_up(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)

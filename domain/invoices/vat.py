"""VAT numbers by their form, and sales between businesses of two countries, where the buyer owes the tax himself.

A number of valid form may still be nobody's: whether it is in use is for its country's register to say.
"""

import re
from collections.abc import Mapping

from stdnum import get_cc_module
from stdnum.eu import vat as european
from stdnum.exceptions import ValidationError

from domain.decider import Rejected
from domain.text import line
from domain.values import ERASED, Erased

LIMIT = 30

_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"

UNION = frozenset(_MEMBERS.split())
"""Between any two of these (ISO 3166-1) the buyer's country is owed the tax by the buyer: directive 2006/112/EC, articles 138 and 196."""

FORMS: Mapping[str, re.Pattern[str]] = {
    "LI": re.compile(r"\d{5}", re.ASCII),
    "ZA": re.compile(r"4\d{9}", re.ASCII),
    "ZW": re.compile(r"\d{8}|\d{10}", re.ASCII),
}
"""Of countries whose numbers have no check digits that are published."""


def vat_number(text: str, country: str, pointer: str = "/vatNumber") -> str:
    """The number as it is written together, in the union with its country before it; `vat_number_invalid` where it is none of `country`."""
    given = re.sub(r"[\s.\-/]", "", line(text, LIMIT, pointer)).upper()
    if not given:
        return ""
    found = in_union(given, country) if country in UNION else elsewhere(given, country)
    if found is None:
        why = f"This is no VAT number of {country}." if country else "Give an address with it: its country tells the form."
        raise Rejected("vat_number_invalid", why, pointer=pointer)
    return found


def in_union(number: str, country: str) -> str | None:
    prefix = "EL" if country == "GR" else country
    try:
        return european.validate(prefix + number.removeprefix(prefix))
    except ValidationError:
        return None


def elsewhere(number: str, country: str) -> str | None:
    bare = number.removeprefix(country)
    if (form := FORMS.get(country)) is not None:
        return bare if form.fullmatch(bare) else None
    module = get_cc_module(country.lower(), "vat") if re.fullmatch("[A-Z]{2}", country) else None
    if module is None:
        return None
    try:
        return str(module.validate(number if country == "CH" else bare))
    except ValidationError:
        return None


def reverse_charged(seller: str, number: str | Erased, *, buyer: str) -> bool:
    """Whether a buyer who gave his VAT number owes the tax himself: the seller has one too, and they are in two countries of the union."""
    return number not in {"", ERASED} and seller != buyer and {seller, buyer} <= UNION

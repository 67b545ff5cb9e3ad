"""Other units than the metric ones a listing is kept in: what a caller sends in feet or horsepower, converted at the edges."""

import math
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, cast

from domain.decider import Rejected
from domain.listings.attributes import declaration
from domain.listings.categories import CATEGORIES
from domain.listings.schema import Attribute, Kind

FACTORS: Mapping[str, Mapping[str, Decimal]] = {
    "m": {
        "m": Decimal(1),
        "cm": Decimal("0.01"),
        "mm": Decimal("0.001"),
        "in": Decimal("0.0254"),
        "ft": Decimal("0.3048"),
        "yd": Decimal("0.9144"),
    },
    "kW": {
        "kW": Decimal(1),
        "W": Decimal("0.001"),
        "hp": Decimal("0.74569987158227022"),
        "bhp": Decimal("0.74569987158227022"),
        "PS": Decimal("0.73549875"),
        "ch": Decimal("0.73549875"),
        "cv": Decimal("0.73549875"),
    },
    "L": {"L": Decimal(1), "l": Decimal(1), "m3": Decimal(1000), "gal-us": Decimal("3.785411784"), "gal-uk": Decimal("4.54609")},
    "kg": {"kg": Decimal(1), "g": Decimal("0.001"), "t": Decimal(1000), "lb": Decimal("0.45359237"), "ton-uk": Decimal("1016.0469088")},
    "kn": {
        "kn": Decimal(1),
        "km/h": 1 / Decimal("1.852"),
        "mph": Decimal("1.609344") / Decimal("1.852"),
        "m/s": Decimal("3.6") / Decimal("1.852"),
    },
    "h": {"h": Decimal(1)},
}
"""How many of the metric unit one of the other is.

The foot of 0.3048 m and the pound of 0.45359237 kg are the international ones of 1959; hp is the mechanical horsepower of 550 foot-pounds
a second, PS (ch, cv) the metric one of 75 kilopond metres a second (NIST SP 811, appendix B); the nautical mile is 1.852 km.
"""

EVERY: Mapping[str, Attribute] = {name: each for category in CATEGORIES.values() for name, each in category.attributes.items()}
"""The attributes of all categories by name."""

MEASURED = re.compile(r"\s*([+-]?\d{1,12}(?:\.\d{1,12})?)\s*([A-Za-z][A-Za-z0-9/-]{0,9})?\s*", re.ASCII)


def metric(value: float, unit: str, attribute: Attribute) -> float:
    """The value in the attribute's own unit, rounded half to even at its decimals. Rejects with `unknown_unit`."""
    factor = FACTORS.get(attribute.unit, {}).get(unit)
    if factor is None:
        known = ", ".join(FACTORS.get(attribute.unit, {})) or "none"
        raise Rejected("unknown_unit", f"{attribute.title} takes the units: {known}.", pointer=attribute.pointer)
    if not math.isfinite(value):
        raise _no_number(attribute)
    if unit == attribute.unit:
        return value
    try:
        exact = Decimal(repr(value)) * factor
        return float(exact.quantize(Decimal(1).scaleb(-attribute.decimals), ROUND_HALF_EVEN))
    except InvalidOperation:  # beyond 28 digits
        raise _no_number(attribute) from None


def _no_number(attribute: Attribute) -> Rejected:
    return Rejected("attribute_invalid", f"{attribute.title}: a sensible number is expected.", pointer=attribute.pointer)


def parsed(text: str, attribute: Attribute) -> float:
    """A measure as one writes it in a query, such as `9.5` (metric), `30ft` or `150 hp`, in the attribute's own unit.

    Rejects with `attribute_invalid` or `unknown_unit`.
    """
    found = MEASURED.fullmatch(text)
    if found is None:
        raise Rejected("attribute_invalid", f"{attribute.title}: a number with or without a unit is expected.", pointer=attribute.pointer)
    number, unit = found.groups()
    return metric(float(number), unit, attribute) if unit else float(number)


def in_metric(category: str | None, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes with every `{"value": 30, "unit": "ft"}` replaced by its metric number; all else as it came, to be checked.

    Without a category any that declares the attribute tells its unit: they all declare the same. Rejects with `unknown_category`,
    `attribute_invalid` or `unknown_unit`.
    """
    declared = EVERY if category is None else declaration(category).attributes
    return {name: _plain(value, declared.get(name)) for name, value in attributes.items()}


def _plain(value: Any, attribute: Attribute | None) -> Any:
    if attribute is None or not isinstance(value, Mapping):
        return value
    match cast("Mapping[str, Any]", value):
        case {"value": int() | float() as number, "unit": str() as unit, **rest} if not rest and not isinstance(number, bool):
            converted = metric(number, unit, attribute)
            return round(converted) if attribute.kind is Kind.INTEGER else converted
        case _:
            raise Rejected("attribute_invalid", f"{attribute.title}: value and unit are expected.", pointer=attribute.pointer)

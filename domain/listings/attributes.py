"""What can be said of a listing beyond title, price and place: attributes that each category declares and that are checked against it."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, cast

from domain.decider import Rejected
from domain.listings.categories import CATEGORIES
from domain.listings.schema import Attribute, Category, Kind
from domain.text import line

__all__ = ["CATEGORIES", "AttributeValue", "Attributes", "check", "check_complete", "declaration"]

AttributeValue = str | int | float | tuple[str, ...]
Attributes = dict[str, AttributeValue]

TEXT_LIMIT = 120


def check(category: str, attributes: Mapping[str, Any]) -> Attributes:
    """The attributes as they are kept, in the order of the category's declaration.

    Numbers become floats and flags sorted tuples; one string is taken for a single flag. None, blank text and no flags say nothing and go.
    Rejects with `unknown_category`, `unknown_attribute` or `attribute_invalid`; required ones may be missing, as in a draft.
    """
    declared = declaration(category).attributes
    for name in attributes:
        if name not in declared:
            raise Rejected("unknown_attribute", f"{category} has no such attribute.", pointer=f"/attributes/{_escaped(name)}")
    kept = {name: _checked(each, attributes[name]) for name, each in declared.items() if attributes.get(name) not in (None, "")}
    return {name: value for name, value in kept.items() if value not in ("", ())}


def check_complete(category: str, attributes: Mapping[str, Any]) -> Attributes:
    """As `check`, and rejects with `attribute_required` where one that the category demands is missing."""
    checked = check(category, attributes)
    for each in declaration(category).attributes.values():
        if each.required and each.name not in checked:
            raise Rejected("attribute_required", f"{each.title} is missing.", pointer=each.pointer)
    return checked


def declaration(category: str) -> Category:
    found = CATEGORIES.get(category)
    if found is None:
        raise Rejected("unknown_category", f"Categories are {', '.join(CATEGORIES)}.", pointer="/category")
    return found


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _checked(attribute: Attribute, value: Any) -> AttributeValue:
    match attribute.kind:
        case Kind.TEXT:
            return _text(attribute, value)
        case Kind.CHOICE:
            return _choice(attribute, value)
        case Kind.FLAGS:
            return _flags(attribute, value)
        case Kind.INTEGER:
            if isinstance(value, bool) or not isinstance(value, int):
                raise _invalid(attribute, "a whole number is expected")
            return int(_bounded(attribute, value))
        case Kind.NUMBER:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise _invalid(attribute, f"a number{f' in {attribute.unit}' if attribute.unit else ''} is expected")
            return float(_bounded(attribute, value))


def _text(attribute: Attribute, value: Any) -> str:
    if not isinstance(value, str):
        raise _invalid(attribute, "text is expected")
    return line(value, TEXT_LIMIT, attribute.pointer, "attribute_invalid")


def _choice(attribute: Attribute, value: Any) -> str:
    if not isinstance(value, str) or value not in attribute.choices:
        raise _invalid(attribute, f"one of {', '.join(attribute.choices)} is expected")
    return value


def _flags(attribute: Attribute, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (_choice(attribute, value),)
    if not isinstance(value, list | tuple | set | frozenset):
        raise _invalid(attribute, "a list is expected")
    return tuple(sorted({_choice(attribute, each) for each in cast("Iterable[Any]", value)}))


def _bounded(attribute: Attribute, value: float) -> float:
    if not math.isfinite(value) or not attribute.within(value):
        raise _invalid(attribute, f"the value must lie between {attribute.minimum} and {attribute.maximum}")
    return value


def _invalid(attribute: Attribute, detail: str) -> Rejected:
    return Rejected("attribute_invalid", f"{attribute.title}: {detail}.", pointer=attribute.pointer)

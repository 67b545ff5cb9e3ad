"""What somebody searches listings by: words, price, place, and values and ranges of what the categories declare."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from domain.listings.schema import Attribute, Kind
from domain.listings.units import EVERY

VALUES: Mapping[str, Attribute] = {
    name: each for name, each in EVERY.items() if each.facet and each.kind in {Kind.TEXT, Kind.CHOICE, Kind.FLAGS}
}
"""Attributes that are searched by one or several of their values: `?maker=Bavaria&maker=Hallberg-Rassy`."""

RANGES: Mapping[str, Attribute] = {name: each for name, each in EVERY.items() if each.facet and each.kind in {Kind.INTEGER, Kind.NUMBER}}
"""Attributes that are searched by bounds: `?lengthMin=30ft&lengthMax=12`."""


class Sort(StrEnum):
    """A leading minus turns the order round: `price` begins with the cheapest."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    CHEAPEST = "price"
    DEAREST = "-price"
    OLDEST_BUILT = "year"
    LATEST_BUILT = "-year"
    LENGTH = "length"
    LONGEST = "-length"
    DISTANCE = "distance"


class Bounds(NamedTuple):
    """Both inclusive; None where there is no bound."""

    lowest: float | None
    highest: float | None


class Circle(NamedTuple):
    """A point in WGS 84 degrees; `radius` in kilometres, None for anywhere."""

    latitude: float
    longitude: float
    radius: float | None


class Criteria(Struct, frozen=True):
    """`price` are bounds in minor units of `currency`, in which prices are shown too."""

    currency: str
    words: str = ""
    kind: str | None = None
    category: str | None = None
    price: Bounds = Bounds(None, None)
    near: Circle | None = None
    country: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = {}
    ranges: Mapping[str, Bounds] = {}
    sort: Sort = Sort.NEWEST
    limit: int = 20

"""How a category declares what can be said of its goods."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from domain.values import Value


class Kind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    FLAGS = "flags"
    INTEGER = "integer"
    NUMBER = "number"


class Attribute(Value, frozen=True):
    """One thing to say of a listing; `name` is its key in JSON and the stem of its search parameters.

    `unit` is the metric unit a number is kept in (m, kW, L, kg, kn, h), `decimals` the places that a conversion rounds to. `choices`
    are the slugs of a choice or of flags, with their labels in English. `facet` asks the search for counts by value (of a number,
    by range); `searchable` puts the text among the words that are searched.
    """

    name: str
    title: str
    kind: Kind
    unit: str = ""
    choices: Mapping[str, str] = {}
    minimum: float | None = None
    maximum: float | None = None
    decimals: int = 3
    required: bool = False
    facet: bool = False
    searchable: bool = False

    @property
    def pointer(self) -> str:
        return f"/attributes/{self.name}"

    def within(self, value: float) -> bool:
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)


class Category(Value, frozen=True):
    """A sort of goods; `kind` is the kind of listing that it may be listed as, `parent` the slug of the wider category, if any."""

    slug: str
    title: str
    attributes: Mapping[str, Attribute]
    kind: str = "classified"
    parent: str = ""


def category(slug: str, title: str, attributes: Iterable[Attribute], kind: str = "classified", parent: str = "") -> Category:
    return Category(slug, title, {each.name: each for each in attributes}, kind, parent)


def text(name: str, title: str, *, facet: bool = False) -> Attribute:
    return Attribute(name, title, Kind.TEXT, facet=facet, searchable=True)


def choice(name: str, title: str, choices: Mapping[str, str], *, required: bool = False) -> Attribute:
    return Attribute(name, title, Kind.CHOICE, choices=choices, required=required, facet=True)


def flags(name: str, title: str, choices: Mapping[str, str], *, required: bool = False) -> Attribute:
    return Attribute(name, title, Kind.FLAGS, choices=choices, required=required, facet=True)


def whole(name: str, title: str, minimum: int, maximum: int, *, unit: str = "", required: bool = False, facet: bool = False) -> Attribute:
    return Attribute(name, title, Kind.INTEGER, unit, minimum=minimum, maximum=maximum, decimals=0, required=required, facet=facet)


def measure(name: str, title: str, unit: str, minimum: float, maximum: float, *, decimals: int = 3, facet: bool = False) -> Attribute:
    return Attribute(name, title, Kind.NUMBER, unit, minimum=minimum, maximum=maximum, decimals=decimals, facet=facet)


def slugs(labels: str) -> dict[str, str]:
    """Choices from their labels, separated by commas: «Motor yacht, RIB» gives motor-yacht and rib."""
    return {label.lower().replace(" ", "-").replace("/", "-"): label for label in (each.strip() for each in labels.split(","))}

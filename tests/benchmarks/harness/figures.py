"""A measured figure beside its control and what it has to reach."""

from collections.abc import Sequence
from math import ceil
from typing import Literal

from msgspec import Struct

from domain.values import Value


class Effort(Struct, frozen=True):
    """How much is measured: the length and number of alternating rounds, the samples of a delay, the rows of an import."""

    seconds: float = 4.0
    rounds: int = 3
    samples: int = 80
    rows: int = 9_888


FULL = Effort()
TOY = Effort(seconds=0.3, rounds=1, samples=3, rows=60)
CONNECTIONS = 16


class Target(Struct, frozen=True):
    """`of` is what the bound is for: the ratio of value to control, or the value itself."""

    of: Literal["ratio", "value"]
    bound: Literal["at least", "under"]
    limit: float

    def reached(self, figure: "Figure") -> bool | None:
        measured = figure.ratio if self.of == "ratio" else figure.value
        if measured is None:
            return None
        return measured >= self.limit if self.bound == "at least" else measured < self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.bound == 'at least' else '<'} {self.limit:g}{' times' if self.of == 'ratio' else ''}"


class Figure(Struct, frozen=True):
    """`control` is what the value is compared with, measured in the same run and unit."""

    name: str
    value: float
    unit: str
    control: float | None = None
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.control if self.control else None


class Shown(Value, frozen=True):
    """A figure as it is written to the file."""

    name: str
    value: float
    unit: str
    control: float | None
    ratio: float | None
    target: str | None
    reached: bool | None
    note: str


def shown(figure: Figure) -> Shown:
    ratio = None if figure.ratio is None else round(figure.ratio, 3)
    target = None if figure.target is None else str(figure.target)
    reached = None if figure.target is None else figure.target.reached(figure)
    return Shown(figure.name, figure.value, figure.unit, figure.control, ratio, target, reached, figure.note)


def times(limit: float) -> Target:
    """At least so many times the control."""
    return Target("ratio", "at least", limit)


def at_least(limit: float) -> Target:
    return Target("value", "at least", limit)


def under(limit: float) -> Target:
    return Target("value", "under", limit)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not exceeded by this share of them."""
    return sorted(values)[max(ceil(len(values) * share), 1) - 1]

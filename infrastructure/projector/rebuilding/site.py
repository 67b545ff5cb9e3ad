"""What building beside asks of an engine: room for what is built, the switch to it, and what tells it from what is served."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

from infrastructure.readstores.bookkeeping import Connection
from infrastructure.readstores.store import Store
from projections.view import Projection

SHOWN = 20
"""Differences that a report names; the others are counted."""


class Difference(Struct, frozen=True):
    """A row that is not what the log says: `kind` is missing, extra or differs, `fields` are those that differ. No values."""

    where: str
    key: str
    kind: str
    fields: Sequence[str] = ()


class Comparison(Struct, frozen=True):
    """`at` is the position up to which both hold the log, `rows` how many were compared, `differences` how many differ."""

    at: int
    rows: int
    differences: int
    first: Sequence[Difference] = ()


class Site(Protocol):
    """One building of one projection. Everything may raise `projections.ports.Unavailable`."""

    @property
    def store(self) -> Store:
        """Of what is built; its positions and events are its own, and it parks nothing."""
        ...

    def begin(self, projection: Projection) -> None:
        """Make room, empty, whatever was there."""
        ...

    def finish(self, projection: Projection) -> None:
        """Make what was left for the end, such as indexes; may come again."""
        ...

    def switch(self, projection: Projection) -> bool:
        """Serve what was built from now on, keeping what it replaces. False where it must catch up further, or try again.

        Dying anywhere in it leaves one or the other served, and to come again ends what was begun.
        """
        ...

    def still(self, projection: Projection) -> AbstractContextManager[int]:
        """A moment of the served read model, and its position, for a comparison within."""
        ...

    def compare(self, projection: Projection) -> Comparison | None:
        """Both at the same position; None where that has passed meanwhile: it is to be tried again further on."""
        ...

    def clear(self, projection: Projection) -> None:
        """Leave nothing of what was built and is not served."""
        ...

    def drop(self, projection: Projection) -> None:
        """Leave nothing of what was replaced."""
        ...


class Bench(Struct, frozen=True):
    """The builder's connections: `served` finds the bookkeeping and what is served, both in `schema`; `beside` finds what is built."""

    served: Connection
    beside: Connection
    schema: str


OpenSite: TypeAlias = Callable[[Bench, int], Site]
"""For a generation."""

Sites: TypeAlias = Mapping[str, OpenSite]


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The fields of two documents that are not the same."""
    return sorted(name for name in one.keys() | other.keys() if name not in one or name not in other or one[name] != other[name])

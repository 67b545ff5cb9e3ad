"""What an import needs of the outside: someone who knows where places are, the file, and a book of what became of each row."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO, Literal, Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

from application.imports.rows import Repair
from domain.values import Place

Outcome = Literal["accepted", "repaired", "refused", "known"]


class Reported(Struct, frozen=True):
    """What became of one row; `known` rows were brought by an earlier import, whose listing is named."""

    row: int
    line: int
    outcome: Outcome
    listing_id: UUID | None = None
    code: str = ""
    detail: str = ""
    repairs: tuple[Repair, ...] = ()


@runtime_checkable
class PlaceFinder(Protocol):
    def __call__(self, names: Sequence[str]) -> Place:
        """The place of these names, the widest (a country) first.

        Coordinates are those of the locality, where exactly one of that name is meant in that country; otherwise there are none.
        """
        ...


@runtime_checkable
class ImportBook(Protocol):
    """The files of imports and the reports on their rows."""

    def claim(self, import_id: UUID) -> AbstractContextManager[bool]:
        """Whether the import is this process's to run for as long as the context lasts; at most one process has it."""
        ...

    def file(self, import_id: UUID) -> BinaryIO: ...

    def last_row(self, import_id: UUID) -> int:
        """The last row that is reported on, 0 before the first: where an interrupted import goes on."""
        ...

    def brought(self, keys: Sequence[bytes]) -> Mapping[bytes, UUID]:
        """The listings that were made of rows with these keys by any import."""
        ...

    def articles(self, keys: Sequence[bytes]) -> Mapping[bytes, UUID]:
        """The products that hold these article numbers, by `application.commands.listings.articles`."""
        ...

    def report(self, import_id: UUID, rows: Sequence[Reported]) -> None:
        """Write down rows of which no listing was made; rows already reported on stay as they are."""
        ...

    def totals(self, import_id: UUID) -> Mapping[Outcome, int]:
        """Rows by outcome."""
        ...

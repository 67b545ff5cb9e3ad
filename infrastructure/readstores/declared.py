"""The SQL that a declared view stands for."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, LiteralString, cast

from msgspec import Struct
from psycopg.sql import SQL, Composed, Identifier

from projections.view import View

LONGEST_NAME = 55
"""Postgres cuts names at 63 bytes; index names add a few to the table's."""

FIXED: Mapping[str, str] = {"document": "json", "version": "bigint", "position": "bigint"}
"""What every row of a view has beside its key: version (in its stream) and position are those of the last event folded into it."""


class Column(Struct, frozen=True):
    """A column beside the document: the declared path `price.amount` is the column `price_amount`."""

    path: str
    type: str

    @property
    def name(self) -> str:
        return self.path.replace(".", "_")

    def value(self, document: Any) -> Any:
        """The attribute at the path; None where a part on the way is missing."""
        if "." not in self.path:
            return getattr(document, self.path)
        for part in self.path.split("."):
            if document is None:
                return None
            document = attrgetter(part)(document)
        return document


def columns(declared: Mapping[str, str]) -> list[Column]:
    return [Column(path, type_) for path, type_ in declared.items()]


def literal(text: str) -> SQL:
    """SQL that stands in our own declarations, never a caller's words."""
    return SQL(cast("LiteralString", text))


def comma(parts: Sequence[Composed | SQL | Identifier]) -> Composed:
    return SQL(", ").join(parts)


def create(view: View[Any]) -> list[Composed]:
    """Statements that make the table and its indexes where they are missing."""
    if len(view.table) > LONGEST_NAME:
        raise ValueError(f"the name {view.table} is longer than {LONGEST_NAME} characters")
    table = Identifier(view.table)
    key = SQL("key {} PRIMARY KEY").format(literal(view.key_type))
    fixed = [SQL("{} {} NOT NULL").format(Identifier(name), literal(type_)) for name, type_ in FIXED.items()]
    declared = [SQL("{} {}").format(Identifier(each.name), literal(each.type)) for each in columns(view.columns)]
    made = [SQL("CREATE TABLE IF NOT EXISTS {} ({})").format(table, comma([key, *fixed, *declared]))]
    for number, index in enumerate(view.indexes):
        name = Identifier(f"{view.table}_{number}")
        made.append(SQL("CREATE INDEX IF NOT EXISTS {} ON {} ({})").format(name, table, literal(index)))
    return made


def upsert(view: View[Any]) -> Composed:
    """One statement for any number of rows, given as one JSON array: the fastest way measured, and it knows every column type."""
    names = [Identifier(name) for name in ("key", *FIXED, *(each.name for each in columns(view.columns)))]
    types = [view.key_type, *FIXED.values(), *(each.type for each in columns(view.columns))]
    shape = comma([SQL("{} {}").format(name, literal(type_)) for name, type_ in zip(names, types, strict=True)])
    sets = comma([SQL("{0} = excluded.{0}").format(name) for name in names[1:]])
    return SQL(
        "INSERT INTO {table} ({names}) SELECT {names} FROM json_to_recordset(%s::json) AS r({shape}) ON CONFLICT (key) DO UPDATE SET {sets}"
    ).format(table=Identifier(view.table), names=comma(names), shape=shape, sets=sets)

"""The SQL that a declared journal stands for: its rows, and beside them the sums that it keeps."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Any
from uuid import UUID

from msgspec.structs import fields
from psycopg.sql import SQL, Composed, Identifier

from domain.decider import members
from infrastructure.readstores.declared import LONGEST_NAME, comma, literal
from infrastructure.readstores.journals import known
from projections.view import Journal, Sum

KINDS: Mapping[type[Any], str] = {
    str: "text",
    int: "bigint",
    bool: "boolean",
    UUID: "uuid",
    datetime: "timestamptz",
    date: "date",
}
"""The SQL types of the fields that a row may have."""

PLACE: Mapping[str, str] = {"position": "bigint", "ordinal": "integer"}
"""What a row is known by: the position of its event, and its number among the rows of that event."""

COUNT = "entries"
"""How many rows a kept sum's group has."""


def columns(journal: Journal[Any]) -> dict[str, str]:
    """Name and SQL type of each field of a row. Raises TypeError for what is no plain value, as personal data are none."""
    found: dict[str, str] = {}
    for field in fields(journal.row):
        kinds = [each for each in members(field.type) if each is not NoneType]
        if len(kinds) != 1 or kinds[0] not in KINDS:
            raise TypeError(f"a row of {journal.name} is flat, and {field.name} is no plain value")
        found[field.name] = KINDS[kinds[0]]
    return found


def sum_table(journal: Journal[Any], kept: Sum) -> str:
    return f"{journal.table}_{kept.name}"


def names(columns: Sequence[str]) -> list[Identifier]:
    return [Identifier(each) for each in columns]


def create(journal: Journal[Any]) -> list[Composed]:
    """Statements that make the tables and their indexes where they are missing."""
    for table in (journal.table, *(sum_table(journal, each) for each in journal.sums)):
        if len(table) > LONGEST_NAME:
            raise ValueError(f"the name {table} is longer than {LONGEST_NAME} characters")
    types = columns(journal)
    place = [SQL("{} {} NOT NULL").format(Identifier(name), literal(type_)) for name, type_ in PLACE.items()]
    fields = [SQL("{} {}").format(Identifier(name), literal(type_)) for name, type_ in types.items()]
    made = [
        SQL("CREATE TABLE IF NOT EXISTS {} ({}, PRIMARY KEY ({}))").format(
            Identifier(journal.table), comma([*place, *fields]), comma(names([*PLACE]))
        )
    ]
    for number, index in enumerate(journal.indexes):
        name = Identifier(f"{journal.table}_{number}")
        made.append(SQL("CREATE INDEX IF NOT EXISTS {} ON {} ({})").format(name, Identifier(journal.table), literal(index)))
    made += [_sums(journal, each, types) for each in journal.sums]
    if journal.known is not None:
        made.append(known.create(journal.table))
    return made


def _sums(journal: Journal[Any], kept: Sum, types: Mapping[str, str]) -> Composed:
    """Groups are small and change with every batch, so their pages keep room for it."""
    groups = [SQL("{} {}").format(Identifier(name), literal(types[name])) for name in kept.by]
    totals = [SQL("{} bigint NOT NULL").format(Identifier(name)) for name in (*kept.of, COUNT)]
    return SQL("CREATE TABLE IF NOT EXISTS {} ({}, UNIQUE NULLS NOT DISTINCT ({})) WITH (fillfactor = 50)").format(
        Identifier(sum_table(journal, kept)), comma([*groups, *totals]), comma(names(kept.by))
    )


def add(journal: Journal[Any]) -> Composed:
    """One statement for any number of rows, given as one JSON array: it adds the rows, and to every sum what they come to."""
    types = {**PLACE, **columns(journal)}
    shape = comma([SQL("{} {}").format(Identifier(name), literal(type_)) for name, type_ in types.items()])
    rows = SQL("INSERT INTO {table} ({names}) SELECT {names} FROM json_to_recordset(%s::json) AS r({shape})").format(
        table=Identifier(journal.table), names=comma(names([*types])), shape=shape
    )
    summed = sorted({name for each in journal.sums for name in (*each.by, *each.of)})
    if not summed:
        return rows
    steps = [SQL("added AS ({} RETURNING {})").format(rows, comma(names(summed)))]
    steps += [SQL("{} AS ({})").format(Identifier(f"_{each.name}"), _add_to(journal, each)) for each in journal.sums]
    return SQL("WITH {} SELECT count(*) FROM added").format(comma(steps))


def _add_to(journal: Journal[Any], kept: Sum) -> Composed:
    by, totals = names(kept.by), names([*kept.of, COUNT])
    sums = [SQL("coalesce(sum({}), 0)").format(Identifier(name)) for name in kept.of]
    moves = [SQL("{0} = kept.{0} + excluded.{0}").format(name) for name in totals]
    return SQL(
        "INSERT INTO {table} AS kept ({names}) SELECT {sums} FROM added GROUP BY {by} ON CONFLICT ({by}) DO UPDATE SET {moves}"
    ).format(
        table=Identifier(sum_table(journal, kept)),
        names=comma([*by, *totals]),
        sums=comma([*by, *sums, SQL("count(*)")]),
        by=comma(by),
        moves=comma(moves),
    )

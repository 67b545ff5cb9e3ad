"""The tables of a read model in Postgres: served, built beside under the same names, or replaced and kept."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from msgspec import Struct
from psycopg.sql import SQL, Identifier

from infrastructure.readstores.bookkeeping import Connection
from infrastructure.readstores.declared import columns as declared_columns
from infrastructure.readstores.journals.tables import COUNT, PLACE, columns, sum_table
from projections.view import Feed, Journal, Key, View

BUILDING = "tradewind_building"
REPLACED = "tradewind_replaced"
"""Schemas. A switch moves tables from one to the other with their indexes, so that all go by one name."""

Kept: TypeAlias = View[Any] | Feed[Any] | Journal[Any]


class Table(Struct, frozen=True):
    """`key` are the columns that tell rows apart, `others` what is said of each."""

    name: str
    key: Sequence[str]
    others: Sequence[str]


def tables_of(kept: Kept) -> Sequence[Table]:
    match kept:
        case View():
            return [
                Table(kept.table, ["key"], ["document", "version", "position", *(each.name for each in declared_columns(kept.columns))])
            ]
        case Feed():
            return [Table(kept.table, ["position"], ["type", "schema", "id", "subject", "time", "data"]), known_of(kept)]
        case Journal():
            sums = [Table(sum_table(kept, each), each.by, [*each.of, COUNT]) for each in kept.sums]
            known = [] if kept.known is None else [known_of(kept)]
            return [Table(kept.table, [*PLACE], [*columns(kept)]), *sums, *known]


def known_of(kept: Feed[Any] | Journal[Any]) -> Table:
    return Table(f"{kept.table}_known", ["key"], ["document"])


def keyed_by(kept: Kept) -> Table | None:
    """The table that has a row per key of the projection, if any."""
    if isinstance(kept, View):
        return tables_of(kept)[0]
    return None if kept.known is None else known_of(kept)


def forget_replaced(connection: Connection, kept: Kept, keys: Iterable[Key]) -> None:
    """What was replaced is not kept up: rows that are stated anew go from it, since they may say what nobody may know any more."""
    table = keyed_by(kept)
    if table is None:
        return
    here = Identifier(REPLACED, table.name)
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{REPLACED}.{table.name}",)).fetchone()
    if found == (True,):
        connection.execute(SQL("DELETE FROM {} WHERE key::text = ANY(%s)").format(here), ([str(key) for key in keys],))

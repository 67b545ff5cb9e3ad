"""What is asked of journals: pages of rows, all rows for a file, and what they come to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from psycopg.sql import SQL, Composable, Identifier

from domain.values import Value
from infrastructure.readstores.declared import comma, literal
from infrastructure.readstores.documents import Place, Pool, Questions, behind
from infrastructure.readstores.journals.tables import COUNT, PLACE, columns, names, sum_table
from projections import cursors
from projections.ports import BY_GROUP, BadCursor, Entries, Entry, Total, Totals
from projections.sql import ALL, Order, Where
from projections.view import Journal, Sum

AT_ONCE = 2000
"""Rows that are read for a file at a time."""

R = TypeVar("R", bound=Value)


class PostgresJournals:
    """`pool` gives autocommit connections, so that a query is one statement."""

    def __init__(self, pool: Pool) -> None:
        self._ask = Questions(pool).rows

    def page(
        self, journal: Journal[R], where: Where = ALL, *, limit: int, cursor: str | None = None, newest_first: bool = True
    ) -> Entries[R]:
        asked = (journal.table, where, newest_first)
        place = None if cursor is None else cursors.read(cursor, asked, tuple[int, int])
        found = self._read(journal, where, place, limit + 1, newest_first=newest_first)
        if len(found) <= limit:
            return Entries(found, None)
        last = found[limit - 1]
        return Entries(found[:limit], cursors.written((last.position, last.ordinal), asked))

    def every(self, journal: Journal[R], where: Where = ALL) -> Iterator[Entry[R]]:
        newest = self._ask(b"SELECT coalesce(max(position), 0) FROM " + Identifier(journal.table).as_bytes(), {})[0][0]
        until = where & Where("position <= %(_newest)s", {"_newest": newest})
        place: tuple[int, int] | None = None
        while found := self._read(journal, until, place, AT_ONCE, newest_first=False):
            yield from found
            place = (found[-1].position, found[-1].ordinal)

    def totals(
        self, journal: Journal[Any], sums: Sum, where: Where = ALL, *, limit: int, cursor: str | None = None, order: Order = BY_GROUP
    ) -> Totals:
        asked = (journal.table, sums, where, order)
        sorting = [*order.columns, *(name for name in sums.by if name not in order.columns)]
        place = None if cursor is None else cursors.read(cursor, asked, Place)
        if place is not None and len(place) != len(sorting):
            raise BadCursor
        values = {f"_after_{number}": value for number, value in enumerate(place or ())}
        text = _totals(journal, sums, where, sorting, place, descending=order.descending)
        rows = self._ask(text.as_bytes(), {**where.values, **values, "_limit": limit + 1})
        found = [_total(sums, row) for row in rows[:limit]]
        last = rows[limit - 1][len(sums.by) + len(sums.of) + 1 :] if len(rows) > limit else None
        return Totals(found, None if last is None else cursors.written(last, asked))

    def _read(
        self, journal: Journal[R], where: Where, place: tuple[int, int] | None, limit: int, *, newest_first: bool
    ) -> Sequence[Entry[R]]:
        fields = list(columns(journal))
        text = _page(journal, fields, where, begun=place is not None, newest_first=newest_first).as_bytes()
        position, ordinal = place or (0, 0)
        values = {**where.values, "_position": position, "_ordinal": ordinal, "_limit": limit}
        make = journal.row
        return [Entry(row[0], row[1], make(**dict(zip(fields, row[2:], strict=True)))) for row in self._ask(text, values)]


def _page(journal: Journal[Any], fields: Sequence[str], where: Where, *, begun: bool, newest_first: bool) -> Composable:
    after = SQL("(position, ordinal) {} (%(_position)s, %(_ordinal)s)").format(SQL("<" if newest_first else ">"))
    return SQL("SELECT {names} FROM {table} WHERE ({where}) AND {after} ORDER BY position {way}, ordinal {way} LIMIT %(_limit)s").format(
        names=comma(names([*PLACE, *fields])),
        table=Identifier(journal.table),
        where=literal(where.text),
        after=after if begun else SQL("true"),
        way=SQL("DESC") if newest_first else SQL("ASC"),
    )


def _totals(journal: Journal[Any], sums: Sum, where: Where, sorting: Sequence[str], place: Place | None, *, descending: bool) -> Composable:
    types: Mapping[str, str] = {**columns(journal), **dict.fromkeys((*sums.of, COUNT), "bigint")}
    order = [(Identifier(name), literal(types[name])) for name in sorting]
    way = SQL("DESC") if descending else SQL("ASC")
    return SQL("SELECT {names}, {places} FROM ({groups}) AS grouped WHERE {after} ORDER BY {order} LIMIT %(_limit)s").format(
        names=comma(names([*sums.by, *sums.of, COUNT])),
        places=comma([SQL("{}::text AS {}").format(name, Identifier(f"_{number}")) for number, (name, _) in enumerate(order)]),
        groups=_groups(journal, sums, where),
        after=SQL("true") if place is None else behind(order, place, descending=descending),
        order=comma([SQL("{} {}").format(name, way) for name, _ in order]),
    )


def _groups(journal: Journal[Any], sums: Sum, where: Where) -> Composable:
    """A kept sum's groups as they stand, or grouped by fewer columns; else the rows themselves."""
    kept = next((each for each in journal.sums if each.name == sums.name), None)
    table = journal.table if kept is None else sum_table(journal, kept)
    if kept is not None and set(kept.by) == set(sums.by):
        return SQL("SELECT {} FROM {} WHERE {}").format(comma(names([*sums.by, *sums.of, COUNT])), Identifier(table), literal(where.text))
    totals = [SQL("coalesce(sum({0}), 0)::bigint AS {0}").format(name) for name in names(sums.of)]
    count = SQL("count(*)") if kept is None else SQL("sum({})::bigint").format(Identifier(COUNT))
    totals.append(SQL("{} AS {}").format(count, Identifier(COUNT)))
    by = comma(names(sums.by))
    return SQL("SELECT {} FROM {} WHERE {} GROUP BY {}").format(comma([by, *totals]), Identifier(table), literal(where.text), by)


def _total(sums: Sum, row: tuple[Any, ...]) -> Total:
    groups, totals = len(sums.by), len(sums.of)
    return Total(
        dict(zip(sums.by, row[:groups], strict=True)),
        dict(zip(sums.of, row[groups : groups + totals], strict=True)),
        row[groups + totals],
    )

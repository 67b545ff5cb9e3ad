"""Queries of Postgres read models: one statement each, the document handed on as the bytes that are stored."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import psycopg
from msgspec import Raw
from psycopg.sql import SQL, Composable, Identifier, Placeholder
from psycopg_pool import ConnectionPool

from infrastructure.readstores import declared
from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from projections import cursors
from projections.ports import BadCursor, Found, Page, Unavailable
from projections.sql import ALL, NEWEST_KEY_FIRST, Order, Where
from projections.view import Key, Projection, View

Pool: TypeAlias = ConnectionPool[Connection]
Rows: TypeAlias = Sequence[tuple[Any, ...]]
Place = tuple[str | None, ...]
"""Each order column's value of the last row as Postgres writes it, and its key."""

PATIENCE = 2.0
"""Seconds that a query waits for a connection before it says that Postgres does not answer."""


class Questions:
    """Statements that queries put to Postgres, each on a connection of its own."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def rows(self, text: bytes, values: Mapping[str, Any]) -> Rows:
        try:
            return self._ask(text, values)
        except Unavailable:
            # Postgres may have been restarted since this connection was used: a reader may simply ask again.
            self._pool.check()
            return self._ask(text, values)

    def _ask(self, text: bytes, values: Mapping[str, Any]) -> Rows:
        with reaching_postgres():
            try:
                with self._pool.connection(timeout=PATIENCE) as connection:
                    return connection.execute(text, values).fetchall()
            except psycopg.errors.UndefinedTable as error:
                raise Unavailable("postgres") from error  # no projector has made it yet


class PostgresDocuments:
    """`pool` gives autocommit connections, so that a query is one statement; `projections` tells the versions that are served."""

    def __init__(self, pool: Pool, projections: Iterable[Projection]) -> None:
        self._ask = Questions(pool).rows
        self._versions = {each.name: each.version for each in projections}
        self._texts: dict[tuple[Any, ...], bytes] = {}

    def one(self, view: View[Any], key: Key, where: Where = ALL) -> Found | None:
        text = self._texts.get((view.table, where.text))
        if text is None:
            parts = SQL("{} WHERE key = %(_key)s::{} AND ({})").format(
                _select(view), declared.literal(view.key_type), declared.literal(where.text)
            )
            text = self._texts.setdefault((view.table, where.text), parts.as_bytes())
        rows = self._ask(text, {**where.values, "_key": str(key)})
        return _found(view, rows[0]) if rows else None

    def page(self, view: View[Any], where: Where = ALL, *, limit: int, cursor: str | None = None, order: Order = NEWEST_KEY_FIRST) -> Page:
        asked = (view.table, where, order)
        place = None if cursor is None else cursors.read(cursor, asked, Place)
        if place is not None and len(place) != len(order.columns) + 1:
            raise BadCursor
        holes = None if place is None else tuple(value is None for value in place)
        known = (view.table, where.text, order.columns, order.descending, holes)
        text = self._texts.get(known)
        if text is None:
            text = self._texts.setdefault(known, _page(view, where, order, place).as_bytes())
        values = {f"_after_{number}": value for number, value in enumerate(place or ())}
        rows = self._ask(text, {**where.values, **values, "_limit": limit + 1})
        width = len(order.columns)
        found = [_found(view, row) for row in rows[:limit]]
        if len(rows) <= limit:
            return Page(found, None)
        last = rows[limit - 1]
        place = [*last[len(last) - width :], str(last[0])]
        return Page(found, cursors.written(place, asked))

    def position(self, projection: str) -> int:
        rows = self._ask(
            b"SELECT position FROM projection_positions WHERE name = %(name)s AND version = %(version)s",
            {"name": projection, "version": self._versions[projection]},
        )
        return rows[0][0] if rows else 0


def _select(view: View[Any], *more: Composable) -> Composable:
    names = [Identifier(each.name) for each in declared.columns(view.columns)]
    chosen = SQL(", ").join([SQL("key"), SQL("version"), SQL("document::text"), *names, *more])
    return SQL("SELECT {} FROM {}").format(chosen, Identifier(view.table))


def _found(view: View[Any], row: tuple[Any, ...]) -> Found:
    names = (each.name for each in declared.columns(view.columns))
    return Found(row[0], row[1], Raw(row[2].encode()), dict(zip(names, row[3:], strict=False)))


def _page(view: View[Any], where: Where, order: Order, place: Place | None) -> Composable:
    types = {each.name: each.type for each in declared.columns(view.columns)}
    sorting = [(Identifier(name), declared.literal(types[name])) for name in order.columns]
    sorting.append((Identifier("key"), declared.literal(view.key_type)))
    way = SQL("DESC") if order.descending else SQL("ASC")
    return SQL("{select} WHERE ({where}) AND {after} ORDER BY {order} LIMIT %(_limit)s").format(
        select=_select(view, *(SQL("{}::text AS {}").format(name, Identifier(f"_{n}")) for n, (name, _) in enumerate(sorting[:-1]))),
        where=declared.literal(where.text),
        after=SQL("true") if place is None else behind(sorting, place, descending=order.descending),
        order=SQL(", ").join(SQL("{} {}").format(name, way) for name, _ in sorting),
    )


def behind(sorting: Sequence[tuple[Identifier, SQL]], place: Place, *, descending: bool) -> Composable:
    """Rows behind the place. Postgres sorts NULL as the largest value, so it stands first in descending order and last in ascending."""
    values = [SQL("{}::{}").format(Placeholder(f"_after_{number}"), type_) for number, (_, type_) in enumerate(sorting)]
    names = [name for name, _ in sorting]
    if descending and None not in place:  # rows before the place that hold NULL compare as unknown, and so are left out
        return SQL("({}) < ({})").format(SQL(", ").join(names), SQL(", ").join(values))
    ways: list[Composable] = []
    for number, (name, value) in enumerate(zip(names, values, strict=True)):
        same = [_same(names[n], values[n], place[n]) for n in range(number)]
        if place[number] is None:
            if not descending:
                continue
            behind: Composable = SQL("{} IS NOT NULL").format(name)
        elif descending:
            behind = SQL("{} < {}").format(name, value)
        else:
            behind = SQL("({0} > {1} OR {0} IS NULL)").format(name, value)
        ways.append(SQL("({})").format(SQL(" AND ").join([*same, behind])))
    return SQL("({})").format(SQL(" OR ").join(ways))


def _same(name: Identifier, value: Composable, given: str | None) -> Composable:
    return SQL("{} IS NULL").format(name) if given is None else SQL("{} = {}").format(name, value)

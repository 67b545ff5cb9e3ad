"""Read models in Postgres: rows and position in one transaction, so that every event counts once."""

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct
from psycopg.sql import SQL, Composed, Identifier

from infrastructure.locks import Lock
from infrastructure.readstores import declared, feeds
from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from infrastructure.readstores.declared import Column
from infrastructure.readstores.folding import folded, keyed
from infrastructure.readstores.generations.books import SERVED, Books
from infrastructure.readstores.generations.tables import Kept, forget_replaced
from infrastructure.readstores.journals import adding, tables
from infrastructure.readstores.journals.known import remember
from infrastructure.readstores.store import Parked, Refused, States, Step
from projections.view import Feed, Journal, Key, Projection, View

KINDS: Mapping[str, type[Any]] = {"uuid": UUID, "text": str}


class Statements(Struct, frozen=True):
    """What a view is read and written with."""

    select: Composed
    upsert: Composed
    delete: Composed
    columns: Sequence[Column]
    read: Callable[[str | None], Any]


class PostgresStore:
    """Views, feeds and journals, on one autocommit connection, whose search path says in which schema they lie."""

    def __init__(self, connection: Connection, books: Books = SERVED) -> None:
        self._connection = connection
        self._books = books
        self._statements: dict[str, Statements] = {}
        self._additions: dict[str, Composed] = {}

    def prepare(self, projection: Projection) -> None:
        kept = in_postgres(projection)
        with reaching_postgres(), self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", (Lock.TABLES,))
            for statement in creation(kept):
                self._connection.execute(statement)

    def positions(self, projections: Sequence[Projection]) -> Sequence[int]:
        with reaching_postgres():
            return self._books.positions(self._connection, projections)

    def advance(self, projections: Sequence[Projection], after: int, upto: int) -> None:
        with reaching_postgres(), self._connection.transaction():
            self._books.move(self._connection, projections, after, upto)

    def restate(self, projection: Projection, at: int, states: States) -> None:
        kept = in_postgres(projection)
        with reaching_postgres(), self._connection.transaction():
            # As in `apply` the position comes first, and so nothing comes between.
            self._books.move(self._connection, [kept], at, at)
            if isinstance(kept, View):
                self._write(kept, states, states)
            elif kept.known is not None:
                remember(self._connection, kept.table, {key: state for key, (state, _) in states.items()})
            if self._books is SERVED:
                forget_replaced(self._connection, kept, states)

    def settle(self, projections: Sequence[Projection]) -> None:
        """A committed row is seen at once."""

    def apply(self, projection: Projection, step: Step) -> Sequence[Parked]:
        kept = in_postgres(projection)
        with self._taking():
            # The position first: its row lock holds a second worker back until this one has committed.
            self._books.move(self._connection, [kept], step.after, step.upto, len(step.events))
            return self._take(kept, step)

    def take_together(
        self, steps: Sequence[tuple[Projection, Step]], idle: Sequence[Projection], after: int, upto: int
    ) -> Sequence[Sequence[Parked]]:
        alike: dict[int, list[Projection]] = {0: list(idle)} if idle else {}
        for projection, step in steps:
            alike.setdefault(len(step.events), []).append(projection)
        with self._taking():
            for events, projections in alike.items():
                self._books.move(self._connection, projections, after, upto, events)
            return [self._take(in_postgres(projection), step) for projection, step in steps]

    @contextmanager
    def _taking(self) -> Generator[None]:
        with reaching_postgres():
            try:
                with self._connection.transaction():
                    yield
            except (psycopg.DataError, psycopg.IntegrityError) as error:
                raise Refused(str(error)) from error

    def _take(self, kept: Kept, step: Step) -> Sequence[Parked]:
        if isinstance(kept, Feed):
            feeds.tell(self._connection, kept, step)
            return ()
        parked = self._add(kept, step) if isinstance(kept, Journal) else self._fold(kept, step)
        self._books.put_aside(self._connection, kept, step, parked)
        return parked

    def _add(self, journal: Journal[Any], step: Step) -> Sequence[Parked]:
        statement = self._additions.get(journal.table)
        if statement is None:
            statement = self._additions[journal.table] = tables.add(journal)
        return adding.add(self._connection, journal, statement, step)

    def _fold(self, view: View[Any], step: Step) -> Sequence[Parked]:
        statements = self._statements.get(view.table) or self._declare(view)
        these = keyed(view, step, KINDS[view.key_type])
        stored: dict[Key, str] = {}
        if these.events:
            stored = dict(self._connection.execute(statements.select, (these.keys,)).fetchall())
        after = folded(view, these, stored, statements.read)
        self._write(view, after.states, stored)
        return after.parked

    def _write(self, view: View[Any], states: States, stored: Collection[Key]) -> None:
        """`stored` are keys that may have a row."""
        statements = self._statements.get(view.table) or self._declare(view)
        rows: list[dict[str, Any]] = []
        gone: list[Key] = []
        for key, (document, last) in states.items():
            if document is not None and last is not None:
                row = {column.name: column.value(document) for column in statements.columns}
                rows.append({"key": key, "document": document, "version": last.version, "position": last.position, **row})
            elif key in stored:
                gone.append(key)
        if rows:
            self._connection.execute(statements.upsert, (msgspec.json.encode(rows).decode(),))
        if gone:
            self._connection.execute(statements.delete, (gone,))

    def _declare(self, view: View[Any]) -> Statements:
        decoder = msgspec.json.Decoder(view.document)
        key_type = declared.literal(view.key_type)
        made = Statements(
            select=SQL("SELECT key, document::text FROM {} WHERE key = ANY(%s::{}[])").format(Identifier(view.table), key_type),
            upsert=declared.upsert(view),
            delete=SQL("DELETE FROM {} WHERE key = ANY(%s::{}[])").format(Identifier(view.table), key_type),
            columns=declared.columns(view.columns),
            read=lambda text: None if text is None else decoder.decode(text),
        )
        return self._statements.setdefault(view.table, made)


def in_postgres(projection: Projection) -> Kept:
    if projection.engine != "postgres":
        raise TypeError(f"{projection.name} is not kept in Postgres")
    return cast("Kept", projection)


def creation(kept: Kept) -> Sequence[Composed]:
    """Statements that make its tables and indexes where they are missing."""
    match kept:
        case Feed():
            return feeds.create(kept)
        case Journal():
            return tables.create(kept)
        case View():
            return declared.create(kept)

"""A stand-in for Postgres that understands what projector, reactor and queue say to it, and nothing else.

Transactions are whole and come one after another, as their locks have it in the real one. A connection may be lost at any
statement, which rolls back, and at a commit, after which nobody knows. `statements.py` says what each statement does.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Any, Self

import psycopg
from psycopg.sql import Composable

from tests.simulation.stage import Stage

Rows = list[tuple[Any, ...]]
Changes = Mapping[str, AbstractSet[Any]]


class Table(dict[Any, Any]):
    """Rows by their keys; what a transaction changes can be taken back."""

    def __init__(self, database: "Database", name: str) -> None:
        super().__init__()
        self.name = name
        self._database = database

    def put(self, key: Any, row: Any) -> None:
        self._database.note(self, key)
        self[key] = row

    def drop(self, key: Any) -> None:
        if key in self:
            self._database.note(self, key)
            del self[key]


class Database:
    """`on_commit` is called after every transaction with the rows that it has changed, by table."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.tables: dict[str, Table] = {}
        self.leases: dict[tuple[int, int], Connection] = {}
        self.on_commit: Callable[[Changes], None] = lambda _: None
        self.holder: Connection | None = None
        self.dying: list[Connection] = []
        self._opened = 0
        self._undo: list[tuple[Table, Any, bool, Any]] = []

    def table(self, name: str) -> Table:
        if name not in self.tables:
            self.tables[name] = Table(self, name)
        return self.tables[name]

    def note(self, table: Table, key: Any) -> None:
        self._undo.append((table, key, key in table, table.get(key)))

    def opened(self) -> int:
        self._opened += 1
        return self._opened

    def connect(self) -> "Connection":
        return Connection(self)

    def notice_the_dead(self) -> None:
        """Connections of processes that were killed: what they held is held until this is noticed."""
        while self.dying:
            self.dying.pop().lose()

    def sever(self) -> None:
        """A session that holds something ends, and who is at its other end has yet to find out."""
        if holders := sorted({holder.number for holder in self.leases.values()}):
            number = self.stage.random.choice(holders)
            self.stage.told(f"connection {number} is cut")
            next(each for each in self.leases.values() if each.number == number).lose()

    def commit(self) -> None:
        changed: dict[str, set[Any]] = {}
        for table, key, _, _ in self._undo:
            changed.setdefault(table.name, set()).add(key)
        self._undo.clear()
        self.on_commit(changed)

    def roll_back(self) -> None:
        for table, key, there, row in reversed(self._undo):
            if there:
                table[key] = row
            else:
                table.pop(key, None)
        self._undo.clear()


class Result:
    def __init__(self, rows: Iterable[tuple[Any, ...]] = (), count: int | None = None) -> None:
        self._rows = list(rows)
        self.rowcount = len(self._rows) if count is None else count

    def fetchall(self) -> Rows:
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows[0] if self._rows else None

    def __iter__(self) -> Any:
        return iter(self._rows)


class Connection:
    """In autocommit, as all of ours are; also its own cursor."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.number = database.opened()
        self.closed = False
        self._depth = 0

    def execute(self, query: Any, values: Any = (), **_how: Any) -> Result:
        text = query.as_string(None) if isinstance(query, Composable) else query
        if self._depth:
            return self._run(text, values)
        with self.transaction():
            return self._run(text, values)

    def executemany(self, query: Any, values: Iterable[Any]) -> None:
        for each in values:
            self.execute(query, each)

    @contextmanager
    def transaction(self) -> Generator[None]:
        if self._depth:
            yield
            return
        database, stage = self.database, self.database.stage
        self._usable()
        stage.point("begin")
        stage.until(lambda: database.holder is None or self.closed, "rows that another transaction holds")
        self._usable()
        database.holder = self
        self._depth = 1
        try:
            yield
            stage.point("commit")
            self._usable()
            database.commit()
        except BaseException:
            self._release()
            raise
        finally:
            self._depth = 0
            if database.holder is self:
                database.holder = None
        stage.point("committed")
        if stage.strikes(stage.faults.lost):
            stage.told("the answer of the commit is lost")
            self.lose()
            raise psycopg.OperationalError("the connection was lost at a commit")

    @contextmanager
    def cursor(self, **_how: Any) -> Generator[Self]:
        yield self

    def lose(self) -> None:
        """The server has noticed, or has ended it itself: what the session held is free, whoever believes to hold it still."""
        self.closed = True
        self._release()
        for lease in [each for each, holder in self.database.leases.items() if holder is self]:
            del self.database.leases[lease]

    def close(self) -> None:
        self.lose()

    def _release(self) -> None:
        if self.database.holder is self:
            self.database.roll_back()
            self.database.holder = None

    def _run(self, text: str, values: Any) -> Result:
        from tests.simulation.engines.statements import carry_out  # noqa: PLC0415 - they know each other

        self._usable()
        stage = self.database.stage
        if stage.strikes(stage.faults.disconnected):
            stage.told("the connection is lost")
            self.lose()
            self._usable()
        return carry_out(self, text, values)

    def _usable(self) -> None:
        if self.closed:
            raise psycopg.OperationalError("the connection is closed")


class Pool:
    """Connections as the real pool lends them: a lost one is replaced."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def connection(self, timeout: float | None = None) -> Generator[Connection]:  # noqa: ARG002
        yield self._database.connect()

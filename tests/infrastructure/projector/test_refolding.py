"""Rows made from zero beside a worker that goes on, put to every engine."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace

from domain.values import Value
from infrastructure.operations import statements
from infrastructure.projector import refolding
from infrastructure.projector.refolding import mend, refold
from infrastructure.readstores import bookkeeping, redis
from infrastructure.readstores.store import Step, Superseded
from projections.ports import Batch
from tests.fakes.boats import Left, Moored, Painted, Rotten, boat, boats, coats
from tests.fakes.log import FakeLog
from tests.infrastructure.projector.harbours import Harbour, InJournal, runner


class Told(FakeLog):
    """A log that no longer tells the names of some boats, as when a key is gone; and something that happens while it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.forgotten: set[UUID] = set()
        self.meanwhile: list[Any] = []

    def read(self, after: int, limit: int, types: Sequence[type[Value]] = ()) -> Batch:
        batch = super().read(after, limit, types)
        if self.meanwhile:
            self.meanwhile.pop()()
        return Batch([replace(each, event=self._told(each.event)) for each in batch.events], batch.upto)

    def _told(self, event: Any) -> Any:
        return replace(event, name="erased") if isinstance(event, Moored) and event.boat_id in self.forgotten else event


@pytest.fixture
def log() -> Told:
    return Told()


@pytest.fixture
def full(harbour: Harbour, log: Told) -> Harbour:
    for number in range(4):
        log.add(boat(number), Moored(boat(number), f"boat {number}"), Painted(boat(number), "red"))
    log.add(boat(3), Left(boat(3)))
    with closing(runner(harbour, log)) as worker:
        worker.catch_up()
    return harbour


@pytest.fixture
def connection(harbour: Harbour) -> Iterator[bookkeeping.Connection]:
    with psycopg.connect(harbour.database, autocommit=True) as opened:
        yield opened


def ask(connection: bookkeeping.Connection, harbour: Harbour, *keys: UUID) -> None:
    connection.execute(statements.ASK_REFOLD, {"projection": harbour.projection.name, "keys": [str(key) for key in keys]})


def expected(harbour: Harbour, log: Told) -> Any:
    return harbour.expected(list(log.read(0, 1000).events))


def known(database: str) -> dict[str, Any]:
    with psycopg.connect(database) as connection:
        rows = connection.execute(f"SELECT key, document::json ->> 'name' FROM {coats.table}_known".encode()).fetchall()
    return dict(rows)


def contents(harbour: Harbour) -> Any:
    """Of a journal it is what it knows that is made anew; its rows tell nothing of persons."""
    return known(harbour.database) if isinstance(harbour, InJournal) else harbour.contents()


def told(harbour: Harbour, log: Told) -> Any:
    if not isinstance(harbour, InJournal):
        return expected(harbour, log)
    documents = refold(log, boats, {str(boat(number)) for number in range(9)}, log.stable()).states
    return {str(key): document.name for key, (document, _) in documents.items() if document is not None}


def test_rows_that_say_what_nobody_may_know_any_more_are_made_from_zero(full: Harbour, log: Told, connection: bookkeeping.Connection):
    log.forgotten = {boat(1), boat(3)}
    ask(connection, full, boat(1), boat(3), uuid4())
    assert mend(connection, full.store(connection), log, full.projection) == 3
    assert contents(full) == told(full, log)
    assert connection.execute("SELECT count(*) FROM projection_refolds").fetchone() == (0,)
    assert mend(connection, full.store(connection), log, full.projection) == 0


def test_what_the_worker_takes_meanwhile_is_kept(full: Harbour, log: Told, connection: bookkeeping.Connection):
    log.forgotten = {boat(1)}
    ask(connection, full, boat(1), boat(2))

    def happens() -> None:
        log.add(boat(1), Painted(boat(1), "blue"))
        log.add(boat(2), Left(boat(2)))
        with closing(runner(full, log)) as worker:
            worker.catch_up()

    log.meanwhile = [happens]
    assert mend(connection, full.store(connection), log, full.projection) == 2
    assert contents(full) == told(full, log)
    log.add(boat(1), Painted(boat(1), "white"))
    with closing(runner(full, log)) as worker:
        worker.catch_up()
    assert contents(full) == told(full, log)


def test_what_is_parked_stays_out_and_comes_in_when_it_is_taken(full: Harbour, log: Told, connection: bookkeeping.Connection):
    log.add(boat(1), Rotten(boat(1)), Painted(boat(1), "gold"))
    with closing(runner(full, log)) as worker:
        worker.catch_up()
    before = contents(full)
    ask(connection, full, boat(1))
    assert mend(connection, full.store(connection), log, full.projection) == 1
    assert contents(full) == before
    assert connection.execute("SELECT count(*) FROM parked_events").fetchone() == (2,)


def test_an_event_that_the_code_of_today_cannot_fold_is_parked_with_what_follows(
    full: Harbour, log: Told, connection: bookkeeping.Connection
):
    def fussy(state: Any, event: Any) -> Any:
        if isinstance(event, Painted):
            raise TypeError("no paint")
        return full.projection.evolve(state, event)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]

    ask(connection, full, boat(0))
    strict: Any = replace(full.projection, evolve=fussy)
    assert mend(connection, full.store(connection), log, strict) == 1
    found = connection.execute("SELECT position, sequence, error FROM parked_events").fetchall()
    assert found == [(4, str(boat(0)), "TypeError: no paint")]


def test_rows_are_set_only_where_the_position_is_the_one_they_were_made_at(full: Harbour, log: Told, connection: bookkeeping.Connection):
    store = full.store(connection)
    before = contents(full)
    made = refold(log, full.projection, {str(boat(1))}, 2)
    with pytest.raises(Superseded):
        store.restate(full.projection, 2, made.states)
    assert contents(full) == before


@pytest.mark.parametrize("harbour", ["redis"], indirect=True)  # the others hold the position from before they read
def test_what_a_worker_made_of_rows_that_were_set_anew_meanwhile_is_not_kept(
    full: Harbour, log: Told, connection: bookkeeping.Connection, monkeypatch: pytest.MonkeyPatch
):
    folded = redis.folded

    def meanwhile(*given: Any) -> Any:
        made = folded(*given)
        store.restate(full.projection, at, {boat(1): ((), None)})
        return made

    log.add(boat(1), Painted(boat(1), "blue"))
    store = full.store(connection)
    (at,) = store.positions([full.projection])
    with monkeypatch.context() as patch:
        patch.setattr(redis, "folded", meanwhile)
        with pytest.raises(Superseded):
            store.apply(full.projection, Step(at, log.stable(), list(log.read(at, 10).events)))
    assert str(boat(1)) not in contents(full)[1]


def test_a_worker_that_is_always_faster_is_told_so(
    full: Harbour, log: Told, connection: bookkeeping.Connection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(refolding, "NEAR", -1)
    ask(connection, full, boat(1))
    with pytest.raises(Superseded):
        mend(connection, full.store(connection), log, full.projection)
    assert connection.execute("SELECT count(*) FROM projection_refolds").fetchone() == (1,)

"""A worker that is told to stop leaves an import between two batches, and another goes on with it at once."""

import time
from collections.abc import Generator, Iterator
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.imports import boats
from application.imports.run import BATCH
from domain.listings.commands import RequestImport
from domain.values import Actor, Place, Role
from tests.fakes.history import NOON
from tests.infrastructure.security.desk import meta
from tests.journeys.live import Live
from tests.journeys.town import Town

HEADER = "Price,Boat Type,Manufacturer,Type,Year Built,Length,Width,Material,Location,Number of views last 7 days"
PATIENCE = 60.0


@pytest.fixture
def town(database: str) -> Generator[Town]:
    opened = Town(database)
    opened.container.import_readers = {"boats": lambda file: boats.read(file, lambda names: Place("DE", names[-1]))}
    yield opened
    opened.close()


def test_an_import_is_left_between_two_batches_and_gone_on_with_at_once(town: Town):
    stop, readers = town.container.stop, town.container.import_readers
    import_id, read = asked(town, 450), readers["boats"]
    readers["boats"] = lambda file: telling(stop, read(file), at=150)
    town.container.worker.run(stop)
    assert rows(town, import_id) == 2 * BATCH

    stop.clear()
    readers["boats"] = read
    assert town.container.worker.step()
    assert town.container.importer.status(import_id) == "completed"
    assert rows(town, import_id) == 450


def test_the_role_ends_soon_and_what_it_was_at_is_due(town: Town, database: str):
    import_id = asked(town, 20_000)
    live = Live(database)
    live.start("work")
    deadline = time.monotonic() + PATIENCE
    while not rows(town, import_id):
        assert time.monotonic() < deadline
        time.sleep(0.02)  # another process writes the rows and tells nobody; what is asserted does not depend on how long it took
    assert live.stop("work", within=8) == 0
    assert 0 < rows(town, import_id) < 20_000
    with town.container.pool.connection() as connection:
        left = connection.execute("SELECT state, taken_by, due_at <= now() FROM jobs WHERE kind = 'run_import'").fetchall()
    assert left == [("due", None, True)]


def asked(town: Town, size: int) -> UUID:
    """A new import of so many boats, which is due."""
    yard = UUID(town.registered("yard@example.org", "The yard").id)
    lines = (f"EUR {1000 + number},Sport Boat,Linder power boats,Used boat,2011,5.1,2,GRP,Germany » Kiel,3" for number in range(size))
    admin = Actor(uuid4(), frozenset({Role.ADMIN}))
    command = RequestImport(uuid4(), "boats", yard, False, admin, NOON)
    town.container.start_import(command, "\n".join([HEADER, *lines]).encode(), meta())
    town.container.reactor.catch_up()
    return command.import_id


def telling(stop: Event, rows: Iterator[Any], at: int) -> Iterator[Any]:
    for row in rows:
        if row.row == at:
            stop.set()
        yield row


def rows(town: Town, import_id: UUID) -> int:
    return sum(town.container.import_book.totals(import_id).values())

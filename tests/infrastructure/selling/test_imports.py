"""Files become listings: each row once, whatever is interrupted, repeated or run by two at a time."""

import io
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import BinaryIO
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from application.commands.imports import StartImport
from application.handler import Handler
from application.imports.rows import Accepted, FileRefused, ListingFields, Refused, Row
from application.imports.running import Importer, RunElsewhere
from application.ports import Meta
from domain.decider import Rejected
from domain.listings.bulk_import import Progress
from domain.listings.commands import CancelImport, RequestImport
from domain.listings.listing import Written, listings
from domain.registry import DECIDERS
from domain.users.commands import RegisterUser
from domain.values import Actor, Money, Role
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.rows import ROWS
from infrastructure.keys import PersonalKeys
from infrastructure.postgres import open_pool
from infrastructure.selling import imports
from infrastructure.selling.imports import PostgresImportBook

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ADA = Actor(UUID(int=2), frozenset({Role.ADMIN}))
LUC = UUID(int=7)
ROWS_IN_FILE = 250


class Killed(Exception):
    """The process ends here."""


def rows(file: BinaryIO) -> Iterator[Row]:
    """A toy format: a number a line is a boat, anything else is refused."""
    if not (lines := file.read().decode().splitlines()):
        raise FileRefused("file_empty", "")
    for number, line in enumerate(lines, 1):
        if line.isdigit():
            price = Money(int(line), "EUR")
            yield Accepted(number, number + 1, line, ListingFields("other", f"Thing {line}", "", {}, price, None))
        else:
            yield Refused(number, number + 1, "not_a_number", line)


class Harbour:
    def __init__(self, log: PostgresLog, book: PostgresImportBook) -> None:
        self.handle = Handler(log, DECIDERS)
        self.book = book
        self.start = StartImport(self.handle, frozenset({"toys"}))
        self.importer = Importer(self.handle, book, {"toys": rows}, lambda: NOON, uuid7)
        register = RegisterUser(LUC, "luc@example.org", "Luc", UUID(int=70), NOON)
        self.handle(LUC, register, self.meta(LUC))

    def meta(self, actor: UUID = ADA.id) -> Meta:
        return Meta(uuid7(), actor, uuid7())

    def request(self, content: bytes, *, publish: bool = True) -> UUID:
        import_id = uuid7()
        self.start(RequestImport(import_id, "toys", LUC, publish, ADA, NOON), content, self.meta())
        return import_id

    def run(self, import_id: UUID) -> Progress:
        return self.importer(import_id, import_id)

    def listings(self) -> list[UUID]:
        with self.book.pool.connection() as connection:
            found = connection.execute("SELECT stream FROM events WHERE type = 'listings.ListingDrafted' ORDER BY position").fetchall()
        return [stream for (stream,) in found]


@pytest.fixture
def harbour(database: str) -> Generator[Harbour]:
    with open_pool(database, 4) as pool:
        log = PostgresLog(pool, DECIDERS, PersonalKeys(bytes(32)), {**ROWS, **imports.ROWS})
        yield Harbour(log, PostgresImportBook(pool))


def file_of(*lines: object) -> bytes:
    return "\n".join(map(str, lines)).encode()


NUMBERS = file_of(*range(1, ROWS_IN_FILE + 1))


def test_rows_become_listings_by_the_deciders_of_everyone(harbour: Harbour):
    import_id = harbour.request(file_of(100, "sold", 300))
    assert harbour.run(import_id) is Progress.COMPLETED
    assert harbour.book.totals(import_id) == {"accepted": 2, "refused": 1}
    first = harbour.handle.state(harbour.listings()[0], listings)
    assert isinstance(first, Written)
    assert (first.seller_id, first.status, first.price) == (LUC, "published", Money(100, "EUR"))


def test_without_publish_they_await_review(harbour: Harbour):
    harbour.run(harbour.request(file_of(100), publish=False))
    (listing,) = harbour.listings()
    found = harbour.handle.state(listing, listings)
    assert isinstance(found, Written)
    assert found.status == "submitted"


def test_the_same_file_again_brings_nothing_and_names_what_was_brought(harbour: Harbour):
    harbour.run(harbour.request(NUMBERS))
    again = harbour.request(NUMBERS)
    assert harbour.run(again) is Progress.COMPLETED
    assert harbour.book.totals(again) == {"known": ROWS_IN_FILE}
    assert len(harbour.listings()) == ROWS_IN_FILE
    assert [row.listing_id for row in harbour.book.rows(again, None, 0, 1000)] == harbour.listings()


def test_a_row_that_a_rule_turns_down_is_refused_and_the_others_go_on(harbour: Harbour):
    import_id = harbour.request(file_of(100, 0, 300))
    assert harbour.run(import_id) is Progress.COMPLETED
    refused = harbour.book.rows(import_id, "refused", 0, 10)
    assert [(row.row, row.code) for row in refused] == [(2, "price_invalid")]
    assert len(harbour.listings()) == 2


@pytest.mark.parametrize("appends", [1, 2])
def test_an_import_that_was_killed_goes_on_where_it_was(harbour: Harbour, monkeypatch: pytest.MonkeyPatch, appends: int):
    import_id = harbour.request(NUMBERS)
    together, done = harbour.handle.together, 0

    def dying(*arguments: object, **named: object) -> object:
        nonlocal done
        if done == appends:
            raise Killed
        done += 1
        return together(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(harbour.handle, "together", dying)
    with pytest.raises(Killed):
        harbour.run(import_id)
    monkeypatch.undo()
    assert harbour.run(import_id) is Progress.COMPLETED
    assert harbour.book.totals(import_id) == {"accepted": ROWS_IN_FILE}
    assert len(harbour.listings()) == ROWS_IN_FILE


def test_a_cancelled_import_ends_between_two_batches_and_keeps_what_it_brought(harbour: Harbour):
    import_id = harbour.request(NUMBERS)

    def cancel(_row: int) -> None:
        harbour.handle(import_id, CancelImport(import_id, ADA, NOON), harbour.meta())

    assert harbour.importer(import_id, import_id, cancel) is Progress.CANCELLED
    assert 0 < len(harbour.listings()) < ROWS_IN_FILE
    assert harbour.run(import_id) is Progress.CANCELLED


def test_two_processes_do_not_run_one_import_at_the_same_time(harbour: Harbour):
    import_id = harbour.request(NUMBERS)
    with harbour.book.claim(import_id) as ours:
        assert ours
        with pytest.raises(RunElsewhere):
            harbour.run(import_id)
    assert harbour.run(import_id) is Progress.COMPLETED


def test_two_imports_of_the_same_rows_at_the_same_time_bring_each_once(harbour: Harbour, monkeypatch: pytest.MonkeyPatch):
    first, second = harbour.request(NUMBERS), harbour.request(NUMBERS)
    brought = harbour.book.brought

    def blind_once(keys: list[bytes]) -> object:
        monkeypatch.setattr(harbour.book, "brought", brought)
        found = brought(keys)
        harbour.run(second)
        return found

    monkeypatch.setattr(harbour.book, "brought", blind_once)
    harbour.run(first)
    assert len(harbour.listings()) == ROWS_IN_FILE
    assert harbour.book.totals(first) == {"known": ROWS_IN_FILE}


def test_a_file_that_cannot_be_read_fails_with_the_reason(harbour: Harbour):
    assert harbour.run(harbour.request(b"")) is Progress.FAILED


def test_nobody_imports_for_a_seller_who_is_not_there(harbour: Harbour):
    command = RequestImport(uuid7(), "toys", UUID(int=404), True, ADA, NOON)
    with pytest.raises(Rejected, match="seller_not_found"):
        harbour.start(command, b"1", harbour.meta())
    with pytest.raises(Rejected, match="format_unknown"):
        harbour.start(RequestImport(uuid7(), "cars", LUC, True, ADA, NOON), b"1", harbour.meta())


def test_the_report_is_read_in_pages(harbour: Harbour):
    import_id = harbour.request(NUMBERS)
    harbour.run(import_id)
    page = harbour.book.rows(import_id, "accepted", 10, 5)
    assert [row.row for row in islice(page, 5)] == [11, 12, 13, 14, 15]
    assert harbour.book.file(import_id).read() == io.BytesIO(NUMBERS).read()


def test_a_file_larger_than_any_buffer_is_kept_whole(harbour: Harbour):
    content = b"x" * 5_000_000
    assert harbour.book.file(harbour.request(content)).read() == content

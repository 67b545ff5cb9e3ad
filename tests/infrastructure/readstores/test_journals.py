"""Journals in a real Postgres: pages, files and sums of what was added."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import msgspec
import pytest

from domain.values import Erased, Money, Personal, Value
from infrastructure.projector.runner import Runner
from infrastructure.readstores.documents import Pool
from infrastructure.readstores.journals import queries, tables
from infrastructure.readstores.journals.queries import PostgresJournals
from infrastructure.readstores.postgres import PostgresStore
from projections.ports import BadCursor, Total, Unavailable
from projections.sql import ALL, Order, Where, equals
from projections.view import Journal, Sum
from tests.fakes.boats import BY_COLOUR, SPRING, Coat, Left, Moored, Painted, boat, coats
from tests.fakes.log import FakeLog

COLOURS = ("red", "green", "blue")


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def journals(pool: Pool) -> PostgresJournals:
    return PostgresJournals(pool)


@pytest.fixture
def follow(database: str, log: FakeLog) -> Callable[..., None]:
    def catch_up(journal: Journal[Any] = coats, batch: int = 4) -> None:
        with closing(Runner([journal], log, database, {"postgres": PostgresStore}, batch=batch)) as running:
            running.catch_up()

    return catch_up


@pytest.fixture
def painted(log: FakeLog, follow: Callable[..., None]) -> None:
    """Nine boats, of which three leave; every boat that stays is painted in two coats of one colour."""
    for number in range(9):
        log.add(boat(number), Moored(boat(number), f"boat {number}", Money(number, "EUR")))
        if number % 3 == 0:
            log.add(boat(number), Left(boat(number)))
        log.add(boat(number), Painted(boat(number), COLOURS[number % 3]))
    follow()


@pytest.fixture
def walk(journals: PostgresJournals) -> Callable[..., Iterator[Any]]:
    def pages(where: Where = ALL, limit: int = 4, *, newest_first: bool = True) -> Iterator[Any]:
        cursor = None
        while True:
            page = journals.page(coats, where, limit=limit, cursor=cursor, newest_first=newest_first)
            yield from page.items
            cursor = page.next
            if cursor is None:
                return

    return pages


@pytest.mark.usefixtures("painted")
def test_pages_show_every_row_once_in_either_order(journals: PostgresJournals, walk: Callable[..., Iterator[Any]]):
    every = list(journals.every(coats))
    assert len(every) == 9 + 2 * 6
    assert [(each.position, each.ordinal) for each in every] == sorted({(each.position, each.ordinal) for each in every})
    for limit in (1, 4, 20, 21, 22):
        assert list(walk(limit=limit)) == every[::-1]
        assert list(walk(limit=limit, newest_first=False)) == every


@pytest.mark.usefixtures("painted")
def test_a_row_comes_back_as_it_was_made(journals: PostgresJournals):
    second, first, arrival = journals.page(coats, equals("boat_id", boat(1)), limit=5).items
    assert isinstance(arrival.row, Coat)
    assert (arrival.row.colour, arrival.row.paid, arrival.row.since) == (None, 1, SPRING)
    assert (first.row.colour, first.row.before, first.row.paid, first.ordinal) == ("green", 0, 100, 0)
    assert (second.row.before, second.row.paid, second.ordinal) == (1, 50, 1)


@pytest.mark.usefixtures("painted")
def test_a_file_holds_all_rows_of_the_moment_it_was_begun(
    journals: PostgresJournals, log: FakeLog, follow: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    reading = journals.every(coats, Where("colour IS NOT NULL"))
    begun = [next(reading)]
    log.add(boat(20), Moored(boat(20), "late"), Painted(boat(20), "red"))
    follow()
    assert len([*begun, *reading]) == 12
    assert len(list(journals.every(coats, Where("colour IS NOT NULL")))) == 14


@pytest.mark.usefixtures("painted")
def test_a_kept_sum_is_what_its_rows_come_to(journals: PostgresJournals):
    kept = journals.totals(coats, BY_COLOUR, limit=10)
    assert kept.items == [
        Total({"colour": "blue"}, {"paid": 450, "before": 3}, 6),
        Total({"colour": "green"}, {"paid": 450, "before": 3}, 6),
        Total({"colour": None}, {"paid": 36, "before": 0}, 9),
    ]
    made = journals.totals(coats, msgspec.structs.replace(BY_COLOUR, name="made of rows"), limit=10)
    assert made == kept


@pytest.mark.usefixtures("painted")
def test_groups_of_a_kept_sum_can_be_taken_together(journals: PostgresJournals):
    by_name = journals.totals(coats, Sum("boats", by=("name",), of=("paid",)), equals("name", "boat 4"), limit=10)
    assert by_name.items == [Total({"name": "boat 4"}, {"paid": 154}, 3)]


@pytest.mark.usefixtures("painted")
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("columns", [(), ("paid",), ("entries", "paid"), ("boat_id",)])
def test_groups_come_in_pages_of_any_order(journals: PostgresJournals, columns: tuple[str, ...], descending: bool):
    sums, order = Sum("boats", by=("boat_id", "name"), of=("paid",)), Order(columns, descending)
    whole = journals.totals(coats, sums, limit=100, order=order)
    assert (len(whole.items), whole.next) == (9, None)
    walked: list[Any] = []
    cursor = None
    while not walked or cursor:
        page = journals.totals(coats, sums, limit=2, cursor=cursor, order=order)
        walked += page.items
        cursor = page.next
    assert walked == whole.items

    def place(each: Total) -> list[Any]:
        return [*[{**each.group, **each.of, "entries": each.entries}[name] for name in columns], each.group["boat_id"]]

    assert [place(each) for each in walked] == sorted(map(place, walked), reverse=descending)


@pytest.mark.usefixtures("painted")
def test_a_cursor_fits_only_the_list_that_gave_it(journals: PostgresJournals):
    cursor = journals.page(coats, limit=1).next
    groups = journals.totals(coats, BY_COLOUR, limit=1).next
    assert cursor
    assert groups
    for wrong in (groups, cursor[:-2], "%"):
        with pytest.raises(BadCursor):
            journals.page(coats, limit=1, cursor=wrong)
    with pytest.raises(BadCursor):
        journals.page(coats, limit=1, cursor=cursor, newest_first=False)
    with pytest.raises(BadCursor):
        journals.totals(coats, BY_COLOUR, limit=1, cursor=cursor)
    with pytest.raises(BadCursor):
        journals.totals(coats, BY_COLOUR, equals("colour", "red"), limit=1, cursor=groups)


@pytest.mark.usefixtures("painted")
@pytest.mark.parametrize("batch", [1, 1000])
def test_a_new_version_made_from_zero_equals_the_live_one(journals: PostgresJournals, follow: Callable[..., None], batch: int):
    rebuilt = msgspec.structs.replace(coats, version=2)
    follow(rebuilt, batch)
    assert list(journals.every(rebuilt)) == list(journals.every(coats))
    for sums in coats.sums:
        assert journals.totals(rebuilt, sums, limit=100) == journals.totals(coats, sums, limit=100)


def test_a_journal_that_nobody_has_begun_is_unavailable(journals: PostgresJournals):
    with pytest.raises(Unavailable):
        journals.page(coats, limit=1)


class Told(Value, frozen=True):
    who: str
    word: Personal[str | Erased, "who"]  # noqa: F821 - a field's name


def test_personal_data_have_no_place_in_a_journal():
    with pytest.raises(TypeError, match="word is no plain value"):
        tables.create(msgspec.structs.replace(coats, row=Told))

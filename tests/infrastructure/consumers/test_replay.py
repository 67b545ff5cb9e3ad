"""Where a group goes on: from a position, a moment, the start or the head; also while a worker is in the middle of a pull."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from psycopg import sql

from application.commands.consumers.books import Place
from domain.decider import Rejected
from infrastructure.consumers import statements
from infrastructure.consumers.books import PostgresConsumerBooks
from projections.feeds.catalogue import FEEDS
from tests.infrastructure.consumers.quay import NOON, TABLE, Quay, subjects


@pytest.fixture
def books(quay: Quay) -> PostgresConsumerBooks:
    quay.do("SELECT setval('events_position', 1000)")
    return PostgresConsumerBooks(quay.pool, FEEDS)


@pytest.mark.parametrize(
    ("place", "position"),
    [
        ("start", 0),
        ("head", 300),
        (0, 0),
        (1000, 1000),
        (NOON, 2),
        (NOON + timedelta(seconds=150), 149),
        (NOON + timedelta(seconds=151), 152),
        (NOON + timedelta(seconds=300), 299),
        (NOON + timedelta(seconds=301), 300),
        (NOON - timedelta(days=1), 2),
    ],
)
def test_a_place_is_a_position(quay: Quay, books: PostgresConsumerBooks, place: Place, position: int):
    quay.tell("abcdefghij" * 10)
    assert books.position_of("stock", place) == position


def test_a_feed_that_has_told_nothing_has_places_too(books: PostgresConsumerBooks):
    assert [books.position_of("stock", place) for place in ("start", "head", NOON)] == [0, 0, 0]


def test_where_the_log_has_not_come_is_no_place(books: PostgresConsumerBooks):
    with pytest.raises(Rejected, match="position_unknown"):
        books.position_of("stock", 1001)


def test_moments_that_are_not_in_order_are_found_by_the_first_of_them(quay: Quay, books: PostgresConsumerBooks):
    quay.tell("a" * 1000)
    late = sql.SQL("UPDATE {} SET time = %(time)s WHERE position = %(position)s").format(TABLE)
    quay.do(late, time=NOON + timedelta(minutes=30), position=1500)  # it was recorded five minutes after those around it
    assert books.position_of("stock", NOON + timedelta(minutes=29)) == 1499
    assert books.position_of("stock", NOON + timedelta(minutes=31)) == 1859


class Halted:
    """A pull that stands still behind its last change, holding what it holds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.here = Event()
        self.on = Event()
        told_at = statements.told_at

        def halt(feed: Any) -> Any:
            self.here.set()
            assert self.on.wait(30)
            return told_at(feed)

        monkeypatch.setattr(statements, "told_at", halt)


@pytest.fixture
def halted(monkeypatch: pytest.MonkeyPatch) -> Generator[Halted]:
    halted = Halted(monkeypatch)
    yield halted
    halted.on.set()


def rewind(quay: Quay, position: int) -> None:
    """As the row of a replay is written: in one transaction, behind the group's own."""
    values = {"consumer_id": quay.id, "position": position}
    with quay.pool.connection() as connection, connection.transaction():
        connection.execute(statements.HOLD_BY_ID, values)
        connection.execute(statements.REWIND, values)


def test_a_replay_waits_for_a_pull_and_takes_its_leases(quay: Quay, halted: Halted):
    quay.open()
    quay.tell(["a", "b", "a"])
    with ThreadPoolExecutor(2) as threads:
        pulling = threads.submit(quay.pull)
        assert halted.here.wait(30)
        rewinding = threads.submit(rewind, quay, 0)
        quay.await_waiting()
        halted.on.set()
        held = pulling.result(30)
        rewinding.result(30)
    assert subjects(held) == ["a", "b"]
    with pytest.raises(Rejected, match="stale_lease"):
        quay.acknowledge(held)
    assert [(each.told.subject, each.attempt) for each in quay.pull()] == [("a", 1), ("b", 1)]


def test_what_lies_before_a_later_position_is_passed_over(quay: Quay):
    quay.open()
    quay.tell(["a", "b"])
    held = quay.pull(1)
    quay.tell(["a", "c", "d"])
    rewind(quay, 12)
    assert subjects(quay.pull()) == ["b", "d"]
    quay.acknowledge(held)
    assert quay.pull() == []

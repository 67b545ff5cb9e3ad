"""What a pull finds, what it costs, and what is left of one that was never answered."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql

from domain.decider import Rejected
from infrastructure.consumers import statements
from infrastructure.consumers.deliveries import AT_ONCE
from projections.ports import Unavailable
from tests.infrastructure.consumers.quay import Quay, subjects

PULL, ACKNOWLEDGE, REJECT, EXTEND = 5, 3, 2, 2


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The statements that are sent to Postgres from now on, but for BEGIN and COMMIT."""
    statements_sent: list[Any] = []
    execute = psycopg.Cursor[Any].execute

    def noted(self: psycopg.Cursor[Any], query: Any, *given: Any, **more: Any) -> psycopg.Cursor[Any]:
        statements_sent.append(query)
        return execute(self, query, *given, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)
    return statements_sent


@contextmanager
def costs(sent: list[Any], statements: int) -> Generator[None]:
    sent.clear()
    yield
    assert len(sent) == statements


def test_whatever_it_finds_it_costs_the_same_number_of_statements(quay: Quay, sent: list[Any]):
    quay.open(lease_seconds=60)
    with costs(sent, PULL):
        assert quay.pull() == []
    quay.tell(f"article-{number % 700}" for number in range(2000))
    with costs(sent, PULL):
        assert len(quay.pull(1)) == 1
    with costs(sent, PULL):
        given = quay.pull(600)
    assert len(given) == 600
    with costs(sent, REJECT):
        quay.reject(given[:300])
    with costs(sent, EXTEND):
        quay.deliveries.extend(*quay.group, [each.lease for each in given[300:400]], 600)
    with costs(sent, ACKNOWLEDGE):
        quay.acknowledge(given[300:])
    quay.clock.ahead += timedelta(minutes=2)
    with costs(sent, PULL):
        assert len(quay.pull(1000)) > 600


def test_a_refusal_costs_no_more_than_it_must(quay: Quay, sent: list[Any]):
    with costs(sent, 1), pytest.raises(Rejected, match="consumer_not_found"):
        quay.pull()


def test_behind_a_subject_that_waits_others_are_found(quay: Quay):
    quay.open(max_attempts=1)
    quay.tell(["slow"] * (3 * AT_ONCE) + ["quick"])
    (first,) = quay.pull(1)
    quay.reject([first])
    looked = [quay.pull(1) for _ in range(3)]
    assert [subjects(each) for each in looked] == [[], [], ["quick"]]


def test_while_there_is_more_to_look_through_it_says_so(quay: Quay):
    quay.open()
    quay.tell(["slow"] * (2 * AT_ONCE))
    assert [quay.deliveries.pull(*quay.group, 1).more for _ in range(2)] == [True, False]


def test_rare_types_are_found_without_taking_the_others_up(quay: Quay):
    quay.open("stock.StockMoved")
    quay.tell(["a"] * 500, type="stock.Other")
    quay.tell(["b"])
    assert subjects(quay.pull(1)) == ["b"]
    assert quay.open_rows() == 1


def test_a_pull_whose_connection_is_lost_has_given_nothing(quay: Quay, monkeypatch: pytest.MonkeyPatch):
    quay.open()
    quay.tell(["a", "b"])
    with monkeypatch.context() as lost:
        lost.setattr(statements, "told_at", lambda _feed: sql.SQL("SELECT pg_terminate_backend(pg_backend_pid()), %s::bigint[]"))
        with pytest.raises(Unavailable):
            quay.pull()
    assert quay.open_rows() == 0
    assert [(each.told.subject, each.attempt) for each in quay.pull()] == [("a", 1), ("b", 1)]


def test_an_answer_that_was_lost_is_given_again_when_its_leases_end(quay: Quay):
    quay.open(lease_seconds=30)
    quay.tell(["a", "b", "a"])
    quay.pull()
    quay.clock.ahead += timedelta(seconds=29)
    assert quay.pull() == []
    quay.clock.ahead += timedelta(seconds=2)
    again = quay.pull()
    assert [(each.told.subject, each.attempt) for each in again] == [("a", 2), ("b", 2)]
    quay.acknowledge(again)
    assert [(each.told.subject, each.told.position) for each in quay.pull()] == [("a", 9)]


def test_events_come_in_order_of_the_feed_whatever_was_due_first(quay: Quay):
    quay.open()
    quay.tell(["a", "b", "c"])
    a, b, c = quay.pull()
    quay.reject([c])
    quay.clock.ahead += timedelta(seconds=1)
    quay.reject([a])
    quay.reject([b], delay=60)
    quay.clock.ahead += timedelta(seconds=1)
    quay.tell(["d"])
    assert subjects(quay.pull()) == ["a", "c", "d"]

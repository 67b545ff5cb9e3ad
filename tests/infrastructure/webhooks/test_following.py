"""What feeds tell becomes deliveries: of each endpoint its types, from its beginning on, each event once, whoever follows."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from infrastructure.webhooks import statements
from infrastructure.webhooks.following import Following
from tests.infrastructure.webhooks.dock import FEEDS, Dock, answer


def positions(dock: Dock, endpoint: UUID) -> list[int]:
    return [each.position for each in dock.of(endpoint)]


def test_each_endpoint_is_sent_its_types_from_its_beginning_on(dock: Dock):
    dock.tell(2)
    everything, moved = dock.open(), dock.open("stock.StockMoved")
    dock.tell(2)
    dock.tell(1, "users.UserRegistered")
    late = dock.open()
    dock.tell(1)
    assert dock.follow() == 4 + 3 + 1
    assert positions(dock, everything) == [9, 12, 15, 18]
    assert positions(dock, moved) == [9, 12, 18]
    assert positions(dock, late) == [18]


def test_an_event_is_known_by_one_id_at_each_endpoint_for_ever(dock: Dock):
    here, there = dock.open(), dock.open()
    dock.tell(3)
    dock.follow()
    before = {each.id for each in (*dock.of(here), *dock.of(there))}
    assert len(before) == 6
    dock.do("DELETE FROM webhook_deliveries")
    dock.do("UPDATE webhook_feeds SET position = 0")
    dock.follow()
    assert {each.id for each in (*dock.of(here), *dock.of(there))} == before


def test_what_is_followed_twice_is_there_once(dock: Dock):
    endpoint = dock.open()
    dock.tell(3)
    dock.follow()
    dock.end(dock.take(), answer())
    dock.do("UPDATE webhook_feeds SET position = 0")
    assert dock.follow() == 0
    assert [each.state for each in dock.of(endpoint)] == ["delivered"] * 3


def test_many_who_follow_make_each_delivery_once(dock: Dock):
    endpoint = dock.open()
    dock.tell(200)
    with ThreadPoolExecutor(4) as many:
        made = sum(many.map(lambda _: sum(dock.following.step() for _ in range(40)), range(4)))
    assert made + dock.follow() == 200
    assert len(dock.of(endpoint)) == 200


def test_nothing_is_taken_up_for_whom_nothing_is_sent_to(dock: Dock):
    endpoint = dock.open()
    dock.do(statements.SWITCH_OFF, endpoint_id=endpoint, because="asked", at=dock.clock())
    assert not dock.following.anybody()
    dock.tell(3)
    assert dock.follow() == 0
    dock.do(statements.SWITCH_ON, endpoint_id=endpoint)
    dock.do("UPDATE webhook_endpoints SET since = %(since)s", since=dock.head)
    dock.tell(1)
    assert dock.follow() == 1


def test_a_long_history_before_all_endpoints_is_passed_over_at_once(dock: Dock):
    dock.tell(100)
    endpoint = dock.open()
    dock.tell(1)
    assert dock.following.step() == 1
    assert positions(dock, endpoint) == [dock.head]


def test_a_replay_sends_the_past_again_by_the_same_ids(dock: Dock):
    endpoint = dock.open("stock.StockMoved")
    dock.tell(4)
    dock.tell(1, "users.UserRegistered")
    dock.follow()
    before = {each.position: each.id for each in dock.of(endpoint)}
    dock.end(dock.take(), answer())
    dock.replay(endpoint, 3)
    assert dock.endpoint(endpoint).replaying
    assert dock.follow() == 3
    assert not dock.endpoint(endpoint).replaying
    assert [(each.position, each.state) for each in dock.of(endpoint)] == [
        (3, "delivered"),
        (6, "pending"),
        (9, "pending"),
        (12, "pending"),
    ]
    assert {each.position: each.id for each in dock.of(endpoint)} == before


def test_a_replay_reaches_back_before_the_endpoint_and_no_further_than_what_is_followed(dock: Dock):
    dock.tell(30)
    endpoint = dock.open()
    dock.tell(1)
    dock.replay(endpoint, 60)
    assert dock.follow() == 11
    assert positions(dock, endpoint) == [*range(63, 91, 3), 93]


def test_a_long_replay_does_not_stand_before_what_is_told_now(dock: Dock):
    dock.tell(100)
    endpoint = dock.open()
    dock.tell(1)
    dock.follow()
    dock.end(dock.take(), answer())
    dock.replay(endpoint, 0)
    assert dock.follow() == 30  # by tens, until 25 or more wait
    dock.tell(1)
    assert dock.follow() == 1
    dock.end(dock.take(), answer())
    sent = 31
    while dock.follow():
        taken = dock.take()
        dock.end(taken, answer())
        sent += len(taken)
    assert sent == 102
    assert {each.state for each in dock.of(endpoint)} == {"delivered"}


def test_what_waits_is_not_sent_twice_by_a_replay(dock: Dock):
    endpoint = dock.open()
    dock.tell(3)
    dock.follow()
    dock.end(dock.take(limit=1), answer(500))
    dock.replay(endpoint, 0)
    assert dock.follow() == 0
    assert [len(each.attempts) for each in dock.of(endpoint)] == [1, 0, 0]


def test_what_has_ended_goes_after_a_month_and_what_waits_stays(dock: Dock):
    endpoint = dock.open()
    dock.tell(2)
    dock.follow()
    (first, _) = dock.take()
    dock.end([first], answer())
    dock.clock.ahead += timedelta(days=29)
    assert dock.following.remove_old() == 0
    dock.clock.ahead += timedelta(days=2)
    assert dock.following.remove_old() == 1
    assert [each.state for each in dock.of(endpoint)] == ["pending"]


def test_what_was_deleted_goes_with_all_that_was_sent_to_it(dock: Dock):
    endpoint, other = dock.open(), dock.open()
    dock.tell(3)
    dock.follow()
    dock.end(dock.take(), answer())
    dock.do(statements.CLOSE, endpoint_id=endpoint, at=dock.clock())
    assert [each.id for each in dock.shown.all(None, None, 10)] == [other]
    assert dock.following.remove_old() == 3
    with dock.pool.connection() as connection:
        assert connection.execute("SELECT id FROM webhook_endpoints").fetchall() == [(other,)]
        assert connection.execute("SELECT count(*) FROM webhook_secrets").fetchall() == [(1,)]
    assert len(dock.of(other)) == 3


class Counting(psycopg.Connection[Any]):
    statements = 0

    def execute(self, *given: Any, **more: Any) -> Any:
        Counting.statements += 1
        return super().execute(*given, **more)


@contextmanager
def counted(database: str) -> Generator[ConnectionPool[Any]]:
    with ConnectionPool(database, connection_class=Counting, kwargs={"autocommit": True}, min_size=1, max_size=1) as pool:
        yield pool


def test_a_batch_takes_the_same_statements_however_large_it_is(dock: Dock, database: str):
    for _ in range(3):
        dock.open()
    spent: list[int] = []
    with counted(database) as pool:
        following = Following(pool, FEEDS, dock.clock)
        for many in (1, 400):
            dock.tell(many)
            Counting.statements = 0
            assert following.step() == 3 * many
            spent.append(Counting.statements)
    assert spent[0] == spent[1] <= 10

import msgspec
import psycopg
import pytest

from domain.values import Money
from infrastructure.projector.runner import Runner
from infrastructure.readstores.documents import Pool, PostgresDocuments
from infrastructure.readstores.postgres import PostgresStore
from projections.ports import BadCursor, Unavailable
from projections.sql import ALL, Order, Where, equals
from tests.fakes.boats import Boat, Greeted, Left, Moored, Painted, boat, boats, paintings
from tests.fakes.log import FakeLog

ORDERS = [
    Order(columns, descending)
    for columns in ((), ("since",), ("price_amount",), ("price_amount", "name"), ("name", "price_amount"))
    for descending in (True, False)
]


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def documents(pool: Pool) -> PostgresDocuments:
    return PostgresDocuments(pool, [boats, paintings])


@pytest.fixture
def runner(database: str, log: FakeLog):
    running = Runner([boats, paintings], log, database, {"postgres": PostgresStore}, batch=3)
    yield running
    running.close()


def test_a_document_is_handed_on_as_it_is_stored(log: FakeLog, runner: Runner, documents: PostgresDocuments):
    log.add(boat(1), Moored(boat(1), "Æolus «II»", Money(125_000, "CHF")), Painted(boat(1), "red"), Painted(boat(1), "blue"))
    runner.catch_up()

    found = documents.one(boats, boat(1))

    assert found is not None
    assert found.key == boat(1)
    assert found.version == 3
    assert bytes(found.document).startswith(b'{"id":"0199aaaa-0000-7000-8000-000000000002","name":"\xc3\x86olus')
    assert msgspec.json.decode(found.document, type=Boat).colours == ("red", "blue")
    assert found.columns["price_amount"] == 125_000
    assert found.columns["colours"] == ["red", "blue"]


def test_a_row_that_may_not_be_seen_is_not_found(log: FakeLog, runner: Runner, documents: PostgresDocuments):
    log.add(boat(1), Moored(boat(1), "Aurora"))
    runner.catch_up()

    assert documents.one(boats, boat(1), equals("name", "Aurora")) is not None
    assert documents.one(boats, boat(1), equals("name", "Borea")) is None
    assert documents.one(boats, boat(2)) is None


def test_what_is_gone_is_gone_also_when_made_and_lost_in_one_batch(log: FakeLog, runner: Runner, documents: PostgresDocuments):
    log.add(boat(1), Moored(boat(1), "Aurora"))
    runner.catch_up()
    log.add(boat(2), Moored(boat(2), "Borea"), Left(boat(2)))
    log.add(boat(1), Left(boat(1)))
    runner.catch_up()

    assert documents.page(boats, limit=10).items == []


def test_the_position_moves_on_for_events_of_other_types(log: FakeLog, runner: Runner, documents: PostgresDocuments):
    assert documents.position("boats") == 0
    log.add(boat(1), Moored(boat(1), "Aurora"), *[Greeted()] * 10)
    runner.catch_up()
    assert documents.position("boats") == documents.position(paintings.name) == log.stable()


def test_what_a_feed_tells_is_appended_once(log: FakeLog, runner: Runner, pool: Pool):
    log.add(boat(1), Moored(boat(1), "Aurora"), Painted(boat(1), "red"), Painted(boat(1), "red"))
    runner.catch_up()
    runner.catch_up()
    with pool.connection() as connection:
        told = connection.execute(f"SELECT subject, data FROM {paintings.table}".encode()).fetchall()
    assert told == [(str(boat(1)), '{"colour":"red"}')] * 2


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_pages_show_every_row_once_and_in_order(log: FakeLog, runner: Runner, documents: PostgresDocuments, pool: Pool, order: Order):
    for number in range(23):  # equal values and missing ones among them
        price = None if number % 4 == 0 else Money(number % 3, "EUR")
        log.add(boat(number), Moored(boat(number), f"boat {number % 5}", price))
    runner.catch_up()

    seen: list[object] = []
    cursor = None
    while True:
        page = documents.page(boats, limit=4, cursor=cursor, order=order)
        seen += [item.key for item in page.items]
        cursor = page.next
        if cursor is None:
            break

    way = "DESC" if order.descending else "ASC"
    with pool.connection() as connection:
        ordering = ", ".join(f"{name} {way}" for name in (*order.columns, "key"))
        assert seen == [key for (key,) in connection.execute(f"SELECT key FROM {boats.table} ORDER BY {ordering}".encode())]
    assert len(seen) == 23


def test_a_page_keeps_to_its_condition(log: FakeLog, runner: Runner, documents: PostgresDocuments):
    for number in range(9):
        log.add(boat(number), Moored(boat(number), "Aurora" if number % 2 else "Borea"))
    runner.catch_up()
    where = equals("name", "Aurora") & Where("since > %(since)s", {"since": "2026-04-01T09:03:00Z"})
    first = documents.page(boats, where, limit=1)
    second = documents.page(boats, where, limit=5, cursor=first.next)
    assert [item.key for item in (*first.items, *second.items)] == [boat(7), boat(5), boat(3)]


def test_a_cursor_fits_only_the_list_that_gave_it(log: FakeLog, runner: Runner, documents: PostgresDocuments):
    for number in range(3):
        log.add(boat(number), Moored(boat(number), "Aurora"))
    runner.catch_up()
    cursor = documents.page(boats, limit=1).next
    assert cursor is not None
    for wrong in (cursor[:-2], "", "%", "ö", "AAAA", cursor[:5] + ("A" if cursor[5] != "A" else "B") + cursor[6:]):
        with pytest.raises(BadCursor):
            documents.page(boats, limit=1, cursor=wrong)
    with pytest.raises(BadCursor):
        documents.page(boats, limit=1, cursor=cursor, order=Order(("name",)))
    with pytest.raises(BadCursor):
        documents.page(boats, limit=1, cursor=cursor, order=Order(descending=False))


def test_a_cursor_fits_only_the_question_that_it_answers(log: FakeLog, runner: Runner, documents: PostgresDocuments):
    for number in range(3):
        log.add(boat(number), Moored(boat(number), "Aurora"))
    runner.catch_up()
    asked = equals("name", "Aurora")
    cursor = documents.page(boats, asked, limit=1).next
    assert documents.page(boats, asked, limit=2, cursor=cursor).items
    for other in (ALL, equals("name", "Borea"), Where("name <> %(name)s", {"name": "Aurora"}), asked & Where("price_amount IS NULL")):
        with pytest.raises(BadCursor):
            documents.page(boats, other, limit=1, cursor=cursor)


def test_a_query_survives_the_loss_of_its_connections(log: FakeLog, runner: Runner, documents: PostgresDocuments, database: str):
    log.add(boat(1), Moored(boat(1), "Aurora"))
    runner.catch_up()
    runner.close()
    assert documents.one(boats, boat(1)) is not None
    with psycopg.connect(database) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert documents.one(boats, boat(1)) is not None


def test_a_read_model_that_no_projector_has_made_is_unavailable(documents: PostgresDocuments):
    with pytest.raises(Unavailable):
        documents.one(boats, boat(1))

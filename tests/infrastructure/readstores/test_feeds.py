"""Feeds in a real Postgres: in order, exactly once, resumable anywhere, and never past what is certain."""

from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from domain.listings import events
from domain.values import Money
from infrastructure.postgres import open_pool
from infrastructure.projector.runner import Runner
from infrastructure.readstores.feeds import PostgresFeeds
from infrastructure.readstores.postgres import PostgresStore
from projections.feeds.listings import listings
from projections.ports import Unavailable
from tests.fakes.log import FakeLog

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ANA = UUID(int=2)
SOLD, PRICED = "listings.ListingSold", "listings.ListingPriced"


@pytest.fixture
def feeds(database: str) -> Generator[PostgresFeeds]:
    with open_pool(database, 2) as pool:
        yield PostgresFeeds(pool)


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def runner(database: str, log: FakeLog) -> Generator[Runner]:
    made = Runner([listings], log, database, {"postgres": PostgresStore}, batch=3)
    yield made
    made.close()


def publish(log: FakeLog, number: int) -> UUID:
    boat = UUID(int=number)
    log.add(boat, events.ListingDrafted(boat, ANA, "classified", "boats", f"Boat {number}", "", {}, Money(1, "EUR"), None, NOON))
    log.add(boat, events.ListingSubmitted(boat, NOON), events.ListingApproved(boat, ANA, NOON), events.ListingPublished(boat, NOON))
    return boat


def test_a_feed_tells_what_happened_in_order_and_where_to_read_on(feeds: PostgresFeeds, log: FakeLog, runner: Runner):
    boat = publish(log, 1)
    log.add(boat, events.ListingSold(boat, NOON))
    runner.catch_up()
    read = feeds.read(listings, 0, 10)
    assert [(each.type, each.position, each.subject, each.schema) for each in read.items] == [
        ("listings.ListingPublished", 8, str(boat), 1),
        (SOLD, 10, str(boat), 1),
    ]
    assert msgspec.json.decode(read.items[0].data)["title"] == "Boat 1"
    assert (read.next, read.head) == (10, 10)


def test_pages_of_any_size_and_start_give_each_event_once(feeds: PostgresFeeds, log: FakeLog, runner: Runner):
    for number in range(1, 8):
        boat = publish(log, number)
        log.add(boat, events.ListingPriced(boat, Money(number, "EUR"), NOON), events.ListingSold(boat, NOON))
    head = runner.catch_up()
    whole = [each.position for each in feeds.read(listings, 0, 1000).items]
    assert len(whole) == 21
    for limit in (1, 2, 5, 20, 21, 22):
        walked: list[int] = []
        after = 0
        while after < head:
            page = feeds.read(listings, after, limit)
            walked += [each.position for each in page.items]
            after = page.next
        assert walked == whole


def test_types_are_told_apart_and_the_rest_is_stepped_over(feeds: PostgresFeeds, log: FakeLog, runner: Runner):
    boats = [publish(log, number) for number in range(1, 5)]
    log.add(boats[2], events.ListingPriced(boats[2], Money(5, "EUR"), NOON), events.ListingSold(boats[2], NOON))
    publish(log, 9)
    head = runner.catch_up()
    read = feeds.read(listings, 0, 10, [SOLD, PRICED])
    assert [each.type for each in read.items] == [PRICED, SOLD]
    assert read.next == head
    assert [each.type for each in feeds.read(listings, 0, 1, [SOLD, PRICED]).items] == [PRICED]


def test_a_price_follows_the_listing_over_the_border_of_a_batch(feeds: PostgresFeeds, log: FakeLog, runner: Runner):
    boat = publish(log, 1)
    runner.catch_up()
    log.add(boat, events.ListingPriced(boat, Money(7, "EUR"), NOON))
    runner.catch_up()
    assert [each.type for each in feeds.read(listings, 8, 10).items] == [PRICED]


def test_the_same_events_again_are_told_once(database: str, feeds: PostgresFeeds, log: FakeLog, runner: Runner):
    publish(log, 1)
    runner.catch_up()
    before = feeds.read(listings, 0, 10)
    runner.close()
    again = Runner([listings], log, database, {"postgres": PostgresStore})
    again.catch_up()
    again.close()
    assert feeds.read(listings, 0, 10) == before


def test_a_feed_that_cannot_take_an_event_stands_still_before_it(database: str, feeds: PostgresFeeds, log: FakeLog):
    publish(log, 1)
    bad = publish(log, 2)

    def refusing(known: Any, event: Any) -> Any:
        if event.listing_id == bad:
            raise ValueError("what is this")
        return listings.public(known, event)

    broken = msgspec.structs.replace(listings, public=refusing)
    runner = Runner([broken], log, database, {"postgres": PostgresStore})
    with pytest.raises(ValueError, match="what is this"):
        runner.catch_up()
    runner.close()
    assert [each.subject for each in feeds.read(listings, 0, 10).items] == [str(UUID(int=1))]
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM parked_events").fetchone() == (0,)


def test_a_feed_that_nobody_has_begun_is_unavailable(feeds: PostgresFeeds):
    with pytest.raises(Unavailable):
        feeds.read(listings, 0, 10)


def test_a_reader_ahead_of_the_feed_keeps_its_place(feeds: PostgresFeeds, log: FakeLog, runner: Runner):
    publish(log, 1)
    runner.catch_up()
    read = feeds.read(listings, 900, 10)
    assert (read.items, read.next, read.head) == ([], 900, 8)

"""Where couriers are, on a real Postgres."""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from threading import Thread
from uuid import UUID, uuid4

import pytest
from psycopg_pool import ConnectionPool

from domain.trade import Spot
from infrastructure.deliveries.whereabouts import KEPT, PostgresTracks, PostgresWhereabouts
from infrastructure.postgres import open_pool
from projections.deliveries.tracking import Seen

CLEO, DAN, PARCEL, OTHER = (UUID(int=number) for number in range(1, 5))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Day:
    now = NOON


@pytest.fixture
def pool(database: str) -> Generator[ConnectionPool]:
    with open_pool(database, 4) as pool:
        yield pool


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def tracks(pool: ConnectionPool, day: Day) -> PostgresTracks:
    return PostgresTracks(pool, lambda: day.now)


def seen(latitude: float, at: datetime) -> Seen:
    return Seen(latitude, -9.0, at)


def partitions(pool: ConnectionPool) -> list[str]:
    with pool.connection() as connection:
        found = connection.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE inhparent = 'courier_tracks'::regclass AND c.relkind = 'r' ORDER BY 1"
        )
        return [name.removeprefix("courier_tracks_") for (name,) in found]


def test_the_last_position_of_each_courier_is_known(tracks: PostgresTracks, pool: ConnectionPool):
    tracks.record(CLEO, PARCEL, Spot(38, -9), NOON)
    tracks.record(CLEO, PARCEL, Spot(39, -9), NOON + MINUTE)
    tracks.record(DAN, OTHER, Spot(40, -9), NOON)
    found = PostgresWhereabouts(pool)
    assert found.last([CLEO, DAN, uuid4()]) == {CLEO: seen(39, NOON + MINUTE), DAN: seen(40, NOON)}
    assert found.last([]) == {}


def test_a_position_that_comes_late_is_kept_and_replaces_nothing(tracks: PostgresTracks, pool: ConnectionPool):
    for minute, latitude in ((2, 40), (1, 39), (3, 41)):
        tracks.record(CLEO, PARCEL, Spot(latitude, -9), NOON + minute * MINUTE)
    found = PostgresWhereabouts(pool)
    tracks.record(CLEO, OTHER, Spot(1, -9), NOON)
    assert found.last([CLEO]) == {CLEO: seen(41, NOON + 3 * MINUTE)}
    assert [each.latitude for each in found.trail(PARCEL, 10)] == [39, 40, 41]
    assert [each.latitude for each in found.trail(PARCEL, 2)] == [40, 41]


def test_each_day_has_its_partition_and_old_days_go_as_a_whole(tracks: PostgresTracks, pool: ConnectionPool, day: Day):
    tracks.record(CLEO, PARCEL, Spot(38, -9), day.now)
    assert partitions(pool) == ["20260601", "20260602"]
    day.now = NOON + timedelta(days=1)
    tracks.record(CLEO, PARCEL, Spot(39, -9), day.now)
    assert partitions(pool) == ["20260601", "20260602"]
    day.now = NOON + KEPT + timedelta(days=1)
    tracks.record(CLEO, OTHER, Spot(40, -9), day.now)
    assert partitions(pool) == ["20260602", "20260702", "20260703"]
    assert [each.latitude for each in PostgresWhereabouts(pool).trail(PARCEL, 10)] == [39]


def test_the_first_positions_of_a_day_may_come_all_at_once(tracks: PostgresTracks, pool: ConnectionPool):
    couriers = [uuid4() for _ in range(8)]
    telling = [Thread(target=tracks.record, args=[each, PARCEL, Spot(38, -9), NOON]) for each in couriers]
    for each in telling:
        each.start()
    for each in telling:
        each.join(20)
    assert PostgresWhereabouts(pool).last(couriers).keys() == set(couriers)
    assert len(PostgresWhereabouts(pool).trail(PARCEL, 100)) == 8

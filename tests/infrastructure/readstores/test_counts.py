import pytest
from redis import Redis
from redis.crc import key_slot

from infrastructure.projector.runner import Runner
from infrastructure.readstores.redis import RedisCounts, RedisStore, connect, keys
from projections.ports import Unavailable
from tests.fakes.boats import Left, Moored, Painted, boat, lying
from tests.fakes.log import FakeLog


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def client(redis_url: str):
    with connect(redis_url) as opened:
        yield opened


@pytest.fixture
def runner(database: str, log: FakeLog, client: Redis):
    running = Runner([lying], log, database, {"redis": lambda connection: RedisStore(connection, client)}, batch=3)
    yield running
    running.close()


def test_things_are_counted_in_the_groups_they_are_in_now(log: FakeLog, runner: Runner, client: Redis):
    for number in range(4):
        log.add(boat(number), Moored(boat(number), "Aurora"))
    log.add(boat(1), Painted(boat(1), "red"))
    log.add(boat(2), Painted(boat(2), "red"), Painted(boat(2), "blue"))
    log.add(boat(3), Painted(boat(3), "green"), Left(boat(3)))

    runner.catch_up()

    assert RedisCounts(client).read(lying) == {"moored": 3, "red": 2, "blue": 1}


def test_nothing_is_kept_of_what_is_gone(log: FakeLog, runner: Runner, client: Redis):
    log.add(boat(1), Moored(boat(1), "Aurora"))
    runner.catch_up()
    log.add(boat(1), Left(boat(1)))
    runner.catch_up()

    assert client.keys() == [keys(lying).position.encode()]


def test_values_and_position_lie_in_one_slot_of_a_cluster():
    here = keys(lying)
    assert {key_slot(key.encode()) for key in (here.position, here.state, here.counts)} == {key_slot(b"lying:v1")}


def test_counts_go_on_from_where_redis_has_lost_its_last_moments(log: FakeLog, runner: Runner, client: Redis):
    log.add(boat(1), Moored(boat(1), "Aurora"))
    runner.catch_up()
    names = [keys(lying).position, keys(lying).state, keys(lying).counts]
    before = {name: client.dump(name) or b"" for name in names}
    log.add(boat(1), Painted(boat(1), "red"))
    log.add(boat(2), Moored(boat(2), "Borea"))
    runner.catch_up()
    after = RedisCounts(client).read(lying)

    client.flushdb()
    for key, value in before.items():
        client.restore(key, 0, value)
    assert RedisCounts(client).read(lying) == {"moored": 1}
    runner.catch_up()

    assert RedisCounts(client).read(lying) == after == {"moored": 2, "red": 1}


def test_counts_say_when_redis_does_not_answer():
    with connect("redis://127.0.0.1:1") as client, pytest.raises(Unavailable, match="redis"):
        RedisCounts(client).read(lying)

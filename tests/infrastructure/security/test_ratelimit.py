from threading import Event
from time import monotonic

import pytest

from infrastructure.readstores.redis import connect
from infrastructure.security.ratelimit import TIMEOUT, RedisRateLimit, attempts
from tests.fakes.proxy import Wire


def test_an_allowance_may_be_used_at_once_and_no_more_than_that(redis_url: str):
    with connect(redis_url) as client:
        limit = RedisRateLimit(client)
        assert [limit.allow("ana", 3, 600).allowed for _ in range(5)] == [True, True, True, False, False]
        assert 190 < limit.allow("ana", 3, 600).retry_after <= 200
        assert limit.allow("ben", 3, 600).allowed


def test_an_allowance_comes_back_evenly(redis_url: str):
    with connect(redis_url) as client:
        limit = RedisRateLimit(client)
        while (verdict := limit.allow("ana", 10, 1)).allowed:
            pass
        assert 0 < verdict.retry_after <= 0.1
        Event().wait(verdict.retry_after)
        assert limit.allow("ana", 10, 1).allowed
        assert not limit.allow("ana", 10, 1).allowed


def test_nothing_of_the_key_is_kept(redis_url: str):
    with connect(redis_url) as client:
        RedisRateLimit(client).allow("ana@example.com", 3, 600)
        (name,) = client.scan_iter()
        assert b"ana" not in name


def test_without_redis_attempts_are_let_through_counted_and_not_slowed(redis_url: str, worker_number: int):
    with Wire(redis_url) as wire, connect(f"redis://{wire.address}/{worker_number}", timeout=TIMEOUT, retries=0) as client:
        limit = RedisRateLimit(client)
        assert limit.allow("ana", 1, 600).allowed
        assert not limit.allow("ana", 1, 600).allowed
        wire.cut()
        before = unchecked()
        began = monotonic()
        assert all(limit.allow("ana", 1, 600).allowed for _ in range(100))
        assert monotonic() - began < 0.5
        assert unchecked() - before == 100


def unchecked() -> float:
    return attempts.labels("unchecked")._value.get()  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize("seconds", [1, 60])
def test_limits_under_one_key_do_not_mix(redis_url: str, seconds: int):
    with connect(redis_url) as client:
        limit = RedisRateLimit(client)
        assert limit.allow("ana", 1, seconds).allowed
        assert limit.allow("ana", 2, seconds).allowed

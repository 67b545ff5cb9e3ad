"""How often someone may try: counted in Redis, and let through when Redis is away."""

from hashlib import blake2b
from time import monotonic
from typing import cast

from msgspec import Struct
from prometheus_client import Counter
from redis.exceptions import RedisError

from infrastructure.readstores.redis import Client

ALLOW = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local window = tonumber(ARGV[2]) * 1000000
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + window / tonumber(ARGV[1])
if full - window > now then return math.ceil((full - window - now) / 1000) end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return 0
"""
"""The generic cell rate algorithm (ITU-T I.371): the key holds when its allowance will be whole again, in microseconds.

The whole allowance may be used at once; it comes back evenly. Answers 0, or after how many milliseconds to try again."""

TIMEOUT = 0.05
"""Seconds that a client for this may wait; give it to `infrastructure.readstores.redis.connect`."""

REST = 1.0
"""Seconds for which an absent Redis is not asked again, so that it slows one request and not every one."""

attempts = Counter("tradewind_rate_limited_total", "Attempts that are limited, by what became of them.", ["outcome"])


class Verdict(Struct, frozen=True):
    """`retry_after` is in seconds, 0 where allowed."""

    allowed: bool
    retry_after: float = 0.0


LET_THROUGH = Verdict(allowed=True)


class RedisRateLimit:
    def __init__(self, client: Client) -> None:
        self._allow = client.register_script(ALLOW)
        self._ask_again = float("-inf")

    def allow(self, key: str, limit: int, per_seconds: int) -> Verdict:
        """Count an attempt under the key: `limit` of them at once, and as many again in every `per_seconds`."""
        if monotonic() < self._ask_again:
            attempts.labels("unchecked").inc()
            return LET_THROUGH
        # Keys are addresses of people and machines: what is kept of them tells nobody.
        name = f"rate:{blake2b(key.encode(), digest_size=16).hexdigest()}:{limit}:{per_seconds}"
        try:
            wait = cast("int", self._allow(keys=[name], args=[limit, per_seconds]))
        except RedisError:
            self._ask_again = monotonic() + REST
            attempts.labels("unchecked").inc()
            return LET_THROUGH
        attempts.labels("refused" if wait else "allowed").inc()
        return Verdict(allowed=False, retry_after=wait / 1000) if wait else LET_THROUGH


class Unlimited:
    """For installations and tests that set `TRADEWIND_RATE_LIMITS=0`."""

    def allow(self, key: str, limit: int, per_seconds: int) -> Verdict:  # noqa: ARG002 - the port's names
        return LET_THROUGH

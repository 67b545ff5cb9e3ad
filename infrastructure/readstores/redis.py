"""Live counts in Redis: values and position share one hash slot and one script, so that every event counts once."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias, cast

import msgspec
import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from infrastructure.readstores import bookkeeping
from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from infrastructure.readstores.folding import folded, keyed
from infrastructure.readstores.store import Parked, Step, Superseded
from projections.ports import Unavailable
from projections.view import Count, Projection

Client: TypeAlias = redis.Redis

TAKE = """
local at = tonumber(redis.call('GET', KEYS[1]) or '0')
if at ~= tonumber(ARGV[1]) then return -1 end
for i = 3, #ARGV, 2 do
  local before = redis.call('HGET', KEYS[2], ARGV[i])
  if before then
    for _, group in ipairs(cjson.decode(before)) do
      if redis.call('HINCRBY', KEYS[3], group, -1) == 0 then redis.call('HDEL', KEYS[3], group) end
    end
  end
  local groups = cjson.decode(ARGV[i + 1])
  for _, group in ipairs(groups) do redis.call('HINCRBY', KEYS[3], group, 1) end
  if #groups > 0 then redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) else redis.call('HDEL', KEYS[2], ARGV[i]) end
end
redis.call('SET', KEYS[1], ARGV[2])
return 0
"""
"""Compares the position, then moves each thing from the groups it was in to those it is in now."""

_groups = msgspec.json.Decoder(tuple[str, ...])


def connect(url: str, *, timeout: float = 5.0, retries: int = 1) -> Client:
    """A client that gives up after `timeout` seconds; it asks a second time at once, since a connection may be an old one."""
    again = Retry(NoBackoff(), retries)
    return redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=again)  # pyright: ignore[reportUnknownMemberType]


class Keys(msgspec.Struct, frozen=True):
    """`state` holds each thing's groups, `counts` how many things are in each group."""

    position: str
    state: str
    counts: str


def keys(count: Count) -> Keys:
    slot = f"{{{count.name}:v{count.version}}}"
    return Keys(f"{slot}:position", f"{slot}:state", f"{slot}:counts")


@contextmanager
def reaching_redis() -> Generator[None]:
    try:
        yield
    except RedisError as error:
        raise Unavailable("redis") from error


class RedisStore:
    """Counts, with parked events and the positions that waiters look at in Postgres.

    The position that counts is in Redis, and is asked anew for every batch: when Redis comes back without its last second, values
    and position are of the same earlier moment.
    """

    def __init__(self, connection: Connection, client: Client) -> None:
        self._connection = connection
        self._client = client
        self._take = client.register_script(TAKE)

    def prepare(self, projection: Projection) -> None:
        _in_redis(projection)

    def positions(self, projections: Sequence[Projection]) -> Sequence[int]:
        with reaching_redis(), self._client.pipeline(transaction=False) as pipeline:
            for projection in projections:
                pipeline.get(keys(_in_redis(projection)).position)
            return [int(value or 0) for value in cast("list[bytes | None]", pipeline.execute())]

    def advance(self, projections: Sequence[Projection], after: int, upto: int) -> None:
        for projection in projections:
            self._run(_in_redis(projection), after, upto, {})
        with reaching_postgres():
            bookkeeping.show(self._connection, projections, upto)

    def apply(self, projection: Projection, step: Step) -> Sequence[Parked]:
        count = _in_redis(projection)
        these = keyed(count, step)
        stored: dict[Any, bytes] = {}
        if these.events:
            with reaching_redis():
                names = [str(key) for key in these.keys]
                values = cast("list[bytes | None]", self._client.hmget(keys(count).state, names))
            stored = {key: value for key, value in zip(these.keys, values, strict=True) if value is not None}
        after = folded(count, these, stored, lambda groups: () if groups is None else _groups.decode(groups))
        if after.parked:
            # Before the position moves: a worker that dies in between parks them again, which changes nothing.
            with reaching_postgres():
                bookkeeping.park(self._connection, count, after.parked)
        self._run(count, step.after, step.upto, {str(key): groups for key, (groups, _) in after.states.items()})
        with reaching_postgres():
            bookkeeping.show(self._connection, [count], step.upto, len(step.events))
        return after.parked

    def settle(self, projections: Sequence[Projection]) -> None:
        """A script's outcome is seen at once."""

    def _run(self, count: Count, after: int, upto: int, moved: Mapping[str, tuple[str, ...]]) -> None:
        here = keys(count)
        arguments: list[Any] = [after, upto]
        for key, groups in moved.items():
            # As Lua reads an empty array as an empty table, both ways are one.
            arguments += (key, msgspec.json.encode(groups))
        with reaching_redis():
            outcome = cast("int", self._take(keys=[here.position, here.state, here.counts], args=arguments))
        if outcome < 0:
            raise Superseded


class RedisCounts:
    """What queries read."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def read(self, count: Count) -> Mapping[str, int]:
        with reaching_redis():
            found = cast("dict[bytes, bytes]", self._client.hgetall(keys(count).counts))
        return {group.decode(): int(number) for group, number in sorted(found.items())}


def _in_redis(projection: Projection) -> Count:
    if not isinstance(projection, Count):
        raise TypeError(f"{projection.name} is not kept in Redis")
    return projection

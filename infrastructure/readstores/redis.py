"""Live counts in Redis: values and position share one hash slot and one script, so that every event counts once."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias, cast

import msgspec
import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from infrastructure.readstores.folding import folded, keyed
from infrastructure.readstores.generations.books import SERVED, Books, Building
from infrastructure.readstores.store import Parked, States, Step, Superseded
from projections.ports import Unavailable
from projections.view import Count, Projection

Client: TypeAlias = redis.Redis

TAKE = """
local at = tonumber(redis.call('GET', KEYS[1]) or '0')
if at ~= tonumber(ARGV[1]) then return -1 end
if ARGV[3] ~= '' and ARGV[3] ~= (redis.call('GET', KEYS[4]) or '0') then return -1 end
if ARGV[4] ~= '' and redis.call('SADD', KEYS[5], ARGV[4]) == 0 then return 0 end
if ARGV[5] ~= '' then redis.call('INCR', KEYS[4]) end
for i = 6, #ARGV, 2 do
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
"""Compares the position, then moves each thing from the groups it was in to those it is in now.

What was read before the script is from one edition of the read model: a switch to a rebuild and a restatement make the next, and
then nothing is taken that comes of the last. A parked event that is tried again is taken once, also when the answer is lost.
"""

_groups = msgspec.json.Decoder(tuple[str, ...])


def connect(url: str, *, timeout: float = 5.0, retries: int = 1) -> Client:
    """A client that gives up after `timeout` seconds; it asks a second time at once, since a connection may be an old one."""
    again = Retry(NoBackoff(), retries)
    return redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=again)  # pyright: ignore[reportUnknownMemberType]


class Keys(msgspec.Struct, frozen=True):
    """`state` holds each thing's groups, `counts` how many things are in each group; `again` parked events that were taken since."""

    position: str
    state: str
    counts: str
    edition: str
    again: str
    generation: str


def keys(count: Count, part: str = "") -> Keys:
    """All lie in one slot. `part` tells what is built (`g2:`) or was replaced (`replaced:`) from what is served."""
    slot = f"{{{count.name}:v{count.version}}}:{part}"
    return Keys(f"{slot}position", f"{slot}state", f"{slot}counts", f"{slot}edition", f"{slot}again", f"{slot}generation")


def built(generation: int) -> str:
    return f"g{generation}:"


REPLACED = "replaced:"

SWITCH = """
local generation = redis.call('GET', KEYS[1]) or '1'
if generation == ARGV[1] then return tonumber(redis.call('GET', KEYS[2]) or '0') end
local built = redis.call('GET', KEYS[6])
if not built or tonumber(generation) > tonumber(ARGV[1]) then return -1 end
if ARGV[2] == '' and tonumber(redis.call('GET', KEYS[2]) or '0') > tonumber(built) then return -1 end
for i = 2, 5 do
  redis.call('DEL', KEYS[i + 8])
  if redis.call('EXISTS', KEYS[i]) == 1 then redis.call('RENAME', KEYS[i], KEYS[i + 8]) end
  if redis.call('EXISTS', KEYS[i + 4]) == 1 then redis.call('RENAME', KEYS[i + 4], KEYS[i]) end
end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('INCR', KEYS[14])
return tonumber(built)
"""


def switch(client: Client, count: Count, generation: int, *, again: bool = False) -> int | None:
    """Serve what was built, in one script; return its position, None where it is not there or is behind what is served.

    `again` is for a switch that Redis has lost: it stands whatever the positions.
    """
    here, beside, kept = keys(count), keys(count, built(generation)), keys(count, REPLACED)
    names = [here.generation]
    for each in (here, beside, kept):
        names += (each.position, each.state, each.counts, each.again)
    outcome = cast("int", client.eval(SWITCH, len(names) + 1, *names, here.edition, generation, "1" if again else ""))
    return None if outcome < 0 else outcome


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

    def __init__(self, connection: Connection, client: Client, books: Books = SERVED) -> None:
        self._connection = connection
        self._client = client
        self._books = books
        self._part = built(books.number) if isinstance(books, Building) else ""
        self._take = client.register_script(TAKE)

    def prepare(self, projection: Projection) -> None:
        """Redis may have lost its last second, and with it a switch: what was built is still there then, and is switched to again."""
        count = in_redis(projection)
        if self._books is SERVED:
            with reaching_postgres():
                generation = self._books.generation(self._connection, count)
            with reaching_redis():
                switch(self._client, count, generation, again=True)

    def positions(self, projections: Sequence[Projection]) -> Sequence[int]:
        with reaching_redis(), self._client.pipeline(transaction=False) as pipeline:
            for projection in projections:
                pipeline.get(self._keys(in_redis(projection)).position)
            return [int(value or 0) for value in cast("list[bytes | None]", pipeline.execute())]

    def advance(self, projections: Sequence[Projection], after: int, upto: int) -> None:
        for projection in projections:
            self._run(in_redis(projection), after, upto, {})
        with reaching_postgres():
            self._books.show(self._connection, projections, upto)

    def apply(self, projection: Projection, step: Step) -> Sequence[Parked]:
        count = in_redis(projection)
        these = keyed(count, step)
        stored: dict[Any, bytes] = {}
        edition = b""
        if these.events:
            here = self._keys(count)
            with reaching_redis(), self._client.pipeline(transaction=False) as pipeline:
                pipeline.get(here.edition)
                pipeline.hmget(here.state, [str(key) for key in these.keys])
                edition, values = cast("tuple[bytes | None, list[bytes | None]]", pipeline.execute())
            edition = edition or b"0"
            stored = {key: value for key, value in zip(these.keys, values, strict=True) if value is not None}
        after = folded(count, these, stored, lambda groups: () if groups is None else _groups.decode(groups))
        if after.parked:
            # Before the position moves: a worker that dies in between parks them again, which changes nothing.
            with reaching_postgres(), self._connection.transaction():
                self._books.put_aside(self._connection, count, step, after.parked)
        moved = {str(key): groups for key, (groups, _) in after.states.items()}
        once = step.events[0].position if step.again and not after.parked else None
        self._run(count, step.after, step.upto, moved, edition, once=once)
        with reaching_postgres(), self._connection.transaction():
            self._books.show(self._connection, [count], step.upto, len(step.events))
            if once is not None:
                self._books.put_aside(self._connection, count, step, ())
        if once is not None:
            with reaching_redis():
                self._client.srem(self._keys(count).again, once)
        return after.parked

    def restate(self, projection: Projection, at: int, states: States) -> None:
        count = in_redis(projection)
        self._run(count, at, at, {str(key): groups or () for key, (groups, _) in states.items()}, changing=True)
        if self._books is SERVED and states:
            with reaching_redis():
                self._client.hdel(keys(count, REPLACED).state, *(str(key) for key in states))

    def settle(self, projections: Sequence[Projection]) -> None:
        """A script's outcome is seen at once."""

    def _keys(self, count: Count) -> Keys:
        return keys(count, self._part)

    def _run(
        self,
        count: Count,
        after: int,
        upto: int,
        moved: Mapping[str, tuple[str, ...]],
        edition: bytes = b"",
        *,
        once: int | None = None,
        changing: bool = False,
    ) -> None:
        here = self._keys(count)
        arguments: list[Any] = [after, upto, edition, "" if once is None else once, "1" if changing else ""]
        for key, groups in moved.items():
            # As Lua reads an empty array as an empty table, both ways are one.
            arguments += (key, msgspec.json.encode(groups))
        with reaching_redis():
            outcome = cast("int", self._take(keys=[here.position, here.state, here.counts, here.edition, here.again], args=arguments))
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


def in_redis(projection: Projection) -> Count:
    if not isinstance(projection, Count):
        raise TypeError(f"{projection.name} is not kept in Redis")
    return projection

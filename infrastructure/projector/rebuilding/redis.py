"""Building in Redis: keys of the same slot, which change names with the served ones in one script."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import cast

from infrastructure.projector.rebuilding import books
from infrastructure.projector.rebuilding.site import SHOWN, Bench, Comparison, Difference
from infrastructure.readstores.bookkeeping import reaching_postgres
from infrastructure.readstores.generations.books import Building
from infrastructure.readstores.redis import REPLACED, Client, RedisStore, built, in_redis, keys, reaching_redis, switch
from projections.view import Count, Projection

AT_ONCE = 1000

STILL = """
if (redis.call('GET', KEYS[1]) or '0') ~= (redis.call('GET', KEYS[2]) or '0') then return 0 end
for i = 3, 4 do
  redis.call('DEL', KEYS[i + 2])
  if redis.call('EXISTS', KEYS[i]) == 1 then redis.call('COPY', KEYS[i], KEYS[i + 2]) end
end
return 1
"""
"""A copy of what is served, made only where what is built stands at the same position."""


class RedisSite:
    """Counts, with the bookkeeping in Postgres."""

    def __init__(self, bench: Bench, generation: int, client: Client) -> None:
        self._connection = bench.served
        self._client = client
        self._generation = generation
        self._served = RedisStore(bench.served, client)
        self.store = RedisStore(bench.served, client, Building(generation, bench.schema))

    def begin(self, projection: Projection) -> None:
        self._remove(projection, built(self._generation))

    def finish(self, projection: Projection) -> None:
        """Nothing is left for the end."""

    def switch(self, projection: Projection) -> bool:
        with reaching_postgres(), self._connection.transaction():
            if books.wanted(self._connection, projection, self._generation) is None:
                return False
            return self._switch(projection)

    def _switch(self, projection: Projection) -> bool:
        """Redis first: whoever finds it switched, and the bookkeeping not, comes here again."""
        with reaching_redis():
            position = switch(self._client, in_redis(projection), self._generation)
        if position is not None:
            books.serve(self._connection, projection, self._generation, position)
        return position is not None

    @contextmanager
    def still(self, projection: Projection) -> Generator[int]:
        (served,) = self._served.positions([projection])
        yield served

    def compare(self, projection: Projection) -> Comparison | None:
        count = in_redis(projection)
        served, beside, copied = keys(count), keys(count, built(self._generation)), keys(count, self._copy)
        names = (served.position, beside.position, served.state, served.counts, copied.state, copied.counts)
        with reaching_redis():
            if not self._client.eval(STILL, len(names), *names):
                return None
            found = [*self._differing(copied.state, beside.state, "groups"), *self._differing(copied.counts, beside.counts, "count")]
            rows = self._client.hlen(beside.state) + self._client.hlen(beside.counts)
        (at,) = self.store.positions([projection])
        return Comparison(at, rows, len(found), found[:SHOWN])

    def clear(self, projection: Projection) -> None:
        count = in_redis(projection)
        with reaching_redis():
            switched = self._client.get(keys(count).generation) == str(self._generation).encode()
        if switched:  # it was called off when it was served already
            with reaching_postgres(), self._connection.transaction():
                self._switch(projection)
        self._remove(projection, built(self._generation))

    def drop(self, projection: Projection) -> None:
        self._remove(projection, REPLACED)

    @property
    def _copy(self) -> str:
        return f"{built(self._generation)}copy:"

    def _remove(self, projection: Projection, part: str) -> None:
        count = in_redis(projection)
        names = [name for each in (part, self._copy) for name in _kept(count, each)]
        with reaching_redis():
            self._client.unlink(*names)

    def _differing(self, served: str, beside: str, field: str) -> Sequence[Difference]:
        found: list[Difference] = []
        for page in self._pages(beside):
            for key, value, other in self._with(page, served):
                if other != value:
                    kind = "missing" if other is None else "differs"
                    found.append(Difference(field, key.decode(), kind, () if other is None else (field,)))
        for page in self._pages(served):
            found += [Difference(field, key.decode(), "extra") for key, _, other in self._with(page, beside) if other is None]
        return found

    def _pages(self, name: str) -> Iterator[Mapping[bytes, bytes]]:
        cursor = 0
        while True:
            cursor, page = cast("tuple[int, dict[bytes, bytes]]", self._client.hscan(name, cursor, count=AT_ONCE))
            yield page
            if cursor == 0:
                return

    def _with(self, page: Mapping[bytes, bytes], name: str) -> Iterator[tuple[bytes, bytes, bytes | None]]:
        others = cast("list[bytes | None]", self._client.hmget(name, list(page))) if page else []
        return zip(page.keys(), page.values(), others, strict=True)


def _kept(count: Count, part: str) -> Sequence[str]:
    here = keys(count, part)
    return here.position, here.state, here.counts, here.edition, here.again

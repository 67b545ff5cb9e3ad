"""A stand-in for Redis that knows the commands of the counting store, its scripts included, and may lose its last second."""

from collections.abc import Callable
from typing import Any, Self

import msgspec
from redis.exceptions import ConnectionError as RedisConnectionError

from infrastructure.readstores.redis import SWITCH, TAKE
from tests.simulation.stage import Stage


class SimulatedRedis:
    """Strings, hashes and sets under one roof. `forget` puts back what was last written to disk."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.values: dict[str, Any] = {}
        self._kept: dict[str, Any] = {}
        self.on_change: Callable[[], None] = lambda: None

    def save(self) -> None:
        self._kept = {key: dict(value) if isinstance(value, dict) else value for key, value in self.values.items()}

    def forget(self) -> None:
        """It was killed, and has lost what it had not written to disk."""
        self._stage.told("redis loses what it has not kept")
        self.values, self._kept = self._kept, {}
        self.save()

    # What the store asks

    def register_script(self, script: str) -> Callable[..., int]:
        if script != TAKE:
            raise NotImplementedError("the simulated Redis does not know this script")
        return self._take

    def eval(self, script: str, _count: int, *_names: Any) -> int:
        if script != SWITCH:
            raise NotImplementedError("the simulated Redis does not know this script")
        return 0  # nothing is rebuilt here

    def pipeline(self, *, transaction: bool) -> "Pipeline":  # noqa: ARG002
        return Pipeline(self)

    def get(self, key: str) -> bytes | None:
        value = self.values.get(key)
        return None if value is None else str(value).encode()

    def hmget(self, key: str, fields: list[str]) -> list[bytes | None]:
        return [self.values.get(key, {}).get(field) for field in fields]

    def srem(self, key: str, member: Any) -> None:
        self.reached()
        self.values[key] = self.values.get(key, frozenset[str]()) - {str(member)}

    def reached(self) -> None:
        self._stage.point("ask redis")
        if self._stage.strikes(self._stage.faults.refused):
            self._stage.told("redis cannot be reached")
            raise RedisConnectionError("away")

    def _answered(self) -> None:
        self._stage.point("redis has done it")
        if self._stage.strikes(self._stage.faults.lost):
            self._stage.told("the answer of redis is lost")
            raise RedisConnectionError("lost")

    def _take(self, keys: list[str], args: list[Any]) -> int:
        """As the script does, which nobody else's commands come between."""
        self.reached()
        position, state, counts, edition, again = keys
        after, upto, known, once, changing, *moved = args
        if int(self.values.get(position, 0)) != int(after):
            return -1
        if known not in ("", b"") and _text(known) != str(self.values.get(edition, 0)):
            return -1
        if once != "":
            taken = self.values.get(again, frozenset[str]())
            if str(once) in taken:
                return 0
            self.values[again] = taken | {str(once)}
        if changing != "":
            self.values[edition] = int(self.values.get(edition, 0)) + 1
        states, numbers = dict(self.values.get(state, {})), dict(self.values.get(counts, {}))
        for key, groups in zip(moved[::2], moved[1::2], strict=True):
            self._move(states, numbers, key, groups)
        self.values.update({state: states, counts: numbers, position: int(upto)})
        self.on_change()
        self._answered()
        return 0

    @staticmethod
    def _move(states: dict[str, bytes], numbers: dict[str, int], key: str, groups: bytes) -> None:
        for group in msgspec.json.decode(states.pop(key, b"[]")):
            numbers[group] -= 1
            if not numbers[group]:
                del numbers[group]
        found = msgspec.json.decode(groups)
        for group in found:
            numbers[group] = numbers.get(group, 0) + 1
        if found:
            states[key] = groups


class Pipeline:
    def __init__(self, redis: SimulatedRedis) -> None:
        self._redis = redis
        self._asked: list[Callable[[], Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing is held."""

    def get(self, key: str) -> None:
        self._asked.append(lambda: self._redis.get(key))

    def hmget(self, key: str, fields: list[str]) -> None:
        self._asked.append(lambda: self._redis.hmget(key, fields))

    def execute(self) -> list[Any]:
        self._redis.reached()
        return [ask() for ask in self._asked]


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)

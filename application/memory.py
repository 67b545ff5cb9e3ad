"""What streams came to when this process last changed them: a guess at their state, which the append confirms or refutes."""

from collections import OrderedDict
from threading import Lock
from time import monotonic
from typing import Any
from uuid import UUID

from msgspec import Struct

from domain.decider import Decider

STREAMS = 4_096
SECONDS = 30.0
"""Short, because a state holds personal data in clear: what is forgotten everywhere else must not be kept here."""


class Remembered(Struct, frozen=True):
    decider: Decider[Any, Any, Any]
    version: int
    state: Any
    until: float


class Memory:
    """At most so many streams, those not used longest forgotten first."""

    def __init__(self, streams: int = STREAMS, seconds: float = SECONDS) -> None:
        self._streams = streams
        self._seconds = seconds
        self._lock = Lock()
        self._known: OrderedDict[UUID, Remembered] = OrderedDict()

    def recall(self, stream: UUID, decider: Decider[Any, Any, Any]) -> Remembered | None:
        known = self._known.get(stream)
        if known is None or known.decider is not decider or known.until < monotonic():
            return None
        return known

    def keep(self, stream: UUID, decider: Decider[Any, Any, Any], version: int, state: Any) -> None:
        with self._lock:
            known = self._known.get(stream)
            if known is not None and known.version > version:
                return  # another thread has gone further meanwhile
            self._known[stream] = Remembered(decider, version, state, monotonic() + self._seconds)
            self._known.move_to_end(stream)
            if len(self._known) > self._streams:
                self._known.popitem(last=False)

    def forget(self, stream: UUID) -> None:
        with self._lock:
            self._known.pop(stream, None)

    def clear(self) -> None:
        """Somebody was erased: what he is in is not known here, so nothing stays."""
        with self._lock:
            self._known.clear()

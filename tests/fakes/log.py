"""A log in memory, for tests of what follows the log."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from domain.recorded import Recorded
from domain.values import Value
from projections.ports import Batch


class FakeLog:
    """Positions go up by two, since real ones have gaps. `held` keeps readers below an append that is still open."""

    def __init__(self) -> None:
        self.events: list[Recorded[Any]] = []
        self.held: int | None = None

    def add(self, stream: UUID, *events: Value) -> int:
        for event in events:
            position = self.events[-1].position + 2 if self.events else 2
            version = sum(each.stream == stream for each in self.events) + 1
            event_id = uuid5(NAMESPACE_OID, str(position))
            type_ = f"toys.{type(event).__name__}"
            self.events.append(
                Recorded(event, type_, 1, event_id, stream, version, position, datetime.now(UTC), event_id, event_id, event_id, None)
            )
        return self.stable()

    def stable(self) -> int:
        return self.held if self.held is not None else self.events[-1].position if self.events else 1

    def read(self, after: int, limit: int, types: Sequence[type[Value]] = ()) -> Batch:
        wanted = set(types)
        stable = self.stable()
        found = [each for each in self.events if after < each.position <= stable and (not wanted or type(each.event) in wanted)]
        return Batch(found[:limit], found[limit - 1].position if len(found) >= limit else stable)

    def stream(self, stream: UUID, upto_version: int | None = None) -> Sequence[Recorded[Any]]:
        return [each for each in self.events if each.stream == stream and (upto_version is None or each.version <= upto_version)]

    def event(self, stream: UUID, version: int) -> Recorded[Any]:
        return self.stream(stream)[version - 1]

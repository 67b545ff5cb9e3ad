"""The command side's log in memory: streams, earlier results and conflicts on demand."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from application.ports import Change, CommandReused, Conflict, Loaded, Meta, Result, Row, Snapshot, Unavailable
from domain.recorded import Recorded

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class FakeHistory:
    """`conflicts` lets that many appends fail as if another had come first; `lost` loses that many answers after writing.

    `loads` counts loads, `read` the events that the last one gave.
    """

    def __init__(self) -> None:
        self.streams: dict[UUID, list[Recorded[Any]]] = {}
        self.results: dict[UUID, tuple[bytes, Sequence[Result]]] = {}
        self.rows: list[Row] = []
        self.held: list[Sequence[UUID]] = []
        self.position = 1
        self.conflicts = 0
        self.lost = 0
        self.loads = self.read = 0

    def load(
        self,
        streams: Sequence[UUID],
        command_id: UUID,
        fingerprint: bytes = b"",
        kinds: Sequence[str] = (),  # noqa: ARG002 - it keeps no snapshots
        known: Mapping[UUID, Snapshot] = {},
    ) -> Loaded:
        self.loads += 1
        asked, before = self.results.get(command_id, (b"", ()))
        if before and fingerprint and asked != fingerprint:
            raise CommandReused
        wanted = {*streams, *(result.stream for result in before)}
        after = {} if before else {stream: each.version for stream, each in known.items()}
        found = {stream: self.streams.get(stream, [])[after.get(stream, 0) :] for stream in wanted}
        self.read = sum(map(len, found.values()))
        return Loaded(found, before, known if after else {})

    def append(self, changes: Sequence[Change], meta: Meta, rows: Sequence[Row] = ()) -> list[Result]:
        if self.conflicts:
            self.conflicts -= 1
            raise Conflict
        if meta.command_id in self.results or any(len(self.streams.get(each.stream, ())) != each.version for each in changes):
            raise Conflict
        results = [self._write(change, meta) for change in changes]
        self.rows.extend(rows)
        self.results[meta.command_id] = (meta.fingerprint, results)
        if self.lost:
            self.lost -= 1
            raise Unavailable("postgres")
        return results

    def _write(self, change: Change, meta: Meta) -> Result:
        stream = self.streams.setdefault(change.stream, [])
        for event in change.events:
            self.position += 1
            event_id = uuid5(meta.command_id, str(self.position))
            stream.append(
                Recorded(
                    event,
                    f"toys.{type(event).__name__}",
                    1,
                    event_id,
                    change.stream,
                    len(stream) + 1,
                    self.position,
                    NOON,
                    meta.actor,
                    meta.command_id,
                    meta.correlation_id,
                    meta.causation_id,
                )
            )
        return Result(change.stream, len(stream), stream[-1].position if stream else 0)

    @contextmanager
    def locked(self, streams: Sequence[UUID]) -> Generator["FakeHistory"]:
        self.held.append(streams)
        yield self

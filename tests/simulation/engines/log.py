"""The log, in memory: it gives positions before it commits, as the real one does, and readers stop at what is stable."""

from bisect import bisect_right, insort
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any
from uuid import UUID

from application.ports import Change, CommandReused, Conflict, Loaded, Meta, Result, Row, Snapshot, Unavailable
from application.rows import Release, Reserve
from domain.decider import Rejected
from domain.recorded import Recorded
from domain.values import Value
from infrastructure.eventlog.mapper import stable_name
from projections.ports import Batch
from tests.simulation.stage import Stage

NOTHING: Mapping[UUID, Snapshot] = {}


class Open:
    """A transaction that has appended, and has not committed."""

    def __init__(self, floor: int) -> None:
        self.floor = floor
        self.events: list[Recorded[Any]] = []
        self.commands: dict[UUID, tuple[bytes, list[Result]]] = {}
        self.rows: list[Row] = []


class SimulatedLog:
    """`EventLog`, `LogReader`, `History` and `Snapshots`. `on_commit` is told of what has become visible."""

    def __init__(self, stage: Stage, on_commit: Callable[[Sequence[Recorded[Any]]], None]) -> None:
        self._stage = stage
        self._on_commit = on_commit
        self.events: list[Recorded[Any]] = []
        self.streams: dict[UUID, list[Recorded[Any]]] = {}
        self.commands: dict[UUID, tuple[bytes, list[Result]]] = {}
        self.reserved: dict[tuple[str, bytes], UUID] = {}
        self.snapshots: dict[UUID, Snapshot] = {}
        self.last = 1
        self._open: list[Open] = []
        self._held: set[UUID] = set()

    # As commands see it

    def load(
        self,
        streams: Sequence[UUID],
        command_id: UUID,
        fingerprint: bytes = b"",
        kinds: Sequence[str] = (),
        known: Mapping[UUID, Snapshot] = NOTHING,
    ) -> Loaded:
        self._stage.point("load")
        self._away()
        asked, before = self.commands.get(command_id, (b"", []))
        if before and fingerprint and asked != fingerprint:
            raise CommandReused(str(command_id))
        begun = dict(known)
        for stream in streams:
            kept = self.snapshots.get(stream)
            if kept and kept.kind in kinds and (stream not in begun or begun[stream].version < kept.version):
                begun[stream] = kept
        if any(each.stream not in streams or (each.stream in begun and begun[each.stream].version > each.version) for each in before):
            begun = {}
        wanted = {*streams, *(each.stream for each in before)}
        return Loaded({each: self._since(each, begun) for each in wanted}, before, begun)

    def _since(self, stream: UUID, begun: Mapping[UUID, Snapshot]) -> list[Recorded[Any]]:
        return self.streams.get(stream, [])[begun[stream].version if stream in begun else 0 :]

    def append(self, changes: Sequence[Change], meta: Meta, rows: Sequence[Row] = ()) -> list[Result]:
        with self._transaction() as transaction:
            return self.insert(transaction, changes, meta, rows)

    @contextmanager
    def locked(self, streams: Sequence[UUID]) -> Generator["Held"]:
        self._stage.point("lock")
        self._stage.until(lambda: self._held.isdisjoint(streams), "streams that others have locked")
        self._held.update(streams)
        try:
            with self._transaction() as transaction:
                yield Held(self, transaction)
        finally:
            self._held.difference_update(streams)

    @contextmanager
    def _transaction(self) -> Generator[Open]:
        transaction = Open(self.last)
        try:
            yield transaction
            self._stage.point("commit")
            self._away()
            self._commit(transaction)
        finally:
            if transaction in self._open:
                self._open.remove(transaction)
        self._stage.point("committed")
        if self._stage.strikes(self._stage.faults.lost):
            self._stage.told("the answer is lost")
            raise Unavailable("postgres")

    def _away(self) -> None:
        if self._stage.strikes(self._stage.faults.refused):
            self._stage.told("the log cannot be reached")
            raise Unavailable("postgres")

    def insert(self, transaction: Open, changes: Sequence[Change], meta: Meta, rows: Sequence[Row]) -> list[Result]:
        """Draw positions, and meet whoever appends to the same streams, or by the same command."""
        transaction.floor = self.last
        self._open.append(transaction)
        self._stage.point("append")
        places = {(change.stream, change.version + number) for change in changes for number in range(1, len(change.events) + 1)}
        first = self.last + 1
        self.last += len(places)
        self._stage.until(lambda: not self._contested(transaction, places, meta.command_id), "another append to the same streams")
        if meta.command_id in self.commands or any(len(self.streams.get(stream, ())) >= version for stream, version in places):
            raise Conflict
        for row in rows:
            if isinstance(row, Reserve) and self.reserved.get((row.space, row.value), row.owner) != row.owner:
                raise Rejected(f"{row.space}_taken")
        transaction.rows += rows
        results: list[Result] = []
        for change in changes:
            for version, event in enumerate(change.events, change.version + 1):
                transaction.events.append(self._recorded(change.stream, version, first, event, meta))
                first += 1
            results.append(self._result(change, transaction))
        transaction.commands[meta.command_id] = (meta.fingerprint, results)
        return results

    def _contested(self, mine: Open, places: set[tuple[UUID, int]], command_id: UUID) -> bool:
        for each in self._open:
            if each is not mine and (command_id in each.commands or any((e.stream, e.version) in places for e in each.events)):
                return True
        return False

    def _recorded(self, stream: UUID, version: int, position: int, event: Value, meta: Meta) -> Recorded[Any]:
        event_id = UUID(int=self._stage.random.getrandbits(128), version=4)
        return Recorded(
            event,
            stable_name(type(event)),
            getattr(event, "schema", 1),
            event_id,
            stream,
            version,
            position,
            self._stage.now,
            meta.actor,
            meta.command_id,
            meta.correlation_id,
            meta.causation_id,
        )

    def _result(self, change: Change, transaction: Open) -> Result:
        if change.events:
            return Result(change.stream, change.version + len(change.events), transaction.events[-1].position)
        known = self.streams.get(change.stream, ())
        return Result(change.stream, change.version, known[change.version - 1].position if change.version else 0)

    def _commit(self, transaction: Open) -> None:
        for each in transaction.events:
            self.streams.setdefault(each.stream, []).append(each)
            insort(self.events, each, key=attrgetter("position"))
        self.commands.update(transaction.commands)
        for row in transaction.rows:
            match row:
                case Reserve():
                    self.reserved[row.space, row.value] = row.owner
                case Release():
                    if self.reserved.get((row.space, row.value)) == row.owner:
                        del self.reserved[row.space, row.value]
                case _:
                    pass  # what other tables hold, nobody asks for here
        self._on_commit(transaction.events)

    # As everything that follows it sees it

    def stable(self) -> int:
        return min([self.last, *(each.floor for each in self._open)])

    def read(self, after: int, limit: int, types: Sequence[type[Value]] = ()) -> Batch:
        self._stage.point(f"read after {after}")
        self._away()
        stable, under_way = self.stable(), bool(self._open)
        if stable <= after:
            return Batch((), after, under_way)
        self._stage.point(f"up to {stable}")
        wanted = set(types)
        found: list[Recorded[Any]] = []
        for each in self.after(after):
            if each.position > stable or len(found) == limit:
                break
            if not wanted or type(each.event) in wanted:
                found.append(each)
        return Batch(found, found[-1].position if len(found) == limit else stable, under_way)

    def after(self, position: int) -> Iterable[Recorded[Any]]:
        return self.events[bisect_right(self.events, position, key=attrgetter("position")) :]

    def stream(self, stream: UUID, upto_version: int | None = None) -> Sequence[Recorded[Any]]:
        self._stage.point("read a stream")
        return self.streams.get(stream, [])[:upto_version]

    def event(self, stream: UUID, version: int) -> Recorded[Any]:
        self._stage.point("read an event")
        self._away()
        return self.streams[stream][version - 1]

    def keep(self, stream: UUID, snapshot: Snapshot) -> None:
        self._stage.point("keep a snapshot")
        kept = self.snapshots.get(stream)
        if kept is None or kept.version < snapshot.version:
            self.snapshots[stream] = snapshot


class Held:
    """The log in one transaction: what is appended is everybody's when it commits."""

    def __init__(self, log: SimulatedLog, transaction: Open) -> None:
        self._log = log
        self._transaction = transaction
        self.load = log.load

    def append(self, changes: Sequence[Change], meta: Meta, rows: Sequence[Row] = ()) -> list[Result]:
        return self._log.insert(self._transaction, changes, meta, rows)

    @contextmanager
    def locked(self, streams: Sequence[UUID]) -> Generator["Held"]:  # noqa: ARG002 - they are held already
        yield self

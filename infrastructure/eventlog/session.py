"""Loads and appends on one connection."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import Any
from uuid import UUID

import psycopg
import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct
from msgspec.structs import asdict
from uuid_utils.compat import uuid7

from application.ports import Change, CommandReused, Loaded, Meta, Result, Row, Snapshot
from domain.recorded import Recorded
from infrastructure.eventlog import statements
from infrastructure.eventlog.library.history import History
from infrastructure.eventlog.mapper import Fact, StoredFact
from infrastructure.eventlog.outcomes import translated
from infrastructure.eventlog.rows import RowStatements
from infrastructure.eventlog.snapshots import Row as KeptRow
from infrastructure.eventlog.snapshots import SnapshotForms, Unreadable
from infrastructure.keys import NewKey, PersonalKeys
from infrastructure.postgres import Direct

Connection = psycopg.Connection[Any]
Stored = tuple[int, UUID, int, str, int, UUID, bytes, UUID, UUID, UUID, UUID | None, Any]
"""A row of `statements.COLUMNS`."""


LOAD = Direct(b"load", statements.LOAD, statements.LOAD_TYPES)
LOAD_ON = Direct(b"load_on", statements.LOAD_ON, statements.LOAD_ON_TYPES)

NOTHING: Mapping[UUID, Snapshot] = {}

logger = structlog.get_logger(__name__)

HEAVY = 32 * 1024
"""Bytes of one value."""


class Parts(Struct, frozen=True):
    """What every session of a log shares."""

    history: History
    keys: PersonalKeys
    rows: RowStatements
    snapshots: SnapshotForms


class Session:
    """The log on one connection; within a transaction (`held`) it opens none of its own."""

    def __init__(self, parts: Parts, connection: Connection, *, held: bool = False) -> None:
        self.parts = parts
        self.connection = connection
        self.held = held
        self.last = 0

    def load(
        self,
        streams: Sequence[UUID],
        command_id: UUID,
        fingerprint: bytes = b"",
        kinds: Sequence[str] = (),
        known: Mapping[UUID, Snapshot] = NOTHING,
    ) -> Loaded:
        schemas = self.parts.snapshots.schemas(kinds)
        if schemas or known:
            after = [known[stream].version if stream in known else 0 for stream in streams]
            with translated(), suppress(Unreadable):
                loaded = self._loaded(streams, self._rows(LOAD_ON, [streams, after, schemas, command_id]), fingerprint, known)
                if all(result.stream in streams and begin(loaded, result.stream) <= result.version for result in loaded.before):
                    return loaded
        with translated():
            return self._loaded(streams, self._rows(LOAD, [command_id, streams]), fingerprint, NOTHING)

    def _rows(self, statement: Direct, values: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        if self.held:
            return self.connection.execute(statement.text, values, prepare=True, binary=True).fetchall()
        return statement.rows(self.connection, values)

    def _loaded(
        self, streams: Sequence[UUID], rows: Sequence[tuple[Any, ...]], fingerprint: bytes, known: Mapping[UUID, Snapshot]
    ) -> Loaded:
        """Raises `Unreadable` where a snapshot is."""
        stored: list[Stored] = []
        kept: list[KeptRow] = []
        before: list[tuple[int, Result]] = []
        for row in rows:
            ordinal = row[0]
            if ordinal is None:
                stored.append(row[1:])
            elif ordinal == -1:
                self.parts.keys.seen(row[1])
            elif ordinal == -2:
                kept.append((row[2], row[3], row[6], row[7]))
            else:
                if fingerprint and row[7] != fingerprint:
                    raise CommandReused(str(row[2]))
                before.append((ordinal, Result(row[2], row[3], row[1])))
        found: dict[UUID, list[Recorded[Any]]] = {stream: [] for stream in streams}
        for each in self.recorded(stored):
            found.setdefault(each.stream, []).append(each)
        for events in found.values():
            events.sort(key=_version)
        return Loaded(found, [result for _, result in sorted(before)], {**known, **self._snapshots(kept)} if kept else known)

    def _snapshots(self, rows: Sequence[KeptRow]) -> dict[UUID, Snapshot]:
        forms = self.parts.snapshots
        subjects = forms.subjects(rows)
        ring = self.parts.keys.for_reading(self.connection, subjects) if subjects else {}
        return {row[0]: forms.read(row, ring) for row in rows}

    def keep(self, stream: UUID, snapshot: Snapshot) -> None:
        form = self.parts.snapshots.of(snapshot.kind)
        keys: Mapping[UUID, AESGCM | None] = {}
        with translated():
            if form.personal:
                values = [stream, snapshot.version, form.personal]
                told = self.connection.execute(statements.PERSONAL_EVENTS, values, binary=True).fetchall()
                subjects = self.parts.history.mapper.subjects_in(told)
                keys = dict.fromkeys(subjects) | self.parts.keys.for_reading(self.connection, subjects)
            try:
                stored = self.parts.snapshots.written(stream, snapshot, keys)
            except Unreadable as reason:
                logger.warning("no snapshot is kept", stream=str(stream), kind=snapshot.kind, reason=str(reason))
                return
            self.connection.execute(statements.KEEP_SNAPSHOT, [stream, snapshot.kind, snapshot.version, form.schema, stored])

    def append(self, changes: Sequence[Change], meta: Meta, rows: Sequence[Row] = ()) -> list[Result]:
        with translated():
            events, new = self._stored(changes)
            results = [(change.stream, change.version + len(change.events)) for change in changes]
            if rows or new:
                positions = self._append_with_rows(events, meta, results, rows, new)
            else:
                positions = self.parts.history.recorder.append(self.connection, events, meta, results).results
        self.last = max(positions, default=0) if events else 0
        return [Result(stream, version, position) for (stream, version), position in zip(results, positions, strict=True)]

    @contextmanager
    def locked(self, streams: Sequence[UUID]) -> Generator["Session"]:
        """Take one advisory lock per stream, in an order common to all, then go on in the same transaction."""
        keys = sorted({_lock_key(stream) for stream in streams})
        with translated(), self.connection.transaction():
            self.connection.execute(statements.LOCK_STREAMS, [[first for first, _ in keys], [second for _, second in keys]], prepare=True)
            yield Session(self.parts, self.connection, held=True)

    def recorded(self, rows: Sequence[Stored]) -> Iterator[Recorded[Any]]:
        """Decode rows; the keys of all persons in them are fetched together, in at most one statement."""
        mapper = self.parts.history.mapper
        subjects = mapper.subjects_in((row[3], row[6]) for row in rows)
        ring = self.parts.keys.for_reading(self.connection, subjects) if subjects else {}
        for position, stream, version, name, schema, event_id, data, actor, command, correlation, causation, at in rows:
            yield Recorded(
                event=mapper.decode(name, schema, data, event_id, ring),
                type=name,
                schema=schema,
                event_id=event_id,
                stream=stream,
                version=version,
                position=position,
                recorded_at=at,
                actor=actor,
                command_id=command,
                correlation_id=correlation,
                causation_id=causation,
            )

    def _stored(self, changes: Sequence[Change]) -> tuple[list[StoredFact], Sequence[NewKey]]:
        mapper = self.parts.history.mapper
        subjects = mapper.subjects_of(event for change in changes for event in change.events)
        ring = self.parts.keys.for_writing(self.connection, subjects) if subjects else None
        keys = ring.keys if ring else {}
        facts = [
            mapper.to_stored_event(Fact(change.stream, version, change.decider.name, uuid7(), event), keys)
            for change in changes
            for version, event in enumerate(change.events, change.version + 1)
        ]
        return facts, ring.new if ring else ()

    def _append_with_rows(
        self,
        events: Sequence[StoredFact],
        meta: Meta,
        results: Sequence[tuple[UUID, int]],
        rows: Sequence[Row],
        new: Sequence[NewKey],
    ) -> Sequence[int]:
        """Events before rows: a command that runs twice at a time then meets itself, and not its own reservation."""
        piped = nullcontext() if any(map(_heavy, rows)) else self.connection.pipeline()
        with piped as pipeline, nullcontext() if self.held else self.connection.transaction():
            for key in new:
                self.connection.execute(statements.INSERT_KEY, [key.subject, key.wrapped], prepare=True)
            positions = self.parts.history.recorder.append(self.connection, events, meta, results).results
            for row in rows:
                self.connection.execute(self.parts.rows[type(row)], asdict(row))
            if pipeline is not None:
                pipeline.sync()  # what fails, fails before the commit is sent
        return positions


def _heavy(row: Row) -> bool:
    """Whether a row could fill the socket's buffer: psycopg's pipeline then waits for an answer to what it has not sent wholly."""
    return any(isinstance(value, bytes) and len(value) > HEAVY for value in asdict(row).values())


def begin(loaded: Loaded, stream: UUID) -> int:
    """The version that the events loaded of a stream go on from."""
    return loaded.snapshots[stream].version if stream in loaded.snapshots else 0


def _version(recorded: Recorded[Any]) -> int:
    return recorded.version


def _lock_key(stream: UUID) -> tuple[int, int]:
    """The second half of the id, which is random in a UUIDv7, as two signed integers."""
    low = stream.bytes[8:]
    return int.from_bytes(low[:4], "big", signed=True), int.from_bytes(low[4:], "big", signed=True)

"""The event log in Postgres, as commands write it and as everything that follows reads it."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, TypeVar
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.ports import Change, Loaded, Meta, Result, Row, Snapshot
from domain.decider import Decider
from domain.recorded import Recorded
from domain.values import Value
from infrastructure.eventlog import statements
from infrastructure.eventlog.library.history import History
from infrastructure.eventlog.mapper import Upcasters
from infrastructure.eventlog.outcomes import LogUnavailable, translated
from infrastructure.eventlog.rows import ROWS, RowStatements
from infrastructure.eventlog.session import NOTHING, Parts, Session
from infrastructure.eventlog.snapshots import SnapshotForms
from infrastructure.keys import PersonalKeys
from projections.ports import Batch

T = TypeVar("T")

LAST_VERSION = 2**63 - 1


def unheard(_position: int) -> None:
    """Nobody is told of commits; readers poll."""


class PostgresLog:
    """`application.ports.EventLog` and `projections.ports.LogReader` over one pool of connections in autocommit."""

    def __init__(
        self,
        pool: ConnectionPool[Any],
        deciders: Iterable[Decider[Any, Any, Any]],
        keys: PersonalKeys,
        rows: RowStatements = ROWS,
        on_commit: Callable[[int], None] = unheard,
        *,
        upcasters: Upcasters | None = None,
    ) -> None:
        """`on_commit` is called with the last position after every commit of events, outside the transaction."""
        known = tuple(deciders)
        self.pool = pool
        self.history = History(pool, known, upcasters)
        self.on_commit = on_commit
        self._parts = Parts(self.history, keys, rows, SnapshotForms(known))

    def load(
        self,
        streams: Sequence[UUID],
        command_id: UUID,
        fingerprint: bytes = b"",
        kinds: Sequence[str] = (),
        known: Mapping[UUID, Snapshot] = NOTHING,
    ) -> Loaded:
        return self._reading(lambda session: session.load(streams, command_id, fingerprint, kinds, known))

    def keep(self, stream: UUID, snapshot: Snapshot) -> None:
        with self._session() as session:
            session.keep(stream, snapshot)

    def append(self, changes: Sequence[Change], meta: Meta, rows: Sequence[Row] = ()) -> list[Result]:
        with self._session() as session:
            results = session.append(changes, meta, rows)
        self._committed(session)
        return results

    @contextmanager
    def locked(self, streams: Sequence[UUID]) -> Generator[Session]:
        with self._session() as session, session.locked(streams) as held:
            yield held
        self._committed(held)

    def stable(self) -> int:
        return self._reading(lambda session: self._stable(session)[0])

    def read(self, after: int, limit: int, types: Sequence[type[Value]] = ()) -> Batch:
        return self._reading(lambda session: self._read(session, after, limit, types))

    def stream(self, stream: UUID, upto_version: int | None = None) -> Sequence[Recorded[Any]]:
        bound = LAST_VERSION if upto_version is None else upto_version
        return self._reading(lambda session: self._read_stream(session, stream, bound))

    def at(self, positions: Sequence[int]) -> Sequence[Recorded[Any]]:
        """The events at these positions, in their order, those of persons erased meanwhile without what was personal."""
        return self._reading(lambda session: self._read_at(session, positions))

    def event(self, stream: UUID, version: int) -> Recorded[Any]:
        (found,) = self._reading(lambda session: self._read_stream(session, stream, version, after=version - 1))
        return found

    def _read_stream(self, session: Session, stream: UUID, bound: int, after: int = 0) -> Sequence[Recorded[Any]]:
        self._stable(session)  # tells of erased keys, which a process that only reads streams would remember for ever
        return self._select(session, statements.READ_STREAM, [stream, after, bound])

    def _read_at(self, session: Session, positions: Sequence[int]) -> Sequence[Recorded[Any]]:
        self._stable(session)
        return self._select(session, statements.READ_AT, [list(positions)])

    def _stable(self, session: Session) -> tuple[int, int]:
        """The stable position, and the last that was drawn."""
        stable, epoch, drawn = session.connection.execute(statements.STABLE, prepare=True, binary=True).fetchall()[0]
        self._parts.keys.seen(epoch)
        return stable, drawn

    def _read(self, session: Session, after: int, limit: int, types: Sequence[type[Value]]) -> Batch:
        stable, drawn = self._stable(session)
        if stable <= after:
            return Batch((), after, drawn > stable)
        if types:
            names = [self.history.mapper.name(each) for each in types]
            events = self._select(session, statements.READ_TYPES, [after, stable, names, limit])
        else:
            events = self._select(session, statements.READ, [after, stable, limit])
        return Batch(events, events[-1].position if len(events) == limit else stable, drawn > stable)

    def _select(self, session: Session, statement: LiteralString, values: Sequence[Any]) -> Sequence[Recorded[Any]]:
        rows = session.connection.execute(statement, values, prepare=True, binary=True).fetchall()
        return list(session.recorded(rows))

    def _reading(self, read: Callable[[Session], T]) -> T:
        """Read, and once more where the pool's connections turn out to be dead, as after a restart of Postgres."""
        try:
            with self._session() as session:
                return read(session)
        except LogUnavailable:
            self.pool.check()
            with self._session() as session:
                return read(session)

    @contextmanager
    def _session(self) -> Generator[Session]:
        with translated(), self.pool.connection() as connection:
            yield Session(self._parts, connection)

    def _committed(self, session: Session) -> None:
        if session.last:
            self.on_commit(session.last)

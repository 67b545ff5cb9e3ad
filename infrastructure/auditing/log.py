"""The log as auditors read it: by its indexes, in pages, with personal fields masked and no keys at hand."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.effects.effect import Reaction
from domain.decider import Decider
from domain.values import ERASED
from infrastructure.auditing.causes import Tracing
from infrastructure.auditing.differences import differences
from infrastructure.eventlog.mapper import EventMapper, stable_name
from infrastructure.eventlog.personal import personal_fields
from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from projections.audit import MASK, Causes, Difference, Entry, Moment, Point, Sought, Step, StreamState

MARGIN = timedelta(days=1)
"""How far time and position may disagree: longer than any append takes, and further than a clock is likely to be set back. What an
event of the log shows its moment to be then bounds the moments of all before it, and of all behind it."""

PATIENCE = 2.0
"""Seconds to wait for a connection."""

MASK_JSON = Raw(msgspec.json.encode(MASK))
ERASED_FORM: object = msgspec.to_builtins(ERASED)

SELECT = """
SELECT position, stream, version, kind, type, schema, event_id, actor, command_id, correlation_id, causation_id, recorded_at, data
FROM events
"""

BOUNDS = """
SELECT greatest(%(after)s::bigint, position_around(%(since)s::timestamptz - %(margin)s::interval)),
       least(stable_position(), %(upto)s::bigint, position_around(%(until)s::timestamptz + %(margin)s::interval))
"""

CONDITIONS: Mapping[str, str] = {
    "type": "type = %(type)s",
    "types": "type = ANY(%(types)s)",
    "actor": "actor = %(actor)s",
    "correlation": "correlation_id = %(correlation)s",
    "stream": "stream = %(stream)s",
    "since": "recorded_at >= %(since)s",
    "until": "recorded_at < %(until)s",
}


UPTO = f"""{SELECT} WHERE stream = %(stream)s AND version <= coalesce(%(version)s::bigint, %(last)s)
    AND position <= coalesce(%(position)s::bigint, %(last)s) AND version < coalesce(
        (SELECT min(version) FROM events WHERE stream = %(stream)s AND recorded_at > %(at)s::timestamptz), %(last)s)
    ORDER BY version"""  # noqa: S608 - put together from constants of this module
"""The clock may have been set back between two events: a stream's history up to a moment has no gaps."""

LAST = 2**63 - 1
"""Greater than any position and any version."""

STEPS = 1000
"""How many events between two points are listed."""


class PostgresAudit:
    """`pool` gives autocommit connections; `deciders` tell the kinds of streams and the events there are."""

    def __init__(
        self,
        pool: ConnectionPool[Connection],
        deciders: Iterable[Decider[Any, Any, Any]],
        mapper: EventMapper,
        reactions: Iterable[Reaction[Any]] = (),
    ) -> None:
        self._pool = pool
        self._tracing = Tracing(reactions, mapper)
        self._deciders = {each.name: each for each in deciders}
        self._mapper = mapper
        self._personal = {
            stable_name(event): [field.stored for field in personal_fields(event)]
            for decider in self._deciders.values()
            for event in decider.events
        }

    def events(self, sought: Sought, limit: int) -> Sequence[Entry]:
        return [self._masked(each) for each in self.stored(sought, limit)]

    def stored(self, sought: Sought, limit: int) -> Sequence[Entry]:
        """The same with the bytes as they stand on the log."""
        asked = msgspec.structs.asdict(sought)
        conditions = [text for name, text in CONDITIONS.items() if asked[name] is not None]
        query = f"{SELECT} WHERE position > %(low)s AND position <= %(high)s"
        query = " AND ".join([query, *conditions]) + " ORDER BY position LIMIT %(limit)s"
        with self._connection() as connection:
            # The stable position first, in a statement of its own: what it covers must be visible to the next.
            bounds = connection.execute(BOUNDS, {**asked, "margin": MARGIN}).fetchone()
            low, high = bounds or (0, 0)
            with connection.cursor(row_factory=class_row(Entry)) as cursor:
                return cursor.execute(query.encode(), {**asked, "low": low, "high": high, "limit": limit}).fetchall()

    def stream(self, stream: UUID, after: int, limit: int) -> Sequence[Entry]:
        query = f"{SELECT} WHERE stream = %s AND version > %s ORDER BY version LIMIT %s"
        with self._connection() as connection, connection.cursor(row_factory=class_row(Entry)) as cursor:
            rows = cursor.execute(query.encode(), (stream, after, limit)).fetchall()
        return [self._masked(each) for each in rows]

    def state(self, stream: UUID, when: Moment) -> StreamState | None:
        rows = self._rows(stream, when)
        if not rows:
            return None
        decider = self._deciders[rows[-1].kind]
        return StreamState(stream, decider.name, rows[-1].version, rows[-1].position, rows[-1].recorded_at, self._state(decider, rows))

    def difference(self, stream: UUID, before: Moment, after: Moment) -> Difference | None:
        earlier, later = self._rows(stream, before), self._rows(stream, after)
        if not earlier and not later:
            return None
        decider = self._deciders[(later or earlier)[0].kind]
        was, became = (self._state(decider, rows) if rows else {} for rows in (earlier, later))
        low, high = sorted((len(earlier), len(later)))
        steps = max(earlier, later, key=len)[low:high]
        return Difference(
            stream,
            decider.name,
            point(earlier),
            point(later),
            list(differences(was, became)),
            len(steps),
            [Step(each.version, each.position, each.event_id, each.type, each.actor, each.recorded_at) for each in steps[:STEPS]],
        )

    def causes(self, event_id: UUID) -> Causes | None:
        with self._connection() as connection:
            return self._tracing.causes(connection, event_id)

    def _rows(self, stream: UUID, when: Moment) -> Sequence[Entry]:
        """The stream's events up to there, as they are stored."""
        asked = {"stream": stream, "version": when.version, "position": when.position, "at": when.at, "last": LAST}
        with self._connection() as connection, connection.cursor(row_factory=class_row(Entry)) as cursor:
            return cursor.execute(UPTO.encode(), asked).fetchall()

    def _state(self, decider: Decider[Any, Any, Any], rows: Sequence[Entry]) -> Any:
        state = decider.fold(self._mapper.decode(each.type, each.schema, each.data, each.event_id) for each in rows)
        return masked(msgspec.to_builtins(state, str_keys=True))

    @contextmanager
    def _connection(self) -> Generator[Connection]:
        with reaching_postgres(), self._pool.connection(timeout=PATIENCE) as connection:
            yield connection

    def _masked(self, entry: Entry) -> Entry:
        """The stored bytes with every personal field masked; of a type that is no longer known, all that was encrypted."""
        document = msgspec.json.decode(entry.data, type=dict[str, Raw])
        names = self._personal.get(entry.type)
        for name, value in document.items():
            if name in names if names is not None else bytes(value).startswith(b'"enc:'):
                document[name] = MASK_JSON
        return msgspec.structs.replace(entry, data=document)


def point(rows: Sequence[Entry]) -> Point | None:
    """Where a stream stood with its last row."""
    return Point(rows[-1].version, rows[-1].position, rows[-1].recorded_at) if rows else None


def masked(document: Any) -> Any:
    """What reads as erased, since no key was at hand, is masked wherever it stands."""
    if document == ERASED_FORM:
        return MASK
    if isinstance(document, dict):
        return {key: masked(value) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [masked(value) for value in document]
    return document

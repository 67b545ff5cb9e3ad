"""A read model made anew from the log, beside those that are served: what it is now, or what it was at some point."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from tempfile import NamedTemporaryFile
from typing import Any

import msgspec

from infrastructure.eventlog.mapper import EventMapper, stable_name
from projections.audit import Entry
from projections.view import Count, Feed, Index, Journal, Projection, View

BATCH = 1_000

MAKE = "CREATE TABLE states (key TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID"
KEEP = "INSERT INTO states VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET state = excluded.state"
DROP = "DELETE FROM states WHERE key = ?"

Row = Mapping[str, Any]


class Refolding:
    """Folds one projection, its states in a file of their own, so that memory does not grow with the log.

    No keys of persons are used: private words read as erased, as auditors are shown all of history.
    """

    def __init__(self, projection: Projection, mapper: EventMapper) -> None:
        self.projection = projection
        self.types = [stable_name(event) for event in projection.events]
        self._mapper = mapper
        self._form = state_of(projection)

    def rows(self, batches: Iterable[list[Entry]]) -> Iterator[Row]:
        """Of a journal or feed each row as it is added; of all others the rows there are in the end, in the order of their keys."""
        with NamedTemporaryFile(prefix="tradewind-replay-") as file, closing(sqlite3.connect(file.name, isolation_level=None)) as states:
            states.execute("PRAGMA journal_mode = OFF")
            states.execute("PRAGMA synchronous = OFF")
            states.execute(MAKE)
            for batch in batches:
                states.execute("BEGIN")
                for entry in batch:
                    yield from self._fold(states, entry)
                states.execute("COMMIT")
            if not isinstance(self.projection, Journal | Feed):
                yield from self._ended(states)

    def _fold(self, states: sqlite3.Connection, entry: Entry) -> Iterator[Row]:
        event = self._mapper.decode(entry.type, entry.schema, entry.data, entry.event_id)
        projection: Any = self.projection
        key = projection.key(event)
        if key is None:
            return
        stored = states.execute("SELECT state FROM states WHERE key = ?", [str(key)]).fetchone()
        state = None if stored is None else msgspec.msgpack.decode(stored[0], type=self._form)
        match projection:
            case Journal():
                for ordinal, row in enumerate(projection.rows(state, event)):
                    yield {"position": entry.position, "ordinal": ordinal, "row": row}
            case Feed():
                if (public := projection.public(state, event)) is not None:
                    yield {"position": entry.position, "type": projection.type_of(type(public)), "data": public}
            case _:
                pass
        changed = projection.evolve(() if isinstance(projection, Count) and state is None else state, event)
        if changed is None or changed == ():
            states.execute(DROP, [str(key)])
        else:
            states.execute(KEEP, [str(key), msgspec.msgpack.encode(changed)])

    def _ended(self, states: sqlite3.Connection) -> Iterator[Row]:
        rows = states.execute("SELECT key, state FROM states ORDER BY key")
        if isinstance(self.projection, Count):
            totals: dict[str, int] = {}
            for _, state in rows:
                for group in msgspec.msgpack.decode(state, type=self._form):
                    totals[group] = totals.get(group, 0) + 1
            yield from ({"group": group, "count": totals[group]} for group in sorted(totals))
            return
        for key, state in rows:
            yield {"key": key, "document": msgspec.msgpack.decode(state, type=self._form)}


def state_of(projection: Projection) -> Any:
    """The type of what is kept under a key."""
    match projection:
        case View() | Index():
            return projection.document
        case Count():
            return tuple[str, ...]
        case Feed():
            return projection.known
        case Journal():
            return projection.known or type(None)

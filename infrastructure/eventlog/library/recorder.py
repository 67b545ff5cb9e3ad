"""Stored events in Postgres: appended in parallel by one statement, read no further than nothing can still commit."""

from collections.abc import Sequence
from typing import Any, LiteralString, cast
from uuid import UUID

from eventsourcing.persistence import ListenNotifySubscription, Notification, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from msgspec import Struct
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool
from uuid_utils.compat import uuid7

from application.ports import Meta
from infrastructure.eventlog import statements
from infrastructure.eventlog.mapper import StoredFact
from infrastructure.eventlog.wake import CHANNEL
from infrastructure.postgres import Connection, Direct

NOBODY = UUID(int=0)
POLL_SECONDS = 0.1


class PooledDatastore(PostgresDatastore):
    """Gives the library's recorders connections of a pool that somebody else opens and closes."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:  # pyright: ignore[reportMissingSuperCall]
        # The library's own constructor would open a second pool.
        self.pool = pool  # pyright: ignore[reportIncompatibleVariableOverride, reportAttributeAccessIssue]
        self.pool_open_timeout = None
        self.schema = "public"
        self.originator_id_type = "uuid"
        self.enable_db_functions = False
        self.single_row_tracking = True
        self.lock_timeout = 0
        self.db_type_names = set[str]()
        self.psycopg_type_adapters = {}
        self.psycopg_python_types = {}

    def register_type_adapters(self) -> None:
        """Nothing: our statements take arrays, not composites."""

    def close(self) -> None:
        """Nothing: the pool is not ours to close."""


class Positions(Struct, frozen=True):
    """Where the events came to stand, and the command's result on each of its streams."""

    events: Sequence[int]
    results: Sequence[int]


class PolledSubscription(ListenNotifySubscription[PostgresApplicationRecorder]):
    """Listens before its first pull, and pulls again at least every 100 ms."""

    def _loop_on_pull(self) -> None:
        try:
            with self._recorder.datastore.get_connection() as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                try:
                    self._pull()
                    while not self._has_been_stopped:
                        for _ in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
                            pass
                        self._pull()
                finally:
                    connection.execute(f"UNLISTEN {CHANNEL}")
        except BaseException as reason:  # noqa: BLE001 - it is raised to whoever iterates
            self._thread_error = self._thread_error or reason
            self.stop()


class EventRecorder(PostgresApplicationRecorder):
    """The library's recorder over our tables, with its append replaced: no table lock, no NOTIFY, nothing retried.

    It also takes the library's plain StoredEvents, for which metadata is made up; our own path is `append`.
    """

    append_one = Direct(b"append_one", statements.APPEND_ONE, statements.APPEND_ONE_TYPES)
    append_many: LiteralString = statements.APPEND

    def __init__(self, datastore: PooledDatastore) -> None:
        super().__init__(datastore, events_table_name="events")

    def create_table(self) -> None:
        """Nothing: migrations make the tables."""

    def append(self, connection: Connection, events: Sequence[StoredFact], meta: Meta, results: Sequence[tuple[UUID, int]]) -> Positions:
        """Write events and the command's results (stream and version), all or nothing, in one statement.

        Raises psycopg's own errors.
        """
        if len(events) == 1 == len(results):
            return self._append_one(connection, events[0], meta)
        positions, recorded = connection.execute(
            self.append_many,
            {
                "events": len(events),
                "streams": [each.originator_id for each in events],
                "versions": [each.originator_version for each in events],
                "kinds": [each.kind for each in events],
                "types": [each.topic for each in events],
                "schemas": [each.schema for each in events],
                "event_ids": [each.event_id for each in events],
                "data": [each.state for each in events],
                "actor": meta.actor,
                "command_id": meta.command_id,
                "correlation_id": meta.correlation_id,
                "causation_id": meta.causation_id,
                "fingerprint": meta.fingerprint,
                "result_streams": [stream for stream, _ in results],
                "result_versions": [version for _, version in results],
            },
            prepare=True,
            binary=True,
        ).fetchall()[0]
        return Positions(positions, recorded)

    def _append_one(self, connection: Connection, event: StoredFact, meta: Meta) -> Positions:
        values = (
            event.originator_id,
            event.originator_version,
            event.kind,
            event.topic,
            event.schema,
            event.event_id,
            event.state,
            meta.actor,
            meta.command_id,
            meta.correlation_id,
            meta.causation_id,
            meta.fingerprint,
        )
        if connection.pgconn.transaction_status == TransactionStatus.IDLE:
            position = self.append_one.number(connection, values)
        else:
            [position] = connection.execute(self.append_one.text, values, prepare=True, binary=True).fetchall()[0]
        return Positions((position,), (position,))

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The library's way in. Without `meta` the events have no author, and a command id that nobody knows."""
        if not stored_events:
            return None
        command_id = uuid7()
        meta: Meta = kwargs.get("meta") or Meta(command_id, NOBODY, command_id)
        results: Sequence[tuple[UUID, int]] = kwargs.get("results", ())
        with self.datastore.get_connection() as connection:
            return self.append(connection, [_as_fact(each) for each in stored_events], meta, results).events

    def select_events(
        self, originator_id: UUID | str, *, gt: int | None = None, lte: int | None = None, desc: bool = False, limit: int | None = None
    ) -> Sequence[StoredEvent]:
        statement = statements.SELECT_LATEST_FIRST if desc else statements.SELECT
        with self.datastore.get_connection() as connection:
            rows = connection.execute(
                statement,
                {"id": originator_id, "gt": -(2**63) if gt is None else gt, "lte": 2**63 - 1 if lte is None else lte, "limit": limit},
                prepare=True,
                binary=True,
            ).fetchall()
        return [StoredEvent(*cast("tuple[UUID, int, str, bytes]", row)) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """In order of position, none beyond the stable one."""
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        with self.datastore.get_connection() as connection:
            stable = self.stable(connection)
            rows = connection.execute(
                "SELECT stream, version, type, data, position FROM events WHERE position > %s AND position <= %s"
                " AND (%s::text[] IS NULL OR type = ANY(%s)) ORDER BY position LIMIT %s",
                [after, stable if stop is None else min(stop, stable), list(topics) or None, list(topics), limit],
                binary=True,
            ).fetchall()
        return [Notification(*cast("tuple[UUID, int, str, bytes, int]", row)) for row in rows]

    def max_notification_id(self) -> int | None:
        """The last event's position, of those up to the stable one."""
        with self.datastore.get_connection() as connection:
            statement = "SELECT max(position) FROM events WHERE position <= %s"
            [row] = connection.execute(statement, [self.stable(connection)]).fetchall()
        return cast("tuple[int | None]", row)[0]

    def stable(self, connection: Connection) -> int:
        return connection.execute(statements.STABLE, prepare=True, binary=True).fetchall()[0][0]

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> PolledSubscription:
        return PolledSubscription(self, gt, topics)


def _as_fact(event: StoredEvent) -> StoredFact:
    if isinstance(event, StoredFact):
        return event
    return StoredFact(event.originator_id, event.originator_version, event.topic, event.state, kind="", event_id=uuid7(), schema=1)

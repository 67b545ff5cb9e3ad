"""How webhook endpoints stand, for those whose they are and for operators."""

from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.ports import Clock
from infrastructure.readstores.bookkeeping import reaching_postgres
from projections.webhooks.endpoints import COUNTED, Attempt, DeliveryShown, DeliveryState, EndpointShown, Figures, WebhookEndpoints

PATIENCE = 2.0
"""Seconds to wait for a connection."""

SHOWN: LiteralString = """
SELECT e.id, e.owner, e.url, e.types, e.description, e.enabled, e.disabled_because, e.disabled_at, e.failing_since,
       waiting.pending, waiting.oldest AS oldest_pending_at, EXISTS (SELECT FROM webhook_replays AS r WHERE r.endpoint = e.id) AS replaying,
       (SELECT max(ends_at) FROM webhook_secrets AS s WHERE s.endpoint = e.id AND s.ends_at > %(now)s) AS both_secrets_until, e.created_at
FROM webhook_endpoints AS e CROSS JOIN LATERAL (
    SELECT count(*) AS pending, min(made_at) AS oldest FROM (
        SELECT made_at FROM webhook_deliveries AS d WHERE d.endpoint = e.id AND d.state = 'pending' LIMIT %(counted)s
    ) AS d
) AS waiting
WHERE NOT e.closed AND (%(owner)s::uuid IS NULL OR e.owner = %(owner)s) AND (%(id)s::uuid IS NULL OR e.id = %(id)s)
AND (%(after)s::uuid IS NULL OR e.id < %(after)s)
ORDER BY e.id DESC LIMIT %(limit)s
"""

DELIVERIES: LiteralString = """
SELECT id, feed, position, type, state, made_at, CASE WHEN state = 'pending' THEN due_at END, ended_at FROM webhook_deliveries
WHERE endpoint = %(endpoint)s AND (%(state)s::text IS NULL OR state = %(state)s) AND (%(id)s::uuid IS NULL OR id = %(id)s)
AND (%(moment)s::timestamptz IS NULL OR (made_at, id) < (%(moment)s, %(before)s::uuid))
ORDER BY made_at DESC, id DESC LIMIT %(limit)s
"""

ATTEMPTS: LiteralString = """
SELECT delivery, number, at, milliseconds, status, error, answer FROM webhook_attempts
WHERE delivery = ANY(%s) ORDER BY delivery, number
"""

FIGURES: LiteralString = """
SELECT coalesce(sum(d.pending), 0)::bigint AS pending, count(*) FILTER (WHERE e.failing_since IS NOT NULL) AS failing,
       coalesce(greatest(extract(epoch FROM %(now)s - min(d.first)), 0), 0)::float8 AS oldest_seconds
FROM webhook_endpoints AS e CROSS JOIN LATERAL (
    SELECT count(*) AS pending, min(due_at) AS first FROM (
        SELECT due_at FROM webhook_deliveries AS d WHERE d.endpoint = e.id AND d.state = 'pending'
        ORDER BY due_at, position LIMIT %(counted)s
    ) AS d
) AS d WHERE e.enabled
"""


class PostgresWebhookEndpoints(WebhookEndpoints):
    """Over a pool of the primary: whoever has just had something sent sees that."""

    def __init__(self, pool: ConnectionPool[Any], clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def all(self, owner: UUID | None, after: UUID | None, limit: int) -> Sequence[EndpointShown]:
        return self._shown(owner, None, after, limit)

    def one(self, endpoint_id: UUID, owner: UUID | None) -> EndpointShown | None:
        return next(iter(self._shown(owner, endpoint_id, None, 1)), None)

    def deliveries(
        self, endpoint_id: UUID, state: DeliveryState | None, before: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[DeliveryShown]:
        moment, last = before or (None, None)
        return self._deliveries({"endpoint": endpoint_id, "state": state, "id": None, "moment": moment, "before": last, "limit": limit})

    def delivery(self, endpoint_id: UUID, delivery_id: UUID) -> DeliveryShown | None:
        values = {"endpoint": endpoint_id, "state": None, "id": delivery_id, "moment": None, "before": None, "limit": 1}
        return next(iter(self._deliveries(values)), None)

    def figures(self) -> Figures:
        with self._cursor() as cursor:
            cursor.row_factory = class_row(Figures)
            return cursor.execute(FIGURES, {"now": self._clock(), "counted": COUNTED}).fetchall()[0]

    def _shown(self, owner: UUID | None, id: UUID | None, after: UUID | None, limit: int) -> Sequence[EndpointShown]:
        values = {"owner": owner, "id": id, "after": after, "limit": limit, "counted": COUNTED, "now": self._clock()}
        with self._cursor() as cursor:
            cursor.row_factory = class_row(EndpointShown)
            return cursor.execute(SHOWN, values).fetchall()

    def _deliveries(self, values: Any) -> Sequence[DeliveryShown]:
        with self._cursor() as cursor:
            rows = cursor.execute(DELIVERIES, values).fetchall()
            attempts: dict[UUID, list[Attempt]] = defaultdict(list)
            for delivery, *told in cursor.execute(ATTEMPTS, [[row[0] for row in rows]]).fetchall():
                attempts[delivery].append(Attempt(*told))
        return [DeliveryShown(*row, attempts=attempts[row[0]]) for row in rows]

    @contextmanager
    def _cursor(self) -> Generator[Cursor[Any]]:
        with reaching_postgres(), self._pool.connection(timeout=PATIENCE) as connection, connection.cursor() as cursor:
            yield cursor

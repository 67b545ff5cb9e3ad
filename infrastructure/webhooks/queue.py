"""Deliveries at rest: rows that are due, taken under a lease, and what came of each. Whoever dies with one leaves it to the next."""

# ruff: noqa: S608 - the texts are put together from constants

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct
from psycopg_pool import ConnectionPool

from application.ports import Clock
from application.webhooks.ports import Message, Outcome
from infrastructure.consumers.deliveries import told
from infrastructure.consumers.statements import told_at
from infrastructure.readstores.bookkeeping import Connection
from infrastructure.webhooks.statements import OPEN_TO
from projections.feeds.envelope import CloudEvent, cloud_event
from projections.view import Feed

LEASE = timedelta(seconds=90)
"""Longer than any attempt can take, with the search for an address before it."""

SLOW = 2_000
"""Milliseconds from which on an endpoint counts as slow, and is sent things one by one beside the others that are."""

TAKE: LiteralString = f"""
WITH due AS MATERIALIZED (
    SELECT e.id, %(each)s - busy.count AS room FROM webhook_endpoints AS e CROSS JOIN LATERAL (
        SELECT due_at FROM webhook_deliveries AS d WHERE d.endpoint = e.id AND d.state = 'pending' AND d.due_at <= %(now)s
        ORDER BY d.due_at LIMIT 1
    ) AS first CROSS JOIN LATERAL (
        SELECT count(*) FROM webhook_deliveries AS d WHERE d.endpoint = e.id AND d.lease IS NOT NULL AND d.due_at > %(now)s
    ) AS busy
    WHERE {OPEN_TO} AND (e.held_until IS NULL OR e.held_until <= %(now)s) AND (e.failing_since IS NOT NULL OR e.slow) = %(poor)s
    AND busy.count < %(each)s AND NOT (SELECT read_only FROM maintenance)
    ORDER BY first.due_at LIMIT %(limit)s
), held AS MATERIALIZED (
    SELECT e.id, e.url, e.failing_since, due.room FROM due JOIN webhook_endpoints AS e USING (id)
    WHERE e.enabled FOR NO KEY UPDATE OF e SKIP LOCKED
), picked AS MATERIALIZED (
    SELECT next.id, held.url, held.failing_since FROM held CROSS JOIN LATERAL (
        SELECT id, due_at, row_number() OVER (ORDER BY due_at, position) AS place FROM webhook_deliveries AS d
        WHERE d.endpoint = held.id AND d.state = 'pending' AND d.due_at <= %(now)s ORDER BY due_at, position LIMIT held.room
    ) AS next ORDER BY next.place, next.due_at LIMIT %(limit)s
)
UPDATE webhook_deliveries AS d SET lease = %(lease)s, due_at = %(until)s FROM picked
WHERE d.id = picked.id AND d.state = 'pending' AND d.due_at <= %(now)s
RETURNING d.id, d.endpoint, d.feed, d.position, d.type, d.made_at, d.tries, picked.url, picked.failing_since, ARRAY(
    SELECT wrapped FROM webhook_secrets AS s WHERE s.endpoint = d.endpoint AND (s.ends_at IS NULL OR s.ends_at > %(now)s)
    ORDER BY s.ends_at DESC NULLS FIRST
)
"""
"""Endpoint by endpoint, and of each the first before any second: a heap of one does not keep the others waiting.

Endpoints are looked at without a lock; only where something is due the row is held, which others pass by.
"""

END: LiteralString = """
WITH mine AS (
    UPDATE webhook_deliveries SET state = %(state)s, due_at = coalesce(%(due_at)s::timestamptz, due_at), lease = NULL, tries = tries + 1,
        attempts = attempts + 1, ended_at = CASE WHEN %(state)s <> 'pending' THEN %(at)s::timestamptz END
    WHERE id = %(id)s AND lease = %(lease)s RETURNING id, endpoint, attempts
), attempt AS (
    INSERT INTO webhook_attempts (delivery, number, at, milliseconds, status, error, answer)
    SELECT id, attempts, %(at)s, %(milliseconds)s, %(status)s::integer, %(error)s::text, %(text)s FROM mine
)
UPDATE webhook_endpoints AS e SET slow = %(slow)s,
    failing_since = CASE WHEN NOT %(taken)s THEN coalesce(e.failing_since, %(at)s) END,
    failures = CASE WHEN %(taken)s THEN 0 ELSE e.failures + 1 END,
    held_until = CASE WHEN NOT %(taken)s THEN greatest(
        %(hold_until)s::timestamptz, e.held_until, %(at)s + least(power(2, least(e.failures - 3, 6)), 60) * interval '1 second'
    ) END
FROM mine WHERE e.id = mine.endpoint AND NOT %(ours)s
AND (NOT %(taken)s OR e.failing_since IS NOT NULL OR e.held_until IS NOT NULL OR e.slow <> %(slow)s)
"""
"""An endpoint that fails again and again is left alone for a while each time, up to a minute."""


class Taken(Struct, frozen=True):
    """A row that is ours for a while; of what it tells there is only the place."""

    id: UUID
    endpoint: UUID
    feed: str
    position: int
    type: str
    made_at: Any
    tries: int
    url: str
    failing_since: Any
    secrets: list[Any]


class Deliveries:
    """`clock` says what is due and when leases end, which is why those of all workers are to agree within a small part of a lease."""

    def __init__(self, pool: ConnectionPool[Any], feeds: Mapping[str, Feed[Any]], clock: Clock, *, lease: timedelta = LEASE) -> None:
        self._pool = pool
        self._feeds = feeds
        self._clock = clock
        self._lease = lease

    def take(self, limit: int, each: int, *, poor: bool) -> list[Message]:
        """What is due, at most `each` at a time of one endpoint, whoever else works on it; `poor` are endpoints that fail or are slow."""
        now, lease = self._clock(), uuid4()
        values = {"now": now, "until": now + self._lease, "lease": lease, "limit": limit, "each": each, "poor": poor}
        with self._pool.connection() as connection:
            taken = sorted((Taken(*row) for row in connection.execute(TAKE, values).fetchall()), key=lambda row: row.position)
            bodies = self._bodies(connection, taken)
        return [self._message(row, lease, bodies[row.id]) for row in taken if row.id in bodies]

    def end(self, message: Message, outcome: Outcome) -> None:
        """Nothing where the lease was lost: whoever has it now says how it ended."""
        answer = outcome.answer
        values = {
            "id": message.id,
            "lease": message.lease,
            "state": outcome.state,
            "at": outcome.at,
            "due_at": outcome.due_at,
            "hold_until": outcome.hold_until,
            "milliseconds": answer.milliseconds,
            "status": answer.status,
            "error": answer.fault,
            "text": answer.text,
            "taken": answer.taken,
            "slow": answer.milliseconds > SLOW,
            "ours": outcome.ours,
        }
        with self._pool.connection() as connection:
            connection.execute(END, values)

    def _bodies(self, connection: Connection, taken: Sequence[Taken]) -> Mapping[UUID, bytes]:
        """By delivery: one statement for each feed that something is told of. A feed that is being made anew may lack some for now."""
        bodies = {row.id: msgspec.json.encode(test_event(row)) for row in taken if not row.feed}
        for name in {row.feed for row in taken if row.feed}:
            feed, rows = self._feeds[name], [row for row in taken if row.feed == name]
            found = connection.execute(told_at(feed), [list({row.position for row in rows})]).fetchall()
            events = {each.position: msgspec.json.encode(cloud_event(feed, each)) for each in map(told, found)}
            bodies |= {row.id: events[row.position] for row in rows if row.position in events}
        return bodies

    @staticmethod
    def _message(row: Taken, lease: UUID, body: bytes) -> Message:
        secrets = tuple(bytes(each) for each in row.secrets)
        return Message(row.id, row.endpoint, lease, row.url, body, row.tries, row.failing_since, secrets)


def test_event(row: Taken) -> CloudEvent:
    """What a test tells: nothing but that it is one."""
    data = {"endpointId": str(row.endpoint)}
    source = f"/v1/webhook-endpoints/{row.endpoint}"
    return CloudEvent("1.0", str(row.id), source, row.type, str(row.endpoint), row.made_at, "application/json", 1, str(row.position), data)

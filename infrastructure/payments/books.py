"""What is noted of payments beside the log, in Postgres: what providers were asked, what they sent, how the books compared."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID, uuid5

import msgspec
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.effects.calls import AskPayment, ComparePayments, HandleMessage
from application.effects.job import Job
from application.jobs.ports import Skipped
from application.payments.ports import Announced, Compared, Handling, Message, Ours, Seen, Tried
from application.payments.reconciliation import COMPARISONS
from application.ports import Clock, Ids
from infrastructure.eventlog.outcomes import translated
from infrastructure.jobs.queue import put
from infrastructure.payments.bodies import Bodies
from projections.payments.desk import Comparison, ReceivedMessage

MESSAGES = UUID("0f1bd8a6-7d3d-5c57-8f6b-3f6a9c1e2d44")
"""The namespace of messages' ids: the same message of a provider is the same for ever."""

TRY: LiteralString = """
    INSERT INTO payment_attempts (payment_id, attempt, provider, tried_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
KNOWN: LiteralString = "SELECT tried_at, reference FROM payment_attempts WHERE payment_id = %s AND attempt = %s"
KEEP: LiteralString = """
    UPDATE payment_attempts SET reference = CASE WHEN %(reference)s = '' THEN reference ELSE %(reference)s END, action_url = %(action_url)s
    WHERE payment_id = %(payment_id)s AND attempt = %(attempt)s
"""
RECEIVE: LiteralString = """
    INSERT INTO payment_messages (id, provider, event_id, kind, body, received_at, sealed) VALUES (%s, %s, %s, %s, %s, %s, true)
    ON CONFLICT DO NOTHING
"""
KEPT: LiteralString = "SELECT provider, event_id, body, sealed FROM payment_messages WHERE id = %s AND body <> ''"
EMPTY: LiteralString = "UPDATE payment_messages SET body = '', sealed = true WHERE received_at < %s AND body <> ''"
IN_CLEAR: LiteralString = "SELECT id, body FROM payment_messages WHERE NOT sealed LIMIT %s"
SEAL: LiteralString = "UPDATE payment_messages SET body = %s, sealed = true WHERE id = %s AND NOT sealed"
SEALED_AT_ONCE = 500
HANDLED: LiteralString = """
    UPDATE payment_messages SET handling = %s, note = %s, payment_id = coalesce(%s, payment_id), handled_at = %s WHERE id = %s
"""
LISTED: LiteralString = """
    SELECT id, provider, event_id, kind, received_at, handling, note, payment_id, handled_at FROM payment_messages
    WHERE (%(provider)s::text IS NULL OR provider = %(provider)s) AND (%(handling)s::text IS NULL OR handling = %(handling)s)
        AND (%(at)s::timestamptz IS NULL OR (received_at, id) < (%(at)s, %(id)s))
    ORDER BY received_at DESC, id DESC LIMIT %(limit)s
"""
COMPARED: LiteralString = """
    INSERT INTO payment_comparisons (id, provider, since, until, checked, differences) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (id) DO UPDATE SET since = excluded.since, until = excluded.until, checked = excluded.checked,
        differences = excluded.differences
"""
COMPARISONS_LISTED: LiteralString = """
    SELECT id, provider, since, until, checked, differences::text FROM payment_comparisons
    WHERE (%(provider)s::text IS NULL OR provider = %(provider)s) AND (%(at)s::timestamptz IS NULL OR (until, id) < (%(at)s, %(id)s))
    ORDER BY until DESC, id DESC LIMIT %(limit)s
"""


class PaymentBooks:
    """For those who work `AttemptBook`, `MessageBook`, `PaymentQueue` and `ComparisonBook`; for those who ask `PaymentDesk`."""

    def __init__(self, pool: ConnectionPool[Any], clock: Clock, ids: Ids, bodies: Bodies) -> None:
        self._pool = pool
        self._clock = clock
        self._ids = ids
        self._bodies = bodies

    # What providers were asked

    def trying(self, payment_id: UUID, attempt: int, provider: str, now: datetime) -> Tried:
        first = self._run(TRY, [payment_id, attempt, provider, now]) == 1
        ((since, reference),) = self._all(KNOWN, [payment_id, attempt])
        return Tried(first, since, reference)

    def known(self, payment_id: UUID, attempt: int) -> Tried | None:
        found = self._all(KNOWN, [payment_id, attempt])
        return Tried(False, *found[0]) if found else None

    def keep(self, seen: Seen) -> None:
        values = {"reference": seen.reference, "action_url": seen.action_url, "payment_id": seen.payment_id, "attempt": seen.attempt}
        self._run(KEEP, values)

    def action_url(self, payment_id: UUID, attempt: int) -> str:
        found = self._all("SELECT action_url FROM payment_attempts WHERE payment_id = %s AND attempt = %s", [payment_id, attempt])
        return found[0][0] if found else ""

    # What they have sent

    def receive(self, provider: str, announced: Announced, body: bytes, correlation_id: UUID) -> bool:
        id = uuid5(MESSAGES, f"{provider} {announced.event_id}")
        with translated(), self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            values = (id, provider, announced.event_id, announced.kind, self._bodies.sealed(id, body), self._clock())
            if cursor.execute(RECEIVE, values).rowcount == 0:
                return False
            put(cursor, [Job(id, HandleMessage(id), id, correlation_id)])
        return True

    def again(self, message_id: UUID, correlation_id: UUID) -> bool:
        with translated(), self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            if cursor.execute(KEPT, (message_id,)).fetchone() is None:
                return False
            put(cursor, [Job(self._ids(), HandleMessage(message_id), message_id, correlation_id)])
        return True

    def ask(self, payment_id: UUID, request_id: UUID, correlation_id: UUID) -> None:
        with translated(), self._pool.connection() as connection, connection.cursor() as cursor:
            put(cursor, [Job(request_id, AskPayment(payment_id), payment_id, correlation_id)])

    def message(self, message_id: UUID) -> Message:
        found = self._message(message_id)
        if found is None:
            raise Skipped("message_emptied")
        return found

    def body(self, message_id: UUID) -> bytes | None:
        found = self._message(message_id)
        return None if found is None else found.body

    def _message(self, message_id: UUID) -> Message | None:
        found = self._all(KEPT, [message_id])
        if not found:
            return None
        provider, event_id, kept, sealed = found[0]
        body = self._bodies.opened(message_id, bytes(kept)) if sealed else bytes(kept)
        return Message(message_id, provider, event_id, body)

    def empty(self, before: datetime) -> None:
        self._run(EMPTY, [before])
        while in_clear := self._all(IN_CLEAR, [SEALED_AT_ONCE]):
            for id, body in in_clear:
                self._run(SEAL, [self._bodies.sealed(id, bytes(body)), id])

    def handled(self, message_id: UUID, handling: Handling, note: str, payment_id: UUID | None) -> None:
        self._run(HANDLED, [handling, note, payment_id, self._clock(), message_id])

    def messages(
        self, provider: str | None, handling: str | None, before: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[ReceivedMessage]:
        at, id = before or (None, None)
        values = {"provider": provider, "handling": handling, "at": at, "id": id, "limit": limit}
        with translated(), self._pool.connection() as connection, connection.cursor(row_factory=class_row(ReceivedMessage)) as cursor:
            return cursor.execute(LISTED, values).fetchall()

    # How the books compared

    def asked(self, provider: str, since: datetime, until: datetime) -> Sequence[Ours]:
        statement: LiteralString = (
            "SELECT payment_id, attempt, reference FROM payment_attempts WHERE provider = %s AND tried_at >= %s AND tried_at < %s"
        )
        return [Ours(*row) for row in self._all(statement, [provider, since, until])]

    def compared(self, id: UUID, compared: Compared) -> None:
        differences = msgspec.json.encode(compared.differences).decode()
        self._run(COMPARED, [id, compared.provider, compared.since, compared.until, compared.checked, differences])

    def next(self, provider: str, at: datetime) -> None:
        id = uuid5(COMPARISONS, f"{provider} {at:%Y-%m-%d}")
        with translated(), self._pool.connection() as connection, connection.cursor() as cursor:
            put(cursor, [Job(id, ComparePayments(provider), id, id, at)])

    def comparisons(self, provider: str | None, before: tuple[datetime, UUID] | None, limit: int) -> Sequence[Comparison]:
        at, last = before or (None, None)
        rows = self._all(COMPARISONS_LISTED, {"provider": provider, "at": at, "id": last, "limit": limit})
        return [
            Comparison(id, name, since, until, checked, msgspec.Raw(differences.encode()))
            for id, name, since, until, checked, differences in rows
        ]

    def _all(self, statement: LiteralString, values: Any) -> list[Any]:
        with translated(), self._pool.connection() as connection:
            return connection.execute(statement, values).fetchall()

    def _run(self, statement: LiteralString, values: Any) -> int:
        with translated(), self._pool.connection() as connection:
            return connection.execute(statement, values).rowcount

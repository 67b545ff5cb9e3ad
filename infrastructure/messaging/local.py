"""The local mailbox: whole messages in Postgres, since the roles that write and show them are separate processes."""

import email
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from application.jobs.ports import Mail
from application.ports import Unavailable
from infrastructure.messaging.message import compose
from projections.mailbox import Enclosed, Received

KEPT = 10_000
"""Older mails go: it is a mailbox for trying things out."""

DELIVER = """
    WITH old AS (DELETE FROM local_mail WHERE number <= (SELECT max(number) FROM local_mail) - %(kept)s)
    INSERT INTO local_mail (id, recipient, source) VALUES (%(id)s, %(recipient)s, %(source)s) ON CONFLICT (id) DO NOTHING
"""
NEWEST = """
    SELECT number, id, recipient, source, received_at FROM local_mail
    WHERE (%(before)s::bigint IS NULL OR number < %(before)s) AND (%(to)s::text IS NULL OR lower(recipient) = lower(%(to)s))
    ORDER BY number DESC LIMIT %(limit)s
"""
ONE = "SELECT number, id, recipient, source, received_at FROM local_mail WHERE id = %(id)s"

LINK = re.compile(r"https?://[^\s<>\"]+")


class LocalMailbox:
    """Takes mails as an SMTP server would and lets them be read; the same mail twice is one."""

    def __init__(self, pool: ConnectionPool[Any], sender: str, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._sender = sender
        self._clock = clock

    def send(self, mail: Mail) -> None:
        message = compose(mail, self._sender, self._clock())
        values = {"id": mail.id, "recipient": mail.address, "source": message.as_bytes(), "kept": KEPT}
        try:
            with self._pool.connection() as connection:
                connection.execute(DELIVER, values)
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise Unavailable("postgres") from error

    def newest(self, limit: int, before: int | None = None, to: str | None = None) -> Sequence[Received]:
        return self._read(NEWEST, limit=limit, before=before, to=to)

    def one(self, id: UUID) -> Received | None:
        return next(iter(self._read(ONE, id=id)), None)

    def _read(self, query: LiteralString, **values: Any) -> list[Received]:
        with self._pool.connection() as connection:
            return [_received(*row) for row in connection.execute(query, values).fetchall()]


def _received(number: int, id: UUID, recipient: str, source: bytes, at: datetime) -> Received:
    message = email.message_from_bytes(source, _class=EmailMessage, policy=SMTP)
    text, html = (_part(message, kind) for kind in ("plain", "html"))
    return Received(
        number,
        id,
        recipient,
        str(message["Subject"]),
        at,
        text,
        html,
        source.decode(errors="replace"),
        tuple(LINK.findall(text)),
        tuple(Enclosed(each.get_filename("file"), each.get_content()) for each in message.iter_attachments()),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""

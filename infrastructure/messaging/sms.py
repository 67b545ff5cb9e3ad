"""Text messages: by a gateway that speaks as Twilio does, or into a local box."""

from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, LiteralString

import httpx
import msgspec
import psycopg
from msgspec import Struct
from psycopg_pool import ConnectionPool, PoolTimeout

from application.jobs.ports import Refused, Sms
from application.ports import Unavailable
from infrastructure.environ import SmsGateway
from projections.mailbox import ReceivedText

SECONDS = 15.0
"""How long the gateway may take for any one step."""

KEPT = 10_000
"""Older texts go: it is a box for trying things out."""

DELIVER: LiteralString = """
    WITH old AS (DELETE FROM local_texts WHERE number <= (SELECT max(number) FROM local_texts) - %(kept)s)
    INSERT INTO local_texts (id, recipient, body, received_at) VALUES (%(id)s, %(recipient)s, %(body)s, %(at)s)
    ON CONFLICT (id) DO NOTHING
"""
NEWEST: LiteralString = """
    SELECT number, id, recipient, body, received_at FROM local_texts
    WHERE (%(before)s::bigint IS NULL OR number < %(before)s) AND (%(to)s::text IS NULL OR recipient = %(to)s)
    ORDER BY number DESC LIMIT %(limit)s
"""


class Answer(Struct, frozen=True):
    """What Twilio says of a message that it does not take: a number of its list of errors, and words."""

    code: int | None = None
    message: str = ""


class TwilioTexter:
    """Sends by `POST /2010-04-01/Accounts/{sid}/Messages.json`, as Twilio's API documents it.

    Permanent (`Refused`) is what the gateway says of this number or this text with a 400. An account that is not let in, too many
    messages and faults of the gateway are to be mended or waited for: `Unavailable`. The API knows no idempotency key: a message whose
    answer was lost is sent again, and may come twice.
    """

    def __init__(self, gateway: SmsGateway, sender: str, *, seconds: float = SECONDS) -> None:
        self._path = f"/2010-04-01/Accounts/{gateway.account}/Messages.json"
        self._sender = sender
        self._client = httpx.Client(base_url=gateway.url, auth=(gateway.account, gateway.token.reveal()), timeout=seconds)

    def send(self, sms: Sms) -> None:
        try:
            answer = self._client.post(self._path, data={"To": sms.number, "From": self._sender, "Body": sms.text})
        except httpx.HTTPError as error:
            raise Unavailable("sms") from error
        if answer.status_code == HTTPStatus.BAD_REQUEST:
            raise Refused(_said(answer))
        if not answer.is_success:
            raise Unavailable("sms") from RuntimeError(f"{answer.status_code} {_said(answer)}")

    def close(self) -> None:
        self._client.close()


def _said(answer: httpx.Response) -> str:
    try:
        found = msgspec.json.decode(answer.content, type=Answer)
    except msgspec.DecodeError:
        return answer.text[:200]
    return f"{found.code or answer.status_code} {found.message}"


class LocalTexts:
    """Takes texts as a gateway would and lets them be read; the same text twice is one."""

    def __init__(self, pool: ConnectionPool[Any], clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    def send(self, sms: Sms) -> None:
        values = {"id": sms.id, "recipient": sms.number, "body": sms.text, "at": self._clock(), "kept": KEPT}
        try:
            with self._pool.connection() as connection:
                connection.execute(DELIVER, values)
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise Unavailable("postgres") from error

    def newest(self, limit: int, before: int | None = None, to: str | None = None) -> Sequence[ReceivedText]:
        with self._pool.connection() as connection:
            rows = connection.execute(NEWEST, {"limit": limit, "before": before, "to": to}).fetchall()
        return [ReceivedText(*row) for row in rows]

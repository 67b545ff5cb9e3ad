"""Text messages: by a gateway that speaks as Twilio does, or into a local box."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, LiteralString
from uuid import UUID

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


BEGUN: LiteralString = "SELECT created_at FROM jobs WHERE id = %s AND attempts > 1"

DOUBT = timedelta(minutes=1)
"""How far the gateway's clock may be from ours, its times being whole seconds."""


class Answer(Struct, frozen=True):
    """What Twilio says of a message that it does not take: a number of its list of errors, and words."""

    code: int | None = None
    message: str = ""


class Listed(Struct, frozen=True):
    """A message as the gateway lists it: `date_created` is an RFC 2822 date."""

    body: str
    date_created: str


class Page(Struct, frozen=True):
    """The newest messages."""

    messages: list[Listed] = []


class TwilioTexter:
    """Sends by `POST /2010-04-01/Accounts/{sid}/Messages.json`, as Twilio's API documents it.

    Permanent (`Refused`) is what the gateway says of this number or this text with a 400. An account that is not let in, too many
    messages and faults of the gateway are to be mended or waited for: `Unavailable`. The API knows no idempotency key: where an answer was
    lost, or whoever asked before has died since, the gateway is asked for its list of what went to the number before the message is sent
    again. `begun` tells since when somebody may have sent a message that is to be sent now; None where nobody has tried before.
    """

    def __init__(
        self,
        gateway: SmsGateway,
        sender: str,
        clock: Callable[[], datetime],
        begun: Callable[[UUID], datetime | None],
        *,
        seconds: float = SECONDS,
    ) -> None:
        self._path = f"/2010-04-01/Accounts/{gateway.account}/Messages.json"
        self._sender = sender
        self._clock = clock
        self._begun = begun
        self._client = httpx.Client(base_url=gateway.url, auth=(gateway.account, gateway.token.reveal()), timeout=seconds)

    def send(self, sms: Sms) -> None:
        before = self._begun(sms.id)
        if before is not None and self._taken(sms, before):
            return
        began = self._clock()
        try:
            answer = self._client.post(self._path, data={"To": sms.number, "From": self._sender, "Body": sms.text})
        except httpx.ConnectError as error:
            raise Unavailable("sms") from error
        except httpx.HTTPError as error:
            if self._taken(sms, began):
                return
            raise Unavailable("sms") from error
        if answer.status_code == HTTPStatus.BAD_REQUEST:
            raise Refused(_said(answer))
        if not answer.is_success:
            raise Unavailable("sms") from RuntimeError(f"{answer.status_code} {_said(answer)}")

    def _taken(self, sms: Sms, since: datetime) -> bool:
        """Whether the gateway has had this text for this number since then. Raises `Unavailable` where it does not say."""
        try:
            answer = self._client.get(self._path, params={"To": sms.number, "From": self._sender, "PageSize": 50}).raise_for_status()
            listed = msgspec.json.decode(answer.content, type=Page).messages
            return any(each.body == sms.text and parsedate_to_datetime(each.date_created) >= since - DOUBT for each in listed)
        except (httpx.HTTPError, msgspec.DecodeError, ValueError) as error:
            raise Unavailable("sms") from error

    def close(self) -> None:
        self._client.close()


class TriedBefore:
    """Of texts that are jobs: since when one has been tried that somebody has taken before and not ended, in this process or another."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool

    def __call__(self, id: UUID) -> datetime | None:
        """Such jobs are made when they are due, so none was tried before it was made."""
        with self._pool.connection() as connection:
            found = connection.execute(BEGUN, [id]).fetchone()
        return found and found[0]


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

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


DOUBT = timedelta(minutes=1)
"""How far the gateway's clock may be from ours, its times being whole seconds."""

MOST_LOST = 1_000


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
    lost, the gateway is asked for its list of what went to the number, at once and before the message is sent again. Only where a
    process ends in between may it come twice.
    """

    def __init__(self, gateway: SmsGateway, sender: str, clock: Callable[[], datetime], *, seconds: float = SECONDS) -> None:
        self._path = f"/2010-04-01/Accounts/{gateway.account}/Messages.json"
        self._sender = sender
        self._clock = clock
        self._lost: dict[UUID, datetime] = {}
        self._client = httpx.Client(base_url=gateway.url, auth=(gateway.account, gateway.token.reveal()), timeout=seconds)

    def send(self, sms: Sms) -> None:
        first_tried = self._lost.get(sms.id)
        if first_tried is not None and self._taken(sms, first_tried):
            return
        began = first_tried or self._clock()
        try:
            answer = self._client.post(self._path, data={"To": sms.number, "From": self._sender, "Body": sms.text})
        except httpx.ConnectError as error:
            raise Unavailable("sms") from error
        except httpx.HTTPError as error:
            self._lose(sms, began)
            if self._taken(sms, began):
                return
            raise Unavailable("sms") from error
        if answer.status_code == HTTPStatus.BAD_REQUEST:
            raise Refused(_said(answer))
        if answer.is_server_error:
            self._lose(sms, began)
        if not answer.is_success:
            raise Unavailable("sms") from RuntimeError(f"{answer.status_code} {_said(answer)}")
        self._lost.pop(sms.id, None)

    def _lose(self, sms: Sms, began: datetime) -> None:
        self._lost[sms.id] = began
        if len(self._lost) > MOST_LOST:
            self._lost.pop(next(iter(self._lost)))

    def _taken(self, sms: Sms, since: datetime) -> bool:
        """Whether the gateway has had this text for this number since then. Raises `Unavailable` where it does not say."""
        try:
            answer = self._client.get(self._path, params={"To": sms.number, "From": self._sender, "PageSize": 50}).raise_for_status()
            listed = msgspec.json.decode(answer.content, type=Page).messages
            found = any(each.body == sms.text and parsedate_to_datetime(each.date_created) >= since - DOUBT for each in listed)
        except (httpx.HTTPError, msgspec.DecodeError, ValueError) as error:
            raise Unavailable("sms") from error
        if found:
            self._lost.pop(sms.id, None)
        return found

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

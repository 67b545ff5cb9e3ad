"""What the sandbox tells us, as a provider would: signed, over HTTP, to the same address as everyone's."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import httpx
import msgspec
from msgspec import Struct
from psycopg import Cursor
from psycopg_pool import ConnectionPool

from application.effects.calls import SendSandboxMessage
from application.effects.job import Job
from application.ports import Clock, Unavailable
from infrastructure.jobs.queue import put
from infrastructure.payments.signature import sign

SANDBOX = UUID("8d3f2c71-5a0e-5f14-9b7d-6c1e4a2f9033")
"""The namespace of the sandbox's messages."""

HEADER = "sandbox-signature"

Post = Callable[[bytes, Mapping[str, str]], int]
"""Hands a body with its headers to our own endpoint, and says by which status it was answered. Raises `Unavailable`."""


class About(Struct, frozen=True, omit_defaults=True):
    """A charge, one of its refunds by key, or a dispute of it with its ruling; a subscription, after so many messages; or a transfer."""

    charge: str = ""
    refund: str = ""
    ruling: str = ""
    subscription: str = ""
    number: int = 0
    transfer: str = ""


class Message(Struct, frozen=True):
    id: str
    type: str
    data: About


def owe(cursor: Cursor[Any], kind: str, about: About, at: datetime | None, *, times: int = 1) -> None:
    """Have it told in the transaction of what it tells; `at`: not before."""
    of = f"{about.subscription} {about.number}" if about.subscription else f"{about.charge} {about.refund} {about.ruling}"
    id = uuid5(SANDBOX, f"{kind} {about.transfer or of}")
    body = msgspec.json.encode(Message(f"evt_{id.hex}", kind, about))
    cursor.execute("INSERT INTO sandbox_messages (id, kind, body) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", (id, kind, body))
    put(cursor, [Job(uuid5(id, str(number)), SendSandboxMessage(id), id, id, at) for number in range(times)])


class Messenger:
    def __init__(self, pool: ConnectionPool[Any], key: bytes, post: Post, clock: Clock) -> None:
        self._pool = pool
        self._key = key
        self._post = post
        self._clock = clock

    def __call__(self, message_id: UUID) -> None:
        """Raises `Unavailable` where nobody took it: it is told again."""
        with self._pool.connection() as connection:
            (body,) = connection.execute("SELECT body FROM sandbox_messages WHERE id = %s", (message_id,)).fetchone() or (b"",)
        headers = {"content-type": "application/json", HEADER: sign(self._key, bytes(body), self._clock())}
        if self._post(bytes(body), headers) >= 300:
            raise Unavailable("sandbox_messages")
        with self._pool.connection() as connection:
            connection.execute("UPDATE sandbox_messages SET sent_at = %s WHERE id = %s", (self._clock(), message_id))


def over_http(address: str) -> Post:
    def post(body: bytes, headers: Mapping[str, str]) -> int:
        try:
            # It is our own server: no proxy of the environment stands between.
            return httpx.post(address, content=body, headers=dict(headers), timeout=10, trust_env=False).status_code
        except httpx.HTTPError as error:
            raise Unavailable("sandbox_messages") from error

    return post

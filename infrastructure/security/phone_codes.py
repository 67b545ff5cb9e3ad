"""Codes texted to people who sign in with their number: made from the row that asks for them, so that none is kept.

The number is found by its HMAC, and sealed for the one who sends the text: neither can be read without the installation's keys.
"""

import os
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg_pool import ConnectionPool

from application.credentials import Conceal
from application.effects.job import Job, SendCode, job_id
from infrastructure.eventlog.outcomes import translated
from infrastructure.jobs.queue import put
from infrastructure.security.codes import DeliveryCodes

LASTS = timedelta(minutes=10)
TRIES = 5
NONCE_BYTES = 12

TIDY = "DELETE FROM phone_codes WHERE expires_at <= %(now)s"
ASK = """
INSERT INTO phone_codes (concealed, id, sealed, expires_at) VALUES (%(concealed)s, %(id)s, %(sealed)s, %(expires_at)s)
ON CONFLICT (concealed) DO UPDATE SET id = excluded.id, sealed = excluded.sealed, expires_at = excluded.expires_at, tries = 0"""
TRY = """
UPDATE phone_codes SET tries = tries + 1 WHERE concealed = %(concealed)s AND expires_at > %(now)s AND tries < %(tries)s
RETURNING id"""
USED = "DELETE FROM phone_codes WHERE id = %(id)s"
SENT = "SELECT sealed FROM phone_codes WHERE id = %(id)s AND expires_at > %(now)s"


class PostgresPhoneCodes:
    """The text is owed in the transaction that keeps the request for it, and sent by the role `work`. `key` has 32 bytes."""

    def __init__(self, pool: ConnectionPool[Any], codes: DeliveryCodes, conceal: Conceal, key: bytes) -> None:
        self._pool = pool
        self._codes = codes
        self._conceal = conceal
        self._cipher = AESGCM(key)

    def ask(self, number: str, code_id: UUID, now: datetime, correlation_id: UUID) -> None:
        values = {"concealed": self._conceal(number), "id": code_id, "sealed": self._seal(number, code_id), "expires_at": now + LASTS}
        job = Job(job_id(code_id, "text"), SendCode(code_id), code_id, correlation_id, now)
        with translated(), self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            cursor.execute(TIDY, {"now": now})
            cursor.execute(ASK, values)
            put(cursor, [job])

    def spend(self, number: str, code: str, now: datetime) -> bool:
        with translated(), self._pool.connection() as connection, connection.transaction():
            # The row is locked from here on: of two that show the same code at the same time, the second finds it used.
            found = connection.execute(TRY, {"concealed": self._conceal(number), "now": now, "tries": TRIES}).fetchone()
            if found is None or not self._codes.fits(found[0], code):
                return False
            connection.execute(USED, {"id": found[0]})
            return True

    def sent(self, code_id: UUID, now: datetime) -> tuple[str, str] | None:
        with translated(), self._pool.connection() as connection:
            row = connection.execute(SENT, {"id": code_id, "now": now}).fetchone()
        return (self._open(row[0], code_id), self._codes.of(code_id)) if row else None

    def _seal(self, number: str, code_id: UUID) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, number.encode(), code_id.bytes)

    def _open(self, sealed: bytes, code_id: UUID) -> str:
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], code_id.bytes).decode()

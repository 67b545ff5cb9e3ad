"""The sandbox pays out: a transfer is a row, made once for each key, and does what the account's number ends with."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.payments.transfers import Arrived, SeenTransfer, Transfer
from application.ports import Clock, Unavailable
from infrastructure.eventlog.outcomes import translated
from infrastructure.payments.sandbox.messages import About, owe

SLOW, REFUSED, LATER, LOST = "00001", "00002", "00003", "00004"

CODES: Mapping[str, str] = {REFUSED: "account_closed", LATER: "account_blocked"}
DELAY = timedelta(hours=1)
DELAYED = frozenset({SLOW, LATER})

FEE = 100
"""In minor units, for each transfer that arrives."""

SEND: LiteralString = """
    INSERT INTO sandbox_transfers (key, payout_id, attempt, currency, amount, code, created_at, settles_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
ONE: LiteralString = "SELECT payout_id, attempt, code, settles_at FROM sandbox_transfers WHERE key = %s"


class SandboxTransfers:
    """`application.payments.payouts.PayoutProvider`."""

    def __init__(self, pool: ConnectionPool[Any], clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def send(self, transfer: Transfer) -> SeenTransfer:
        now, ending = self._clock(), transfer.bank.number[-len(SLOW) :]
        settles = now + DELAY if ending in DELAYED else now
        about = (transfer.payout_id, transfer.attempt, transfer.currency, transfer.amount)
        with translated(), self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            made = cursor.execute(SEND, (transfer.key, *about, CODES.get(ending, ""), now, settles)).rowcount == 1
            if made:
                owe(cursor, "transfer.completed", About(transfer=transfer.key), settles)
        if made and ending == LOST:
            raise Unavailable("sandbox")
        return self.find(transfer) or SeenTransfer(transfer.payout_id, transfer.attempt, transfer.key, Arrived.PENDING)

    def find(self, transfer: Transfer) -> SeenTransfer | None:
        return self.look(transfer.key)

    def look(self, key: str) -> SeenTransfer | None:
        with translated(), self._pool.connection() as connection:
            found: tuple[UUID, int, str, Any] | None = connection.execute(ONE, (key,)).fetchone()
        if found is None:
            return None
        payout_id, attempt, code, settles_at = found
        if settles_at > self._clock():
            return SeenTransfer(payout_id, attempt, key, Arrived.PENDING)
        if code:
            return SeenTransfer(payout_id, attempt, key, Arrived.FAILED, code=code)
        return SeenTransfer(payout_id, attempt, key, Arrived.PAID, FEE)

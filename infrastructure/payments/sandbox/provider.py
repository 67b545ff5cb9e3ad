"""The sandbox as a provider: a charge is a row, made once for each key, and does what its card's number says."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Cursor
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.payments.ports import (
    Announced,
    Back,
    Charge,
    Forged,
    Repaid,
    Ruling,
    Said,
    Seen,
    SeenDispute,
    SeenRefund,
    State,
    refund_of,
)
from application.payments.transfers import SeenTransfer
from application.ports import Clock, Unavailable
from application.tiers.ports import SeenTier
from infrastructure.eventlog.outcomes import translated
from infrastructure.payments.sandbox.messages import HEADER, About, Message, owe
from infrastructure.payments.sandbox.numbers import CARDS, Card, fee_of
from infrastructure.payments.sandbox.tiers import SandboxTiers
from infrastructure.payments.signature import check
from infrastructure.payments.transfers.sandbox import SandboxTransfers

DISPUTED_AFTER = timedelta(minutes=1)
RULED_AFTER = timedelta(days=1)
DISPUTE_FEE = 1500

BEGIN: LiteralString = """
    INSERT INTO sandbox_charges (key, reference, payment_id, attempt, number, currency, amount, manual, return_url, state, code, captured,
        created_at, settles_at)
    VALUES (%(key)s, %(reference)s, %(payment_id)s, %(attempt)s, %(number)s, %(currency)s, %(amount)s, %(manual)s, %(return_url)s,
        %(state)s, %(code)s, %(captured)s, %(created_at)s, %(settles_at)s)
    ON CONFLICT DO NOTHING
"""
MOVE: LiteralString = """
    UPDATE sandbox_charges SET state = %(state)s, code = %(code)s, captured = %(captured)s, settles_at = NULL
    WHERE reference = %(reference)s AND state = ANY(%(from)s) AND (settles_at IS NULL OR settles_at > %(now)s)
"""
LOST: LiteralString = """
    INSERT INTO sandbox_lost (key, first_at) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET first_at = sandbox_lost.first_at
    RETURNING first_at, xmax = 0
"""
CHARGE: LiteralString = """
    SELECT reference, payment_id, attempt, number, currency, amount, manual, return_url, state, code, captured, created_at, settles_at
    FROM sandbox_charges
"""
ONE: LiteralString = f"{CHARGE} WHERE reference = %s"
OF_ATTEMPT: LiteralString = f"{CHARGE} WHERE payment_id = %s AND attempt = %s AND created_at >= %s"
BETWEEN: LiteralString = f"{CHARGE} WHERE created_at >= %s AND created_at < %s ORDER BY created_at, reference"
REFUND: LiteralString = """
    INSERT INTO sandbox_refunds (reference, key, charge, amount, state, code) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class Row(Struct, frozen=True):
    """A charge; `amount` and `currency` are what the card takes, which may not be what was asked."""

    reference: str
    payment_id: UUID
    attempt: int
    number: str
    currency: str
    amount: int
    manual: bool
    return_url: str
    state: str
    code: str
    captured: int
    created_at: datetime
    settles_at: datetime | None

    @property
    def card(self) -> Card:
        return CARDS[self.number]


class Sandbox:
    """`application.payments.ports.PaymentProvider`. `site` is where its own pages are.

    `tiers` are what it charges for again and again, `transfers` what it pays out.
    """

    def __init__(self, pool: ConnectionPool[Any], key: bytes, site: str, clock: Clock) -> None:
        self._pool = pool
        self._key = key
        self._site = site
        self._clock = clock
        self.tiers = SandboxTiers(pool, site, clock)
        self.transfers = SandboxTransfers(pool, clock)

    def accepts(self, method: str, currency: str) -> bool:
        return method in CARDS and bool(currency)

    def begin(self, charge: Charge) -> Seen:
        card = CARDS.get(charge.method)
        if card is None:
            return Seen(charge.payment_id, charge.attempt, "", State.FAILED, charge.currency, charge.amount, code="unknown_test_number")
        self._get_through(card, charge.key)
        state = first_state(card, charge)
        now = self._clock()
        reference, settles_at = f"sb_{charge.payment_id.hex}_{charge.attempt}", now + card.settles if card.settles else None
        values = {
            "key": charge.key,
            "reference": reference,
            "payment_id": charge.payment_id,
            "attempt": charge.attempt,
            "number": charge.method,
            "currency": card.currency or charge.currency,
            "amount": charge.amount + card.off,
            "manual": charge.manual,
            "return_url": charge.return_url,
            "state": state,
            "code": card.declined,
            "captured": charge.amount + card.off if state == State.CAPTURED else 0,
            "created_at": now,
            "settles_at": settles_at,
        }
        with translated(), self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            made = cursor.execute(BEGIN, values).rowcount == 1
            if made:
                self._tell(cursor, reference, card, state, settles_at)
        if made and card.lost == "after":
            raise Unavailable("sandbox")
        return self.look(reference)

    def _get_through(self, card: Card, key: str) -> None:
        """The line may be dead: for a first call, or for a while."""
        if card.lost != "before" and card.down is None:
            return
        with translated(), self._pool.connection() as connection:
            first_at, first = connection.execute(LOST, (key, self._clock())).fetchone() or (self._clock(), True)
        if first or (card.down and self._clock() < first_at + card.down):
            raise Unavailable("sandbox")

    def _tell(self, cursor: Cursor[Any], reference: str, card: Card, state: str, at: datetime | None) -> None:
        times = 2 if card.twice else 1
        owe(cursor, f"charge.{State.CAPTURED if at else state}", About(reference), at, times=times)
        if card.dispute and state == State.CAPTURED:
            opened = self._clock() + DISPUTED_AFTER
            owe(cursor, "dispute.opened", About(reference, ruling=Ruling.OPEN), opened)
            owe(cursor, "dispute.closed", About(reference, ruling=Ruling(card.dispute)), opened + RULED_AFTER)

    def find(self, charge: Charge, since: datetime) -> Seen | None:
        found = self._rows(OF_ATTEMPT, [charge.payment_id, charge.attempt, since])
        return self._seen(found[0]) if found else None

    def look(self, reference: str) -> Seen:
        return self._seen(self.charge(reference))

    def charge(self, reference: str) -> Row:
        """Raises LookupError."""
        found = self._rows(ONE, [reference])
        if not found:
            raise LookupError(reference)
        return found[0]

    def capture(self, reference: str, amount: int, key: str) -> Seen:
        del key  # a charge is captured once
        return self._move(reference, State.CAPTURED, [State.AUTHORISED], captured=amount)

    def cancel(self, reference: str, key: str) -> Seen:
        del key  # a charge is cancelled once
        if not self.charge(reference).card.stoppable:
            return self.look(reference)
        return self._move(reference, State.FAILED, [State.PENDING, State.ACTION_REQUIRED, State.AUTHORISED], code="canceled")

    def answer_action(self, reference: str, approved: bool) -> Seen:
        """What a person did on the page for 3-D Secure."""
        charge = self.charge(reference)
        if not approved:
            return self._move(reference, State.FAILED, [State.ACTION_REQUIRED], code="authentication_failed")
        state = State.AUTHORISED if charge.manual else State.CAPTURED
        return self._move(reference, state, [State.ACTION_REQUIRED], captured=0 if charge.manual else charge.amount)

    def _move(self, reference: str, state: State, before: list[State], *, code: str = "", captured: int = 0) -> Seen:
        values = {"reference": reference, "state": state, "code": code, "captured": captured, "from": before, "now": self._clock()}
        with translated(), self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            if cursor.execute(MOVE, values).rowcount == 1:
                self._tell(cursor, reference, self.charge(reference).card, state, None)
        return self.look(reference)

    def refund(self, back: Back) -> SeenRefund:
        charge = self.charge(back.charge)
        code = charge.card.refund_fails
        reference = f"re_{back.key.replace('-', '')}"
        values = (reference, back.key, back.charge, back.amount, Repaid.FAILED if code else Repaid.PAID, code)
        with translated(), self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            if cursor.execute(REFUND, values).rowcount == 1:
                owe(cursor, "refund.ended", About(back.charge, refund=back.key), None)
        return self.find_refund(back) or SeenRefund(back.payment_id, back.refund_id, reference, Repaid.PENDING, asking=back.asking)

    def find_refund(self, back: Back) -> SeenRefund | None:
        with translated(), self._pool.connection() as connection:
            found = connection.execute("SELECT reference, state, code FROM sandbox_refunds WHERE key = %s", (back.key,)).fetchone()
        return None if found is None else SeenRefund(back.payment_id, back.refund_id, found[0], Repaid(found[1]), found[2], back.asking)

    def between(self, since: datetime, until: datetime) -> Iterable[Seen]:
        return map(self._seen, self._rows(BETWEEN, [since, until]))

    def verify(self, headers: Mapping[str, str], body: bytes) -> Announced:
        check(self._key, headers.get(HEADER, ""), body, self._clock())
        try:
            message = msgspec.json.decode(body, type=Message)
        except msgspec.DecodeError as error:
            raise Forged from error
        return Announced(message.id, message.type)

    def understand(self, body: bytes) -> Said | SeenTier | SeenTransfer | None:
        about = msgspec.json.decode(body, type=Message).data
        if about.subscription:
            return self.tiers.look(about.subscription)
        if about.transfer:
            return self.transfers.look(about.transfer)
        try:
            charge = self.charge(about.charge)
        except LookupError:
            return None
        if about.refund:
            refund_id, asking = refund_of(about.refund)
            return self.find_refund(Back(charge.payment_id, refund_id, charge.reference, charge.currency, 0, asking))
        if about.ruling:
            ruling = Ruling(about.ruling)
            back = DISPUTE_FEE if ruling is Ruling.WON else 0
            name = f"dp_{charge.reference}"
            return SeenDispute(charge.payment_id, charge.attempt, name, charge.captured, DISPUTE_FEE, "fraudulent", ruling, back)
        return self._seen(charge)

    def _seen(self, row: Row) -> Seen:
        state, captured = State(row.state), row.captured
        if row.settles_at and row.settles_at <= self._clock():
            state, captured = State.CAPTURED, row.amount
        came = state is State.CAPTURED
        return Seen(
            row.payment_id,
            row.attempt,
            row.reference,
            state,
            row.currency,
            captured if came else row.amount,
            fee_of(captured) if came else 0,
            row.code,
            f"{self._site}/dev/sandbox/{row.reference}" if state is State.ACTION_REQUIRED else "",
        )

    def _rows(self, statement: LiteralString, values: list[Any]) -> list[Row]:
        with translated(), self._pool.connection() as connection, connection.cursor(row_factory=class_row(Row)) as cursor:
            return cursor.execute(statement, values).fetchall()


def first_state(card: Card, charge: Charge) -> State:
    if card.declined:
        return State.FAILED
    if card.action:
        return State.ACTION_REQUIRED
    if card.settles:
        return State.PENDING
    return State.AUTHORISED if charge.manual else State.CAPTURED

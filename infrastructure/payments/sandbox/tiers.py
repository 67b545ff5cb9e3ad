"""Subscriptions of the sandbox: paid on a page of its own, and renewed when somebody asks after the paid period is over.

On that page they can be made to miss their payments, or to be ended, as a provider's would be.
"""

from calendar import monthrange
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Cursor
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from application.ports import Clock
from application.tiers.ports import Opened, SeenTier, Wanted
from domain.subscriptions.tiers.commands import Stage
from domain.subscriptions.tiers.events import Held
from domain.subscriptions.tiers.offers import Period, Tier
from infrastructure.eventlog.outcomes import translated
from infrastructure.payments.sandbox.messages import About, owe
from infrastructure.payments.sandbox.numbers import fee_of

NAME = "sandbox"

OPEN: LiteralString = """
    INSERT INTO sandbox_subscriptions (reference, user_id, revision, tier, period, currency, price, return_url, expires_at, state)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'open') ON CONFLICT DO NOTHING
"""
ONE: LiteralString = """
    SELECT reference, user_id, revision, tier, period, currency, price, return_url, expires_at, state, period_ends, due_at, attempt,
        renews, failing, messages
    FROM sandbox_subscriptions WHERE reference = %s FOR UPDATE
"""
KEEP: LiteralString = """
    UPDATE sandbox_subscriptions SET revision = %(revision)s, tier = %(tier)s, period = %(period)s, price = %(price)s, state = %(state)s,
        expires_at = %(expires_at)s, period_ends = %(period_ends)s, due_at = %(due_at)s, attempt = %(attempt)s, renews = %(renews)s,
        failing = %(failing)s, messages = %(messages)s
    WHERE reference = %(reference)s
"""


class Row(Struct, frozen=True):
    """`state`: open, active, missed, ended. `failing`: its card declines from now on. `messages` have been told of it so far."""

    reference: str
    user_id: UUID
    revision: int
    tier: str
    period: str
    currency: str
    price: int
    return_url: str
    expires_at: datetime
    state: str
    period_ends: datetime | None
    due_at: datetime | None
    attempt: int
    renews: bool
    failing: bool
    messages: int


class SandboxTiers:
    """`application.tiers.ports.TierProvider`. Whatever it is asked about, time has done first what it would have."""

    def __init__(self, pool: ConnectionPool[Any], site: str, clock: Clock) -> None:
        self._pool = pool
        self._site = site
        self._clock = clock

    def open(self, wanted: Wanted, expires_at: datetime, return_url: str) -> Opened:
        reference = f"sub_{wanted.user_id.hex}_{wanted.revision}"
        about = (wanted.tier, wanted.period, wanted.currency, wanted.price)
        with translated(), self._pool.connection() as connection:
            connection.execute(OPEN, (reference, wanted.user_id, wanted.revision, *about, return_url, expires_at))
        return Opened(reference, f"{self._site}/dev/sandbox/subscriptions/{reference}")

    def close(self, checkout: str) -> None:
        self._move(checkout, lambda row: replace(row, expires_at=self._clock()))

    def outcome(self, checkout: str) -> SeenTier | None:
        return self.look(checkout)

    def look(self, reference: str) -> SeenTier | None:
        return seen(self._move(reference, lambda row: row))

    def change(self, reference: str, wanted: Wanted) -> SeenTier | None:
        now = self._clock()

        def changed(row: Row) -> Row:
            if row.revision == wanted.revision:
                return row
            ends = row.period_ends if row.period == wanted.period else after(now, wanted.period)
            return replace(row, revision=wanted.revision, tier=wanted.tier, period=wanted.period, price=wanted.price, period_ends=ends)

        return seen(self._move(reference, changed))

    def renew(self, reference: str, *, goes_on: bool) -> None:
        self._move(reference, lambda row: replace(row, renews=goes_on))

    def retry(self, reference: str) -> SeenTier | None:
        return seen(self._move(reference, tried))

    def end(self, reference: str) -> None:
        self._move(reference, ended)

    # What a person does on its page

    def subscription(self, reference: str) -> Row:
        """Raises LookupError."""
        return self._move(reference, lambda row: row)

    def act(self, reference: str, verb: str) -> Row:
        """`pay` what is open, `miss` or `mend`: decline from now on or no more, `end` it; told twice, as providers do now and then."""
        now = self._clock()

        def acted(row: Row) -> Row:
            match verb:
                case "pay" if row.state == "open" and now < row.expires_at:
                    return replace(row, state="active", period_ends=after(now, row.period))
                case "miss" | "mend":
                    return replace(row, failing=verb == "miss")
                case "end" if row.state != "open":
                    return ended(row)
                case _:
                    return row

        return self._move(reference, acted, times=2)

    def _move(self, reference: str, change: Any, times: int = 1) -> Row:
        with translated(), self._pool.connection() as connection, connection.transaction():
            with connection.cursor(row_factory=class_row(Row)) as cursor:
                before = cursor.execute(ONE, (reference,)).fetchone()
            if before is None:
                raise LookupError(reference)
            row = change(passed(before, self._clock()))
            if row != before:
                row = replace(row, messages=row.messages + 1)
                with connection.cursor() as cursor:
                    cursor.execute(KEEP, {name: getattr(row, name) for name in row.__struct_fields__})
                    self._tell(cursor, before, row, times)
            return row

    def _tell(self, cursor: Cursor[Any], before: Row, row: Row, times: int) -> None:
        kinds = {"active": "customer.subscription.updated", "missed": "invoice.payment_failed", "ended": "customer.subscription.deleted"}
        kind = "checkout.session.completed" if before.state == "open" and row.state == "active" else kinds.get(row.state)
        if kind:
            owe(cursor, kind, About(subscription=row.reference, number=row.messages), None, times=times)


def passed(row: Row, now: datetime) -> Row:
    """The period is over: it is charged for the next, or ended where it was not to go on."""
    if row.state != "active" or row.period_ends is None or now < row.period_ends:
        return row
    if not row.renews:
        return ended(row)
    begun = replace(row, due_at=row.period_ends, period_ends=after(row.period_ends, row.period))
    return tried(replace(begun, state="missed"))


def tried(row: Row) -> Row:
    if row.state != "missed":
        return row
    return replace(row, attempt=row.attempt + 1) if row.failing else replace(row, state="active", attempt=0, due_at=None)


def ended(row: Row) -> Row:
    return replace(row, state="ended")


def after(moment: datetime, period: str) -> datetime:
    """The same day of the next month or year, or its last."""
    months = moment.month + (12 if period == Period.YEARLY else 1) - 1
    year, month = moment.year + months // 12, months % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def seen(row: Row) -> SeenTier | None:
    """None for what nobody has paid."""
    if row.state == "open" or row.period_ends is None:
        return None
    held = Held(row.revision, NAME, row.reference, Tier(row.tier), Period(row.period), row.period_ends)
    if row.state == "ended":
        return SeenTier(row.user_id, held, Stage.ENDED)
    if row.state == "missed":
        return SeenTier(row.user_id, held, Stage.MISSED, attempt=row.attempt, due_at=row.due_at)
    charge = f"ch_{row.reference}_{row.period_ends:%Y%m%d}"
    return SeenTier(row.user_id, held, Stage.PAID, charge, row.currency, row.price, fee=fee_of(row.price))

"""What became of each day of a recurring order: its orders, or why there are none; the failed ones are the staff's list."""

import datetime as dt
from uuid import UUID

from msgspec.structs import replace

from domain.subscriptions.events import OccurrenceFailed, OccurrencePlaced, OccurrenceRetried, Outcome
from domain.values import Value
from projections.sql import Order, Where, equals
from projections.view import View

Settled = OccurrencePlaced | OccurrenceFailed | OccurrenceRetried


class OccurrencePage(Value, frozen=True):
    """`code` says why a day failed, with `detail` for people; `starts_at` is set where it failed: until then it may be tried again."""

    recurring_id: UUID
    customer_id: UUID
    date: dt.date
    outcome: Outcome
    attempt: int
    at: dt.datetime
    code: str | None = None
    detail: str = ""
    starts_at: dt.datetime | None = None
    checkout_id: UUID | None = None
    order_ids: tuple[UUID, ...] = ()


def evolve(page: OccurrencePage | None, event: Settled) -> OccurrencePage:
    found = page or OccurrencePage(event.recurring_id, event.customer_id, event.date, Outcome.PLACED, event.attempt, event.at)
    match event:
        case OccurrencePlaced(attempt=attempt, checkout_id=checkout, order_ids=ids, at=at):
            return replace(found, outcome=Outcome.PLACED, attempt=attempt, at=at, code=None, detail="", checkout_id=checkout, order_ids=ids)
        case OccurrenceFailed(starts_at=starts_at, attempt=attempt, code=code, detail=detail, at=at):
            return replace(found, outcome=Outcome.FAILED, attempt=attempt, at=at, code=code, detail=detail, starts_at=starts_at)
        case OccurrenceRetried(attempt=attempt, at=at):
            return replace(found, outcome=Outcome.RETRYING, attempt=attempt, at=at)


def day_of(event: Settled) -> str:
    return f"{event.recurring_id}/{event.date}"


view = View(
    "recurring_occurrences",
    OccurrencePage,
    key=day_of,
    evolve=evolve,
    events=(OccurrencePlaced, OccurrenceFailed, OccurrenceRetried),
    columns={
        "recurring_id": "uuid",
        "customer_id": "uuid",
        "date": "date",
        "outcome": "text",
        "starts_at": "timestamptz",
        "at": "timestamptz",
    },
    indexes=("recurring_id, date DESC, key DESC", "outcome, at DESC, key DESC"),
    key_type="text",
)

LATEST_DAY_FIRST = Order(("date",))
LATEST_FIRST = Order(("at",))


def of(recurring_id: UUID) -> Where:
    return equals("recurring_id", recurring_id)


FAILED = equals("outcome", Outcome.FAILED)

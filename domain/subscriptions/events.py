"""What has happened to recurring orders: their rule, what they bring, and what became of each of their days."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

from domain.subscriptions.schedule import Schedule
from domain.values import Address, Erased, Personal, Value


class Status(StrEnum):
    """Where a recurring order stands."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Outcome(StrEnum):
    """What became of one of its days."""

    PLACED = "placed"
    FAILED = "failed"
    RETRYING = "retrying"


class WantedLine(Value, frozen=True):
    """So many pieces of a product, of the variant with this number; the price is that of the day."""

    listing_id: UUID
    sku: str
    quantity: int


class RecurringOrderStarted(Value, frozen=True):
    """`currency` is that of the prices when it began: the customer agreed to no other. A slot is booked in the zone's `window`."""

    recurring_id: UUID
    customer_id: UUID
    currency: str
    lines: tuple[WantedLine, ...]
    schedule: Schedule
    at: dt.datetime
    zone_id: UUID | None = None
    window: str | None = None


class RecurringOrderPaused(Value, frozen=True):
    recurring_id: UUID
    customer_id: UUID
    by: UUID
    at: dt.datetime


class RecurringOrderResumed(Value, frozen=True):
    recurring_id: UUID
    customer_id: UUID
    by: UUID
    at: dt.datetime


class RecurringOrderEnded(Value, frozen=True):
    """`by` is None where the rule has no more days."""

    recurring_id: UUID
    customer_id: UUID
    by: UUID | None
    at: dt.datetime


class QuantitiesChanged(Value, frozen=True):
    """All lines as they are from the next day on that is not settled yet."""

    recurring_id: UUID
    customer_id: UUID
    lines: tuple[WantedLine, ...]
    by: UUID
    at: dt.datetime


class OccurrenceScheduled(Value, frozen=True):
    """The next day: it is for `starts_at` and is settled at `due_at`, which is when its order is placed."""

    recurring_id: UUID
    customer_id: UUID
    date: dt.date
    starts_at: dt.datetime
    due_at: dt.datetime
    at: dt.datetime


class OccurrenceSkipped(Value, frozen=True):
    recurring_id: UUID
    customer_id: UUID
    date: dt.date
    by: UUID
    at: dt.datetime


class OccurrencePlaced(Value, frozen=True):
    """The day's order, or one per seller; attempts count from 1."""

    recurring_id: UUID
    customer_id: UUID
    date: dt.date
    attempt: int
    checkout_id: UUID
    order_ids: tuple[UUID, ...]
    at: dt.datetime


class OccurrenceFailed(Value, frozen=True):
    """The day brings nothing unless it is tried again, before `starts_at`; `code` is that of the refusal. Concerns no other day."""

    recurring_id: UUID
    customer_id: UUID
    date: dt.date
    starts_at: dt.datetime
    attempt: int
    code: str
    detail: str
    at: dt.datetime


class OccurrenceRetried(Value, frozen=True):
    """A further attempt is due at once."""

    recurring_id: UUID
    customer_id: UUID
    date: dt.date
    attempt: int
    by: UUID
    at: dt.datetime


RecurringOrderEvent = (
    RecurringOrderStarted
    | RecurringOrderPaused
    | RecurringOrderResumed
    | RecurringOrderEnded
    | QuantitiesChanged
    | OccurrenceScheduled
    | OccurrenceSkipped
    | OccurrencePlaced
    | OccurrenceFailed
    | OccurrenceRetried
)


class StandingDetailsGiven(Value, frozen=True):
    """Where a recurring order goes and how it is paid; `contact` is a mail address, `method` the provider's token.

    They have a stream of their own, so that the recurring order's holds nothing personal and can be snapshotted.
    """

    recurring_id: UUID
    customer_id: UUID
    address: Personal[Address | Erased, "customer_id"]
    contact: Personal[str | Erased, "customer_id"]
    provider: str
    method: Personal[str | Erased, "customer_id"]
    at: dt.datetime

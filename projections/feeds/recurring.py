"""The feed of recurring orders: what they bring and what became of each of their days, by ids; whose they are stays private."""

import datetime as dt
from typing import Any
from uuid import UUID

from domain.subscriptions import events
from domain.subscriptions.events import WantedLine
from domain.values import Value
from projections.feeds.alone import nothing
from projections.view import Feed


class RecurringOrderStarted(Value, frozen=True):
    """`rule` is of RFC 5545, read in the `timezone`, and counts from `beginsOn`."""

    recurring_id: UUID
    currency: str
    lines: tuple[WantedLine, ...]
    rule: str
    timezone: str
    begins_on: dt.date


class RecurringOrderPaused(Value, frozen=True):
    recurring_id: UUID


class RecurringOrderResumed(Value, frozen=True):
    recurring_id: UUID


class RecurringOrderEnded(Value, frozen=True):
    recurring_id: UUID


class QuantitiesChanged(Value, frozen=True):
    """All lines as they are from the next day on that is not settled yet."""

    recurring_id: UUID
    lines: tuple[WantedLine, ...]


class OccurrenceScheduled(Value, frozen=True):
    """The next day; its order is placed at `dueAt`."""

    recurring_id: UUID
    date: dt.date
    due_at: dt.datetime


class OccurrenceSkipped(Value, frozen=True):
    recurring_id: UUID
    date: dt.date


class OccurrencePlaced(Value, frozen=True):
    """The day's order, or one per seller; attempts count from 1."""

    recurring_id: UUID
    date: dt.date
    attempt: int
    checkout_id: UUID
    order_ids: tuple[UUID, ...]


class OccurrenceFailed(Value, frozen=True):
    """The day brings nothing unless it is tried again; `code` is that of the refusal. Concerns no other day."""

    recurring_id: UUID
    date: dt.date
    attempt: int
    code: str


class OccurrenceRetried(Value, frozen=True):
    recurring_id: UUID
    date: dt.date
    attempt: int


def public(_known: Value | None, event: Value) -> Value | None:
    match event:
        case events.RecurringOrderStarted(recurring_id=id, schedule=schedule):
            return RecurringOrderStarted(id, event.currency, event.lines, schedule.rule, schedule.timezone, schedule.begins_on)
        case events.RecurringOrderPaused(recurring_id=id):
            return RecurringOrderPaused(id)
        case events.RecurringOrderResumed(recurring_id=id):
            return RecurringOrderResumed(id)
        case events.RecurringOrderEnded(recurring_id=id):
            return RecurringOrderEnded(id)
        case events.QuantitiesChanged(recurring_id=id, lines=lines):
            return QuantitiesChanged(id, lines)
        case events.OccurrenceScheduled(recurring_id=id, date=date, due_at=due_at):
            return OccurrenceScheduled(id, date, due_at)
        case events.OccurrenceSkipped(recurring_id=id, date=date):
            return OccurrenceSkipped(id, date)
        case events.OccurrencePlaced(recurring_id=id, date=date, attempt=attempt):
            return OccurrencePlaced(id, date, attempt, event.checkout_id, event.order_ids)
        case events.OccurrenceFailed(recurring_id=id, date=date, attempt=attempt, code=code):
            return OccurrenceFailed(id, date, attempt, code)
        case events.OccurrenceRetried(recurring_id=id, date=date, attempt=attempt):
            return OccurrenceRetried(id, date, attempt)
        case _:
            return None


def recurring_of(event: Any) -> UUID:
    return event.recurring_id


recurring_orders: Feed[Value] = Feed(
    "recurring-orders",
    "Recurring orders by ids: started, paused, resumed, changed, ended, and each of their days: due, skipped, placed, failed, tried again.",
    known=Value,
    key=recurring_of,
    evolve=nothing,
    public=public,
    events=(
        events.RecurringOrderStarted,
        events.RecurringOrderPaused,
        events.RecurringOrderResumed,
        events.RecurringOrderEnded,
        events.QuantitiesChanged,
        events.OccurrenceScheduled,
        events.OccurrenceSkipped,
        events.OccurrencePlaced,
        events.OccurrenceFailed,
        events.OccurrenceRetried,
    ),
    payloads=(
        RecurringOrderStarted,
        RecurringOrderPaused,
        RecurringOrderResumed,
        RecurringOrderEnded,
        QuantitiesChanged,
        OccurrenceScheduled,
        OccurrenceSkipped,
        OccurrencePlaced,
        OccurrenceFailed,
        OccurrenceRetried,
    ),
)

"""The recurring order as its page shows it: what it brings, on which days, and which day comes next."""

import datetime as dt
from uuid import UUID

from msgspec.structs import replace

from domain.subscriptions.events import (
    OccurrenceFailed,
    OccurrencePlaced,
    OccurrenceRetried,
    OccurrenceScheduled,
    OccurrenceSkipped,
    QuantitiesChanged,
    RecurringOrderEnded,
    RecurringOrderEvent,
    RecurringOrderPaused,
    RecurringOrderResumed,
    RecurringOrderStarted,
    Status,
    WantedLine,
)
from domain.subscriptions.schedule import Schedule
from domain.values import Actor, Role, Value
from projections.sql import ALL, Order, Where, equals
from projections.view import View


class RecurringOrderPage(Value, frozen=True):
    """`due_at` is when the order of the `next_date` is placed, and the last moment for changes to it; none while paused or ended.

    `last_date` is the last day that was settled or left out, `skipped` are those still ahead that will be.
    """

    id: UUID
    customer_id: UUID
    status: Status
    currency: str
    lines: tuple[WantedLine, ...]
    schedule: Schedule
    zone_id: UUID | None
    window: str | None
    started_at: dt.datetime
    changed_at: dt.datetime
    next_date: dt.date | None = None
    starts_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    last_date: dt.date | None = None
    skipped: tuple[dt.date, ...] = ()


def evolve(page: RecurringOrderPage | None, event: RecurringOrderEvent) -> RecurringOrderPage | None:
    match event, page:
        case RecurringOrderStarted(), _:
            return begin(event)
        case RecurringOrderPaused(), RecurringOrderPage():
            return unscheduled(replace(page, status=Status.PAUSED, changed_at=event.at))
        case RecurringOrderResumed(), RecurringOrderPage():
            return replace(page, status=Status.ACTIVE, changed_at=event.at)
        case RecurringOrderEnded(), RecurringOrderPage():
            return unscheduled(replace(page, status=Status.ENDED, changed_at=event.at))
        case QuantitiesChanged(), RecurringOrderPage():
            return replace(page, lines=event.lines, changed_at=event.at)
        case OccurrenceScheduled(), RecurringOrderPage():
            ahead = tuple(day for day in page.skipped if day > event.date)
            return replace(page, next_date=event.date, starts_at=event.starts_at, due_at=event.due_at, skipped=ahead)
        case OccurrenceSkipped(), RecurringOrderPage():
            if event.date == page.next_date:
                return replace(page, last_date=event.date, changed_at=event.at)
            return replace(page, skipped=tuple(sorted({*page.skipped, event.date})), changed_at=event.at)
        case OccurrencePlaced() | OccurrenceFailed(), RecurringOrderPage():
            return replace(page, last_date=event.date if page.last_date is None else max(page.last_date, event.date))
        case OccurrenceRetried(), _:
            return page
        case _:
            return page


def begin(started: RecurringOrderStarted) -> RecurringOrderPage:
    return RecurringOrderPage(
        started.recurring_id,
        started.customer_id,
        Status.ACTIVE,
        started.currency,
        started.lines,
        started.schedule,
        started.zone_id,
        started.window,
        started_at=started.at,
        changed_at=started.at,
    )


def unscheduled(page: RecurringOrderPage) -> RecurringOrderPage:
    return replace(page, next_date=None, starts_at=None, due_at=None)


def order_of(event: RecurringOrderEvent) -> UUID:
    return event.recurring_id


# Every event of the stream, so that the row's version is the stream's and serves as its ETag.
EVENTS = (
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
)

view = View(
    "recurring_orders",
    RecurringOrderPage,
    key=order_of,
    evolve=evolve,
    events=EVENTS,
    columns={"customer_id": "uuid", "status": "text", "started_at": "timestamptz"},
    indexes=("customer_id, started_at DESC, key DESC", "status, started_at DESC, key DESC"),
)

NEWEST_FIRST = Order(("started_at",))


def visible_to(by: Actor) -> Where:
    """One's own; all to those who run the shop or watch over it."""
    if by.is_any(Role.STAFF, Role.ADMIN, Role.AUDITOR):
        return ALL
    return Where("customer_id = %(caller)s", {"caller": by.id})


def standing(status: Status | None) -> Where:
    return ALL if status is None else equals("status", status)

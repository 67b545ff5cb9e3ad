"""Cara has milk brought every Monday and Wednesday morning in Zürich, settled ten hours before; Stan is staff, Ben a stranger."""

import datetime as dt
from uuid import UUID

from domain.subscriptions import commands as c
from domain.subscriptions import events as e
from domain.subscriptions.schedule import Schedule
from domain.values import Actor, Role

CARA = Actor(UUID("018f0000-0000-7000-8000-00000000ca4a"), frozenset({Role.CUSTOMER}))
BEN = Actor(UUID("018f0000-0000-7000-8000-00000000be00"), frozenset({Role.CUSTOMER}))
STAN = Actor(UUID("018f0000-0000-7000-8000-0000000057a0"), frozenset({Role.STAFF}))

MILK = UUID("018f0000-0000-7000-8000-000000000111")
CREAM = UUID("018f0000-0000-7000-8000-000000000222")
ORDER = UUID("018f0000-0000-7000-8000-0000000004ec")
CHECKOUT = UUID("018f0000-0000-7000-8000-000000000c00")
AGAIN = UUID("018f0000-0000-7000-8000-000000000c01")
PLACED = UUID("018f0000-0000-7000-8000-000000000044")
ZONE = UUID("018f0000-0000-7000-8000-000000000200")

FRIDAY_NOON = dt.datetime(2026, 6, 5, 12, tzinfo=dt.UTC)
MONDAY = dt.date(2026, 6, 8)
WEDNESDAY = dt.date(2026, 6, 10)
NEXT_MONDAY = dt.date(2026, 6, 15)

LINES = (e.WantedLine(MILK, "MILK-1L", 2),)
SCHEDULE = Schedule("FREQ=WEEKLY;BYDAY=MO,WE", "Europe/Zurich", MONDAY, dt.time(7), 600)


def due(day: dt.date) -> dt.datetime:
    """In summer seven o'clock in Zürich is five in UTC, and ten hours before that is seven in the evening."""
    return dt.datetime.combine(day - dt.timedelta(days=1), dt.time(19), dt.UTC)


def start(schedule: Schedule = SCHEDULE, lines: tuple[e.WantedLine, ...] = LINES, by: Actor = CARA) -> c.StartRecurringOrder:
    return c.StartRecurringOrder(ORDER, CARA.id, "CHF", lines, schedule, by, FRIDAY_NOON)


def scheduled(day: dt.date, at: dt.datetime = FRIDAY_NOON) -> e.OccurrenceScheduled:
    return e.OccurrenceScheduled(ORDER, CARA.id, day, due(day) + dt.timedelta(hours=10), due(day), at)


def placed(day: dt.date, checkout: UUID = CHECKOUT, attempt: int = 1, at: dt.datetime | None = None) -> e.OccurrencePlaced:
    return e.OccurrencePlaced(ORDER, CARA.id, day, attempt, checkout, (PLACED,), at or due(day))


def failed(day: dt.date, code: str = "out_of_stock", attempt: int = 1, at: dt.datetime | None = None) -> e.OccurrenceFailed:
    return e.OccurrenceFailed(ORDER, CARA.id, day, due(day) + dt.timedelta(hours=10), attempt, code, "", at or due(day))


def skipped(day: dt.date, at: dt.datetime = FRIDAY_NOON) -> e.OccurrenceSkipped:
    return e.OccurrenceSkipped(ORDER, CARA.id, day, CARA.id, at)


started = e.RecurringOrderStarted(ORDER, CARA.id, "CHF", LINES, SCHEDULE, FRIDAY_NOON)
paused = e.RecurringOrderPaused(ORDER, CARA.id, CARA.id, FRIDAY_NOON)
resumed = e.RecurringOrderResumed(ORDER, CARA.id, CARA.id, FRIDAY_NOON)
ended = e.RecurringOrderEnded(ORDER, CARA.id, CARA.id, FRIDAY_NOON)
running = (started, scheduled(MONDAY))

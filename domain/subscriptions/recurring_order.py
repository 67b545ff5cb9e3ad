"""A recurring order: the same goods on every day of a rule, each day for itself an order, placed when the day is settled.

One day at a time is scheduled. What becomes of it, an order or a failure, stands in the same append as the next one, so that no
failure ever stops the rest and no restart repeats a day.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.lifecycle import UNASKED, Lifecycle, step
from domain.subscriptions.commands import (
    ChangeQuantities,
    ChangeRecurringOrder,
    EndRecurringOrder,
    FailOccurrence,
    PauseRecurringOrder,
    PlaceOccurrence,
    RecurringOrderCommand,
    ResumeRecurringOrder,
    RetryOccurrence,
    SkipOccurrence,
    StartRecurringOrder,
)
from domain.subscriptions.events import (
    OccurrenceFailed,
    OccurrencePlaced,
    OccurrenceRetried,
    OccurrenceScheduled,
    OccurrenceSkipped,
    Outcome,
    QuantitiesChanged,
    RecurringOrderEnded,
    RecurringOrderEvent,
    RecurringOrderPaused,
    RecurringOrderResumed,
    RecurringOrderStarted,
    Status,
    WantedLine,
)
from domain.subscriptions.schedule import Schedule, is_date, next_date, settled, settled_at, starts_at, upcoming, zone_of
from domain.values import SYSTEM, Actor, Role, Value

CUSTOMER = "customer"
STAFF = "staff"
OURSELVES = "service"

LINES_LIMIT = 100
QUANTITY_LIMIT = 1_000_000
SKIPPED_LIMIT = 100
REMEMBERED = dt.timedelta(days=3)
"""How long after its day an occurrence is still known here: for payments that fail late, and no longer, so that the state stays small."""

OPEN = {Status.ACTIVE, Status.PAUSED}

LIFECYCLE = Lifecycle(
    "recurring order",
    [
        step("pause", PauseRecurringOrder, {Status.ACTIVE}, {CUSTOMER, STAFF}, "recurring_order_not_active"),
        step("resume", ResumeRecurringOrder, {Status.PAUSED}, {CUSTOMER, STAFF}, "recurring_order_not_paused"),
        step("skip", SkipOccurrence, OPEN, {CUSTOMER, STAFF}, "recurring_order_ended"),
        step("change", ChangeQuantities, OPEN, {CUSTOMER, STAFF}, "recurring_order_ended"),
        step("end", EndRecurringOrder, OPEN, {CUSTOMER, STAFF, OURSELVES}, "recurring_order_ended"),
        step(UNASKED, PlaceOccurrence, Status, {OURSELVES}, "recurring_order_ended"),
        step(UNASKED, FailOccurrence, Status, {OURSELVES}, "recurring_order_ended"),
    ],
)

OCCURRENCE = Lifecycle(
    "occurrence",
    [step("retry", RetryOccurrence, {Outcome.FAILED}, {CUSTOMER, STAFF}, "occurrence_not_failed")],
)


class Unstarted(Value, frozen=True, tag=True):
    pass


class Occurrence(Value, frozen=True):
    """One day that was settled; `checkout_id` and `order_ids` are those of the last attempt that placed orders."""

    outcome: Outcome
    attempt: int
    checkout_id: UUID | None = None
    order_ids: tuple[UUID, ...] = ()


class Started(Value, frozen=True, tag=True):
    """`scheduled` is the day that is due next, `last` the last that was settled or passed over; `settled` holds the latest of them."""

    recurring_id: UUID
    customer_id: UUID
    status: Status
    currency: str
    lines: tuple[WantedLine, ...]
    schedule: Schedule
    zone_id: UUID | None = None
    window: str | None = None
    scheduled: dt.date | None = None
    last: dt.date | None = None
    skipped: frozenset[dt.date] = frozenset()
    settled: Mapping[dt.date, Occurrence] = {}


RecurringOrder = Unstarted | Started


def decide(command: RecurringOrderCommand, order: RecurringOrder) -> list[RecurringOrderEvent]:
    match command, order:
        case StartRecurringOrder(), Unstarted():
            return start(command)
        case StartRecurringOrder(), Started():
            return []  # asked twice: already so
        case _, Unstarted():
            raise Rejected("recurring_order_not_found")
        case RetryOccurrence(), Started():
            return retry(command, order)
        case _, Started():
            LIFECYCLE.check(command, order.status, relations(order.customer_id, command.by))
            return change(command, order)


def start(command: StartRecurringOrder) -> list[RecurringOrderEvent]:
    if command.by.id != command.customer_id:
        raise Rejected("not_yours", "Everyone orders for himself.")
    if (command.zone_id is None) != (command.window is None):
        raise Rejected("window_invalid", "A window belongs to a zone of delivery.", pointer="/window")
    id, customer, now = command.recurring_id, command.customer_id, command.now
    schedule = settled(command.schedule)
    if schedule.begins_on < now.astimezone(zone_of(schedule.timezone)).date():
        raise Rejected("schedule_invalid", "The first day is over.", pointer="/beginsOn")
    lines = wanted(command.lines)
    started = RecurringOrderStarted(id, customer, command.currency, lines, schedule, now, command.zone_id, command.window)
    begun = fold_started(started)
    first = next(iter(upcoming(schedule, now)), None)
    if first is None:
        raise Rejected("rule_without_dates", "Every day of this rule is over.", pointer="/rule")
    return [started, scheduled(begun, first, now)]


def wanted(lines: tuple[WantedLine, ...]) -> tuple[WantedLine, ...]:
    if not 1 <= len(lines) <= LINES_LIMIT:
        raise Rejected("lines_invalid", f"1 to {LINES_LIMIT} lines.", pointer="/lines")
    for index, line in enumerate(lines):
        if not 1 <= line.quantity <= QUANTITY_LIMIT:
            raise Rejected("quantity_invalid", f"1 to {QUANTITY_LIMIT} pieces.", pointer=f"/lines/{index}/quantity")
        if any((line.listing_id, line.sku) == (other.listing_id, other.sku) for other in lines[:index]):
            raise Rejected("lines_invalid", "This product stands there twice.", pointer=f"/lines/{index}")
    return lines


def change(command: ChangeRecurringOrder, order: Started) -> list[RecurringOrderEvent]:
    """What a command that the lifecycle allows leads to."""
    id, customer, now = order.recurring_id, order.customer_id, command.now
    match command:
        case PauseRecurringOrder(by=by):
            return [RecurringOrderPaused(id, customer, by.id, now)]
        case ResumeRecurringOrder(by=by):
            following = upcoming(order.schedule, now, order.last, order.skipped)
            return [RecurringOrderResumed(id, customer, by.id, now), scheduled(order, following[0] if following else None, now)]
        case EndRecurringOrder(by=by):
            return [RecurringOrderEnded(id, customer, by.id, now)]
        case ChangeQuantities(by=by):
            lines = wanted(command.lines)
            return [] if lines == order.lines else [QuantitiesChanged(id, customer, lines, by.id, now)]
        case SkipOccurrence():
            return skip(command, order)
        case PlaceOccurrence():
            return place(command, order)
        case FailOccurrence():
            return fail(command, order)
        case RetryOccurrence():
            return retry(command, order)


def skip(command: SkipOccurrence, order: Started) -> list[RecurringOrderEvent]:
    day = command.date
    if day in order.skipped:
        return []
    if not is_date(order.schedule, day):
        raise Rejected("date_invalid", "The rule has no such day.", pointer="/date")
    if (order.last is not None and day <= order.last) or settled_at(order.schedule, day) <= command.now:
        raise Rejected("occurrence_settled", "It is too late for this day.")
    if len(order.skipped) >= SKIPPED_LIMIT:
        raise Rejected("too_many_skipped", f"At most {SKIPPED_LIMIT} days ahead are skipped: pause it instead.")
    skipped = OccurrenceSkipped(order.recurring_id, order.customer_id, day, command.by.id, command.now)
    return [skipped, *following(order, day, command.now)] if day == order.scheduled else [skipped]


def place(command: PlaceOccurrence, order: Started) -> list[RecurringOrderEvent]:
    day, now = command.date, command.now
    known = order.settled.get(day)
    attempt = 1 if known is None else known.attempt
    placed = OccurrencePlaced(order.recurring_id, order.customer_id, day, attempt, command.checkout_id, command.order_ids, now)
    if day == order.scheduled:
        return [placed, *following(order, day, now)]
    match known:
        case Occurrence(outcome=Outcome.RETRYING):
            return [placed]
        case Occurrence(outcome=Outcome.FAILED, checkout_id=checkout) if checkout == command.checkout_id:
            return [placed]  # it was paid after all
        case Occurrence(outcome=Outcome.PLACED, checkout_id=checkout) if checkout == command.checkout_id:
            return []
        case _:
            raise Rejected("occurrence_not_due", "Skipped, paused or settled meanwhile.")


def fail(command: FailOccurrence, order: Started) -> list[RecurringOrderEvent]:
    day, now = command.date, command.now
    known = order.settled.get(day)
    attempt = 1 if known is None else known.attempt
    starting = starts_at(order.schedule, day)
    failed = OccurrenceFailed(order.recurring_id, order.customer_id, day, starting, attempt, command.code, command.detail, now)
    if day == order.scheduled:
        return [failed, *following(order, day, now)]
    match known:
        case Occurrence(outcome=Outcome.RETRYING) if command.checkout_id is None:
            return [failed]
        case Occurrence(outcome=Outcome.PLACED, checkout_id=checkout) if checkout == command.checkout_id:
            return [failed]
        case _:
            return []  # of an attempt that is over


def retry(command: RetryOccurrence, order: Started) -> list[RecurringOrderEvent]:
    known = order.settled.get(command.date)
    if known is None:
        raise Rejected("occurrence_not_found", "This day is not settled, or long over.")
    OCCURRENCE.check(command, known.outcome, relations(order.customer_id, command.by))
    if starts_at(order.schedule, command.date) <= command.now:
        raise Rejected("occurrence_missed", "The time for which it was meant is over.")
    attempt = known.attempt + 1
    return [OccurrenceRetried(order.recurring_id, order.customer_id, command.date, attempt, command.by.id, command.now)]


def following(order: Started, day: dt.date, now: dt.datetime) -> list[RecurringOrderEvent]:
    """The next day after this one, also where it should be settled already: each day is answered for."""
    return [scheduled(order, next_date(order.schedule, day, order.skipped), now)]


def scheduled(order: Started, day: dt.date | None, now: dt.datetime) -> OccurrenceScheduled | RecurringOrderEnded:
    if day is None:
        return RecurringOrderEnded(order.recurring_id, order.customer_id, None, now)
    starting, due = starts_at(order.schedule, day), settled_at(order.schedule, day)
    return OccurrenceScheduled(order.recurring_id, order.customer_id, day, starting, due, now)


def relations(customer_id: UUID, by: Actor) -> frozenset[str]:
    found = {CUSTOMER} if by.id == customer_id else set[str]()
    if by == SYSTEM:
        found.add(OURSELVES)
    elif by.is_any(Role.STAFF, Role.ADMIN):
        found.add(STAFF)
    return frozenset(found)


def fold_started(event: RecurringOrderStarted) -> Started:
    return Started(
        event.recurring_id,
        event.customer_id,
        Status.ACTIVE,
        event.currency,
        event.lines,
        event.schedule,
        event.zone_id,
        event.window,
    )


def evolve(order: RecurringOrder, event: RecurringOrderEvent) -> RecurringOrder:
    match event, order:
        case RecurringOrderStarted(), _:
            return fold_started(event)
        case RecurringOrderPaused(), Started():
            return replace(order, status=Status.PAUSED, scheduled=None)
        case RecurringOrderResumed(), Started():
            return replace(order, status=Status.ACTIVE)
        case RecurringOrderEnded(), Started():
            return replace(order, status=Status.ENDED, scheduled=None)
        case QuantitiesChanged(), Started():
            return replace(order, lines=event.lines)
        case OccurrenceScheduled(), Started():
            return replace(order, scheduled=event.date, skipped=frozenset(day for day in order.skipped if day > event.date))
        case OccurrenceSkipped(), Started():
            if event.date == order.scheduled:
                return replace(order, scheduled=None, last=event.date)
            return replace(order, skipped=order.skipped | {event.date})
        case OccurrencePlaced(), Started():
            return settle(order, event, Occurrence(Outcome.PLACED, event.attempt, event.checkout_id, event.order_ids))
        case OccurrenceFailed(), Started():
            known = order.settled.get(event.date, Occurrence(Outcome.FAILED, event.attempt))
            return settle(order, event, replace(known, outcome=Outcome.FAILED, attempt=event.attempt))
        case OccurrenceRetried(), Started():
            known = order.settled.get(event.date, Occurrence(Outcome.RETRYING, event.attempt))
            return settle(order, event, replace(known, outcome=Outcome.RETRYING, attempt=event.attempt))
        case _:
            return order


def settle(order: Started, event: OccurrencePlaced | OccurrenceFailed | OccurrenceRetried, occurrence: Occurrence) -> Started:
    forgotten = event.at.date() - REMEMBERED
    settled = {day: known for day, known in order.settled.items() if day >= forgotten} | {event.date: occurrence}
    last = event.date if order.last is None else max(order.last, event.date)
    return replace(order, settled=settled, last=last, scheduled=None if order.scheduled == event.date else order.scheduled)


def next_actions(customer_id: UUID, status: str, by: Actor) -> list[str]:
    """What `by` may do next with a recurring order in this status: for queries, from a read model's row."""
    return LIFECYCLE.actions(status, relations(customer_id, by))


def occurrence_actions(customer_id: UUID, outcome: str, starts_at: dt.datetime, now: dt.datetime, by: Actor) -> list[str]:
    """What `by` may do now about one day of a recurring order."""
    return OCCURRENCE.actions(outcome, relations(customer_id, by)) if now < starts_at else []


def actions(order: Any, by: Actor) -> list[str]:
    return next_actions(order.customer_id, order.status, by) if isinstance(order, Started) else []


recurring_orders = Decider("recurring_order", Unstarted(), decide, evolve, actions=actions, snapshot_every=50)

"""What can be asked of recurring orders."""

import datetime as dt
from uuid import UUID

from domain.subscriptions.events import WantedLine
from domain.subscriptions.schedule import Schedule
from domain.values import Actor, Address, Value


class StartRecurringOrder(Value, frozen=True):
    """Fields as in `RecurringOrderStarted`, the schedule's rule as the customer wrote it."""

    recurring_id: UUID
    customer_id: UUID
    currency: str
    lines: tuple[WantedLine, ...]
    schedule: Schedule
    by: Actor
    now: dt.datetime
    zone_id: UUID | None = None
    window: str | None = None


class PauseRecurringOrder(Value, frozen=True):
    recurring_id: UUID
    by: Actor
    now: dt.datetime


class ResumeRecurringOrder(Value, frozen=True):
    recurring_id: UUID
    by: Actor
    now: dt.datetime


class EndRecurringOrder(Value, frozen=True):
    recurring_id: UUID
    by: Actor
    now: dt.datetime


class ChangeQuantities(Value, frozen=True):
    """All lines, in place of those before."""

    recurring_id: UUID
    lines: tuple[WantedLine, ...]
    by: Actor
    now: dt.datetime


class SkipOccurrence(Value, frozen=True):
    recurring_id: UUID
    date: dt.date
    by: Actor
    now: dt.datetime


class PlaceOccurrence(Value, frozen=True):
    """Say that the day's orders are placed, in the append that places them; refused where the day is not due."""

    recurring_id: UUID
    date: dt.date
    checkout_id: UUID
    order_ids: tuple[UUID, ...]
    by: Actor
    now: dt.datetime


class FailOccurrence(Value, frozen=True):
    """Say that the day's attempt came to nothing; with a checkout, that its orders were placed and not paid."""

    recurring_id: UUID
    date: dt.date
    code: str
    detail: str
    by: Actor
    now: dt.datetime
    checkout_id: UUID | None = None


class RetryOccurrence(Value, frozen=True):
    recurring_id: UUID
    date: dt.date
    by: Actor
    now: dt.datetime


ChangeRecurringOrder = (
    PauseRecurringOrder
    | ResumeRecurringOrder
    | EndRecurringOrder
    | ChangeQuantities
    | SkipOccurrence
    | PlaceOccurrence
    | FailOccurrence
    | RetryOccurrence
)
RecurringOrderCommand = StartRecurringOrder | ChangeRecurringOrder


class GiveStandingDetails(Value, frozen=True):
    """Fields as in `StandingDetailsGiven`."""

    recurring_id: UUID
    customer_id: UUID
    address: Address
    contact: str
    provider: str
    method: str
    by: Actor
    now: dt.datetime

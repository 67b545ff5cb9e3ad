"""What recurring orders owe: each day's order when it is due, and what is heard later of its payment."""

import datetime as dt

from application.effects.effect import Errand, Notice
from application.effects.occurrences import FollowPayment, PlaceDay
from domain.payments.events import PaymentCancelled, PaymentCaptured, PaymentFailed
from domain.subscriptions.events import OccurrenceFailed, OccurrenceRetried, OccurrenceScheduled

NOTICES = (Notice(OccurrenceFailed, "occurrence_failed"),)


def place(event: OccurrenceScheduled | OccurrenceRetried) -> PlaceDay:
    return PlaceDay(event.recurring_id, event.date)


def due(event: OccurrenceScheduled) -> dt.datetime:
    return event.due_at


def failed(event: PaymentFailed) -> FollowPayment:
    return FollowPayment(event.payment_id)


def given_up(event: PaymentCancelled) -> FollowPayment | None:
    return FollowPayment(event.payment_id) if event.reason == "expired" else None


def paid_after_all(event: PaymentCaptured) -> FollowPayment | None:
    """What is paid at once was never told to have failed."""
    return FollowPayment(event.payment_id) if event.attempt > 1 else None


ERRANDS = (
    Errand(OccurrenceScheduled, place, due),
    Errand(OccurrenceRetried, place),
    Errand(PaymentFailed, failed),
    Errand(PaymentCancelled, given_up),
    Errand(PaymentCaptured, paid_after_all),
)

"""What recurring orders owe, each day's order and what is heard of its payment; and what tiers owe, calls to their provider and letters."""

import datetime as dt

from application.effects.calls import (
    ChangeSubscription,
    EndSubscription,
    FollowCheckout,
    FollowTier,
    OpenCheckout,
    RetryCharge,
    SettleRenewal,
)
from application.effects.effect import Errand, Notice
from application.effects.occurrences import FollowPayment, PlaceDay
from domain.payments.events import PaymentCancelled, PaymentCaptured, PaymentFailed
from domain.payments.purposes import ORDER
from domain.subscriptions.events import OccurrenceFailed, OccurrenceRetried, OccurrenceScheduled
from domain.subscriptions.tiers.events import (
    PaymentMissed,
    SurplusFound,
    TierCancelled,
    TierChanged,
    TierChangeRequested,
    TierEnded,
    TierRenewed,
    TierRequested,
    TierResumed,
    TierStarted,
)
from domain.subscriptions.tiers.offers import RETRIES

NOTICES = (Notice(OccurrenceFailed, "occurrence_failed"),)
TIER_NOTICES = (
    Notice(TierStarted, "tier_started"),
    Notice(PaymentMissed, "tier_payment_missed"),
    Notice(TierCancelled, "tier_ending"),
    Notice(TierEnded, "tier_ended"),
)
"""By mail alone: they are about an account, not about a delivery that somebody waits for."""

OVERDUE = dt.timedelta(hours=2)
"""How long after its moment a provider's message is missed and asked for: longer than Stripe takes to make an invoice."""


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
    return FollowPayment(event.payment_id) if event.attempt > 1 and event.purpose == ORDER else None


def check_out(event: TierRequested) -> OpenCheckout:
    return OpenCheckout(event.user_id, event.revision)


def checked_out(event: TierRequested) -> FollowCheckout:
    return FollowCheckout(event.user_id, event.revision)


def expired(event: TierRequested) -> dt.datetime:
    return event.expires_at + OVERDUE


def follow(event: TierStarted | TierRenewed | TierChanged) -> FollowTier:
    return FollowTier(event.user_id)


def renewable(event: TierStarted | TierRenewed | TierChanged) -> dt.datetime:
    return event.held.period_ends + OVERDUE


def change(event: TierChangeRequested) -> ChangeSubscription:
    return ChangeSubscription(event.user_id, event.revision)


def settle(event: TierCancelled | TierResumed) -> SettleRenewal:
    return SettleRenewal(event.user_id)


def retry(event: PaymentMissed) -> RetryCharge | None:
    return RetryCharge(event.user_id, event.held.revision, event.attempt) if retry_at(event) > event.at else None


def retry_at(event: PaymentMissed) -> dt.datetime:
    """The next day of the schedule; the moment it was missed where there is none left."""
    return next((event.due_at + day for day in RETRIES if event.due_at + day > event.at), event.at)


def stop(event: TierEnded) -> EndSubscription | None:
    """What the provider has ended itself is over there already."""
    return EndSubscription(event.user_id, event.held.revision) if event.reason == "unpaid" else None


def stop_surplus(event: SurplusFound) -> EndSubscription:
    return EndSubscription(event.user_id, event.held.revision)


ERRANDS = (
    Errand(OccurrenceScheduled, place, due),
    Errand(OccurrenceRetried, place),
    Errand(PaymentFailed, failed),
    Errand(PaymentCancelled, given_up),
    Errand(PaymentCaptured, paid_after_all),
    Errand(TierRequested, check_out),
    Errand(TierRequested, checked_out, expired),
    Errand(TierStarted, follow, renewable),
    Errand(TierRenewed, follow, renewable),
    Errand(TierChanged, follow, renewable),
    Errand(TierChangeRequested, change),
    Errand(TierCancelled, settle),
    Errand(TierResumed, settle),
    Errand(PaymentMissed, retry, retry_at),
    Errand(TierEnded, stop),
    Errand(SurplusFound, stop_surplus),
)

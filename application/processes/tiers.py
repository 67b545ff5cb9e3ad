"""What follows from tiers by itself: a missed payment that nobody makes up ends the tier when its grace is over."""

from datetime import datetime

from application.effects.effect import Deadline
from domain.process import Owed
from domain.subscriptions.tiers.commands import LapseTier
from domain.subscriptions.tiers.events import PaymentMissed
from domain.subscriptions.tiers.membership import membership_id
from domain.subscriptions.tiers.offers import GRACE
from domain.values import SYSTEM


def due(event: PaymentMissed) -> datetime:
    return event.due_at + GRACE


def lapse(event: PaymentMissed) -> Owed:
    user, held = event.user_id, event.held
    return [(membership_id(user), LapseTier(user, held.revision, held.period_ends, SYSTEM, due(event)))]


REACTIONS = (Deadline(PaymentMissed, "lapse_tier", due, lapse),)

"""What follows from tiers by itself: a missed payment that nobody makes up ends the tier, and a smaller tier promotes fewer listings."""

from datetime import datetime

from application.effects.effect import Deadline, Process
from domain.listings.commands import DemoteListing
from domain.process import Owed
from domain.subscriptions.tiers.commands import KeepPlaces, LapseTier
from domain.subscriptions.tiers.events import PaymentMissed, PlaceGivenBack, TierChanged, TierEnded, Use
from domain.subscriptions.tiers.membership import membership_id
from domain.subscriptions.tiers.offers import GRACE, OFFERS, Tier
from domain.subscriptions.tiers.places import places_id
from domain.values import SYSTEM


def due(event: PaymentMissed) -> datetime:
    return event.due_at + GRACE


def lapse(event: PaymentMissed) -> Owed:
    user, held = event.user_id, event.held
    return [(membership_id(user), LapseTier(user, held.revision, held.period_ends, SYSTEM, due(event)))]


def promote_fewer(event: TierEnded | TierChanged) -> Owed:
    tier = event.held.tier if isinstance(event, TierChanged) else Tier.FREE
    limit = OFFERS[tier].limits.promoted
    return [(places_id(event.user_id, Use.PROMOTION), KeepPlaces(event.user_id, limit, event.at, Use.PROMOTION))]


def demote(event: PlaceGivenBack) -> Owed:
    """Where its seller demoted it himself, it is so already."""
    return [(event.listing_id, DemoteListing(event.listing_id, SYSTEM, event.at))] if event.use is Use.PROMOTION else []


REACTIONS = (
    Deadline(PaymentMissed, "lapse_tier", due, lapse),
    Process(TierEnded, "promote_fewer", promote_fewer),
    Process(TierChanged, "promote_fewer", promote_fewer),
    Process(PlaceGivenBack, "demote", demote),
)

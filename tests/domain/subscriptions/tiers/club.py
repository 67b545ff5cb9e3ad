"""Ana pays for tiers, at a provider that says what it says."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.subscriptions.tiers.commands import CancelTier, LapseTier, ReportTier, RequestTier, ResumeTier, Stage
from domain.subscriptions.tiers.events import Held, PaymentMissed, TierCharged, TierRequested, TierStarted
from domain.subscriptions.tiers.offers import CHECKOUT_LIFE, Period, Tier
from domain.values import SYSTEM, Actor

ANA = Actor(UUID(int=1))
BEN = Actor(UUID(int=2))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
JULY, AUGUST, SEPTEMBER = (datetime(2026, month, 1, 12, tzinfo=UTC) for month in (7, 8, 9))


def asks(tier: Tier = Tier.PREMIUM, period: Period = Period.MONTHLY, by: Actor = ANA, now: datetime = NOON) -> RequestTier:
    return RequestTier(ANA.id, tier, period, "stripe", by, now)


def held(ends: datetime = JULY, revision: int = 1, reference: str = "sub_1", tier: Tier = Tier.PREMIUM) -> Held:
    return Held(revision, "stripe", reference, tier, Period.MONTHLY, ends)


def said(stage: Stage, of: Held, **more: Any) -> ReportTier:
    if stage is Stage.PAID:
        more = {"charge": f"in_{of.reference}_{of.period_ends:%m}", "currency": "USD", "amount": 1999, **more}
    return ReportTier(ANA.id, of, stage, SYSTEM, NOON, **more)


def paid(of: Held) -> ReportTier:
    return said(Stage.PAID, of)


def missed(of: Held, attempt: int = 1, due_at: datetime = JULY) -> ReportTier:
    return said(Stage.MISSED, of, attempt=attempt, due_at=due_at)


def ended(of: Held) -> ReportTier:
    return said(Stage.ENDED, of)


def cancels() -> CancelTier:
    return CancelTier(ANA.id, ANA, NOON)


def resumes() -> ResumeTier:
    return ResumeTier(ANA.id, ANA, NOON)


def lapses(of: Held) -> LapseTier:
    return LapseTier(ANA.id, of.revision, of.period_ends, SYSTEM, NOON)


def charged(of: Held) -> TierCharged:
    name = f"in_{of.reference}_{of.period_ends:%m}"
    return TierCharged(ANA.id, "stripe", name, of.tier, of.period, of.period_ends, "USD", 1999, NOON)


requested = TierRequested(ANA.id, 1, Tier.PREMIUM, Period.MONTHLY, "USD", 1999, "stripe", NOON + CHECKOUT_LIFE, NOON)
started = TierStarted(ANA.id, held(), NOON)
not_paid = PaymentMissed(ANA.id, held(AUGUST), 1, JULY, NOON)

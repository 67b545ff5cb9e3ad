"""The tier that somebody holds, and what he has been charged for it."""

from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from msgspec.structs import replace

from domain.subscriptions.tiers.events import (
    Held,
    MembershipEvent,
    PaymentMissed,
    Standing,
    SurplusFound,
    TierCancelled,
    TierChanged,
    TierChangeRequested,
    TierCharged,
    TierEnded,
    TierRenewed,
    TierRequested,
    TierResumed,
    TierStarted,
)
from domain.subscriptions.tiers.offers import GRACE, Period, Tier
from domain.values import Value
from projections.sql import ALL, Order, Where, equals
from projections.view import View


class RequestedTier(Value, frozen=True):
    """What was asked for and is not paid yet; where it is to be paid is told until `expires_at`. A change of tier has no checkout."""

    revision: int
    tier: Tier
    period: Period
    price: int
    currency: str
    expires_at: datetime | None


class MembershipPage(Value, frozen=True):
    """`period_ends` is until when it is paid, or was to be; `grace_ends` when a missed payment ends it; `ends` why it ended."""

    id: UUID
    user_id: UUID
    standing: Standing
    tier: Tier
    changed_at: datetime | None = None
    period: Period | None = None
    provider: str | None = None
    period_ends: datetime | None = None
    missed_attempts: int = 0
    grace_ends: datetime | None = None
    cancelled: bool = False
    ended_reason: str | None = None
    requested: RequestedTier | None = None


class Charge(Value, frozen=True):
    """`amount` in minor units of `currency`, for the period that ends then; `charge` is the provider's name for it."""

    user_id: UUID
    provider: str
    charge: str
    tier: Tier
    period: Period
    period_ends: datetime
    currency: str
    amount: int
    at: datetime


def evolve(page: MembershipPage | None, event: MembershipEvent) -> MembershipPage | None:
    found = page or MembershipPage(event.user_id, event.user_id, Standing.FREE, Tier.FREE)
    match event:
        case TierRequested() | TierChangeRequested():
            until = event.expires_at if isinstance(event, TierRequested) else None
            asked = RequestedTier(event.revision, event.tier, event.period, event.price, event.currency, until)
            return replace(found, requested=asked, changed_at=event.at)
        case TierStarted():
            return holding(replace(found, cancelled=False), event.held, event.at)
        case TierRenewed() | TierChanged():
            return holding(found, event.held, event.at)
        case PaymentMissed():
            held = holding(found, event.held, event.at)
            return replace(held, standing=Standing.MISSED, missed_attempts=event.attempt, grace_ends=event.due_at + GRACE)
        case TierCancelled():
            standing = found.standing if found.standing is Standing.MISSED else Standing.ENDING
            return replace(found, cancelled=True, standing=standing, changed_at=event.at)
        case TierResumed():
            return replace(found, cancelled=False, standing=Standing.ACTIVE, changed_at=event.at)
        case TierEnded():
            held = holding(found, event.held, event.at)
            free = replace(held, standing=Standing.FREE, tier=Tier.FREE, period=None, provider=None, period_ends=None, cancelled=False)
            return replace(free, ended_reason=event.reason)
        case TierCharged() | SurplusFound():
            return page


def holding(page: MembershipPage, held: Held, at: datetime) -> MembershipPage:
    open_ = page.requested if page.requested is not None and page.requested.revision > held.revision else None
    return replace(
        page,
        standing=Standing.ENDING if page.cancelled else Standing.ACTIVE,
        tier=held.tier,
        period=held.period,
        provider=held.provider,
        period_ends=held.period_ends,
        missed_attempts=0,
        grace_ends=None,
        ended_reason=None,
        requested=open_,
        changed_at=at,
    )


def member(event: MembershipEvent) -> UUID:
    return event.user_id


view = View(
    "memberships",
    MembershipPage,
    key=member,
    evolve=evolve,
    events=(
        TierRequested,
        TierChangeRequested,
        TierStarted,
        TierRenewed,
        TierChanged,
        TierCharged,
        PaymentMissed,
        TierCancelled,
        TierResumed,
        TierEnded,
        SurplusFound,
    ),
    columns={"user_id": "uuid", "standing": "text", "tier": "text", "changed_at": "timestamptz"},
    indexes=("changed_at DESC, key DESC", "standing, changed_at DESC, key DESC", "tier, changed_at DESC, key DESC"),
)

charges = View(
    "tier_charges",
    Charge,
    key=lambda event: f"{event.provider}/{event.charge}",
    evolve=lambda _, event: Charge(
        event.user_id,
        event.provider,
        event.charge,
        event.tier,
        event.period,
        event.period_ends,
        event.currency,
        event.amount,
        event.at,
    ),
    events=(TierCharged,),
    columns={"user_id": "uuid", "at": "timestamptz"},
    indexes=("user_id, at DESC, key DESC",),
    key_type="text",
)

NEWEST_FIRST = Order(("changed_at",))
LATEST_FIRST = Order(("at",))


def of(user_id: UUID) -> Where:
    return equals("user_id", user_id)


def listed(standing: Standing | None, tier: Tier | None) -> Where:
    found = ALL if standing is None else equals("standing", standing)
    return found if tier is None else found & equals("tier", tier)


@runtime_checkable
class CheckoutDesk(Protocol):
    def checkout_url(self, user_id: UUID, revision: int) -> str:
        """Where the tier of this revision is paid for, or nothing."""
        ...

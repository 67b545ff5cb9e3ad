"""What has happened to memberships, and to the places that they allow."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from domain.subscriptions.tiers.offers import Period, Tier
from domain.values import Value

TIER_CHARGES = UUID("b0a5a1b6-6a3e-5d0c-8c0e-7d2f1e9c4a58")
"""The namespace of the ids of charges, which are no payments for orders."""


def charge_id(provider: str, charge: str) -> UUID:
    """Under what a charge that its provider calls so is entered and billed."""
    return uuid5(TIER_CHARGES, f"{provider} {charge}")


class Standing(StrEnum):
    """`missed`: kept for the days of grace; `ending`: until the paid period is over."""

    FREE = "free"
    ACTIVE = "active"
    MISSED = "missed"
    ENDING = "ending"


class Held(Value, frozen=True):
    """A tier as a provider's subscription has it. `revision` numbers what its member has asked for, `reference` is the provider's."""

    revision: int
    provider: str
    reference: str
    tier: Tier
    period: Period
    period_ends: datetime


class TierRequested(Value, frozen=True):
    user_id: UUID
    revision: int
    tier: Tier
    period: Period
    currency: str
    price: int
    provider: str
    expires_at: datetime
    at: datetime


class TierChangeRequested(Value, frozen=True):
    """`held` is what is to be changed, at its provider."""

    user_id: UUID
    revision: int
    tier: Tier
    period: Period
    currency: str
    price: int
    held: Held
    at: datetime


class TierStarted(Value, frozen=True):
    user_id: UUID
    held: Held
    at: datetime


class TierRenewed(Value, frozen=True):
    """Paid for a further period, or at last for the one that was not."""

    user_id: UUID
    held: Held
    at: datetime


class TierChanged(Value, frozen=True):
    user_id: UUID
    held: Held
    at: datetime


class TierCharged(Value, frozen=True):
    """Money came; `charge` is the provider's name for it. `fee` is what the provider kept of it."""

    user_id: UUID
    provider: str
    charge: str
    tier: Tier
    period: Period
    period_ends: datetime
    currency: str
    amount: int
    at: datetime
    fee: int = 0


class PaymentMissed(Value, frozen=True):
    """The `attempt`-th try to charge what was due at `due_at` has failed."""

    user_id: UUID
    held: Held
    attempt: int
    due_at: datetime
    at: datetime


class TierCancelled(Value, frozen=True):
    """It ends with the period that is paid."""

    user_id: UUID
    held: Held
    at: datetime


class TierResumed(Value, frozen=True):
    user_id: UUID
    held: Held
    at: datetime


class TierEnded(Value, frozen=True):
    """`reason` is `cancelled` by its member, `unpaid`, or `ended` by the provider; from now on the free tier is held."""

    user_id: UUID
    held: Held
    reason: str
    at: datetime


class SurplusFound(Value, frozen=True):
    """A subscription runs that nobody needs, as when two checkouts were paid: it is ended, and its charge is to be looked at."""

    user_id: UUID
    held: Held
    at: datetime


MembershipEvent = (
    TierRequested
    | TierChangeRequested
    | TierStarted
    | TierRenewed
    | TierChanged
    | TierCharged
    | PaymentMissed
    | TierCancelled
    | TierResumed
    | TierEnded
    | SurplusFound
)


class Use(StrEnum):
    """What a place is for; each use has places of its own."""

    OFFER = "offer"
    PROMOTION = "promotion"


class PlaceTaken(Value, frozen=True):
    seller_id: UUID
    listing_id: UUID
    at: datetime
    use: Use = Use.OFFER


class PlaceGivenBack(Value, frozen=True):
    seller_id: UUID
    listing_id: UUID
    at: datetime
    use: Use = Use.OFFER


PlaceEvent = PlaceTaken | PlaceGivenBack

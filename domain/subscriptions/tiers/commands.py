"""What can be asked of memberships, and of the places that they allow."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.subscriptions.tiers.events import Held, Use
from domain.subscriptions.tiers.offers import Period, Tier
from domain.values import Actor, Value


class Stage(StrEnum):
    """How a period stands at the provider; `open`: it is neither paid nor missed yet."""

    OPEN = "open"
    MISSED = "missed"
    PAID = "paid"
    ENDED = "ended"


class RequestTier(Value, frozen=True):
    user_id: UUID
    tier: Tier
    period: Period
    provider: str
    by: Actor
    now: datetime


class CancelTier(Value, frozen=True):
    user_id: UUID
    by: Actor
    now: datetime


class ResumeTier(Value, frozen=True):
    user_id: UUID
    by: Actor
    now: datetime


class ReportTier(Value, frozen=True):
    """What a provider says.

    `charge` names the money that came for this period, of `amount`; the `attempt`-th try failed for what was due at `due_at`.
    """

    user_id: UUID
    held: Held
    stage: Stage
    by: Actor
    now: datetime
    charge: str = ""
    currency: str = ""
    amount: int = 0
    attempt: int = 0
    due_at: datetime | None = None
    fee: int = 0


class LapseTier(Value, frozen=True):
    """The grace for this period is over."""

    user_id: UUID
    revision: int
    period_ends: datetime
    by: Actor
    now: datetime


MembershipCommand = RequestTier | CancelTier | ResumeTier | ReportTier | LapseTier


class TakePlace(Value, frozen=True):
    """`limit` is how many places the seller's tier allows; None: no limit."""

    seller_id: UUID
    listing_id: UUID
    limit: int | None
    now: datetime
    use: Use = Use.OFFER


class GivePlaceBack(Value, frozen=True):
    seller_id: UUID
    listing_id: UUID
    now: datetime
    use: Use = Use.OFFER


class KeepPlaces(Value, frozen=True):
    """Give back what is more than `limit`."""

    seller_id: UUID
    limit: int | None
    now: datetime
    use: Use


PlaceCommand = TakePlace | GivePlaceBack | KeepPlaces

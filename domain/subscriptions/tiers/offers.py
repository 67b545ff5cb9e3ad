"""The tiers: what each costs, how much each allows, and what happens when a payment is missed. The one table of all of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum

from domain.values import Value


class Tier(StrEnum):
    FREE = "free"
    PREMIUM = "premium"
    PROFESSIONAL = "professional"
    ENTERPRISE = "enterprise"


class Period(StrEnum):
    MONTHLY = "monthly"
    YEARLY = "yearly"


class Limits(Value, frozen=True):
    """How many of each at the same time; None is as many as one likes. `images` are those of one listing."""

    listings: int | None
    images: int | None
    promoted: int | None


class Offer(Value, frozen=True):
    """`prices` are for one period, in minor units of `CURRENCY`; a tier without any costs nothing."""

    tier: Tier
    limits: Limits
    prices: Mapping[Period, int] = {}


CURRENCY = "USD"

OFFERS: Mapping[Tier, Offer] = {
    each.tier: each
    for each in (
        Offer(Tier.FREE, Limits(listings=200, images=5, promoted=0)),
        Offer(Tier.PREMIUM, Limits(listings=1_000, images=20, promoted=5), {Period.MONTHLY: 1999, Period.YEARLY: 19990}),
        Offer(Tier.PROFESSIONAL, Limits(listings=5_000, images=50, promoted=25), {Period.MONTHLY: 4999, Period.YEARLY: 49990}),
        Offer(Tier.ENTERPRISE, Limits(listings=None, images=None, promoted=None), {Period.MONTHLY: 19999, Period.YEARLY: 199990}),
    )
}


def wider(limit: Callable[[Limits], int | None], wanted: int) -> str:
    """A sentence that names the smallest tier that allows so many."""
    for each in OFFERS.values():
        allowed = limit(each.limits)
        if allowed is None or allowed >= wanted:
            return f"The tier {each.tier} allows {'as many as you like' if allowed is None else f'{allowed:,}'}."
    return ""


RETRIES = tuple(timedelta(days=each) for each in (1, 3, 5, 7))
"""When a missed payment is tried again, counted from when it was due; its member hears of every try that fails."""

GRACE = timedelta(days=14)
"""How long after a missed payment was due its tier is kept."""

CHECKOUT_LIFE = timedelta(hours=23)
"""How long one may take to pay for a tier: a little less than the longest that Stripe allows."""

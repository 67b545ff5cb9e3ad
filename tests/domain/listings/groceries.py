"""Ana sells milk in two sizes; events and commands with what does not matter filled in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.goods import TaxClass, Tier, Unit, Variant
from domain.listings import commands as c
from domain.listings import events as e
from domain.values import Actor, Money
from tests.domain.listings.boats import ANA, LATER, MO, NOON

MILK = UUID("018f0000-0000-7000-8000-00000000a111")

LITRE = Variant("MILK-1L", Money(180, "CHF"), "One litre", {"size": "1 l"}, Unit.LITRE, 1, TaxClass.REDUCED, (Tier(6, 170), Tier(12, 160)))
HALF = Variant("MILK-05", Money(110, "CHF"), "Half a litre", {"size": "½ l"}, Unit.MILLILITRE, 500, TaxClass.REDUCED)
BOTH = (LITRE, HALF)


def draft(seller: Actor = ANA, **content: Any) -> c.DraftListing:
    return c.DraftListing(MILK, seller.id, "product", "dairy-eggs", seller, NOON, "Whole milk", "", {}, **content)


def offer(*variants: Variant, by: Actor = ANA, low: Mapping[str, int] | None = None) -> c.OfferVariants:
    return c.OfferVariants(MILK, variants, by, LATER, low or {})


drafted = e.ListingDrafted(MILK, ANA.id, "product", "dairy-eggs", "Whole milk", "", {}, None, None, NOON)
submitted = e.ListingSubmitted(MILK, NOON)
approved = e.ListingApproved(MILK, MO.id, NOON)
published = e.ListingPublished(MILK, NOON)


def offered(*variants: Variant, low: Mapping[str, int] | None = None) -> e.VariantsOffered:
    price = min(each.price.amount for each in variants)
    return e.VariantsOffered(MILK, ANA.id, variants, Money(price, variants[0].price.currency), low or {}, LATER)


on_sale = (drafted, offered(*BOTH), submitted, approved, published)


def dearer(variant: Variant, amount: int) -> Variant:
    return replace(variant, price=Money(amount, variant.price.currency))

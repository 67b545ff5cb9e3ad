"""Opening a group: what is bought together, from whom and on which terms, stands in a listing and behind its seller."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.goods import Variant, variant_of
from domain.groups.commands import OpenGroup
from domain.groups.group import groups
from domain.groups.terms import FEE_RATE
from domain.groups.values import PickupPlace, Visibility
from domain.listings.events import Status
from domain.listings.goods.products import WHOLESALE
from domain.listings.goods.wholesale import LEAD, MINIMUM
from domain.listings.listing import Written, listings
from domain.suppliers.events import Status as Verification
from domain.suppliers.seat import seat_id, seats
from domain.suppliers.supplier import Company, suppliers
from domain.values import Actor, Place


class Spot(Struct, frozen=True):
    """A place where goods will be handed over, and when."""

    name: str
    address: str
    place: Place
    opens_at: datetime
    closes_at: datetime


class Terms(Struct, frozen=True):
    """What the organiser decides on; without a `most` nobody is limited but by the maximum."""

    listing_id: UUID
    sku: str | None
    minimum: int
    maximum: int
    least: int
    most: int | None
    deadline: datetime
    pickups: Sequence[Spot]
    visibility: Visibility
    invited: Sequence[UUID]


class StartGroup:
    """`start_group(group_id, terms, by, now, meta)`: prices, their tiers and the least order are the listing's as it is now."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, group_id: UUID, terms: Terms, by: Actor, now: datetime, meta: Meta) -> Appended:
        """`listing_not_found`, `not_wholesale`, `not_on_sale`, `sku_required`, `supplier_not_verified`, and what the group refuses."""
        if before := self.handle.before(meta, groups):
            return before[0]  # whatever has become of the listing since
        listing, variant = in_bulk(self.handle.state(terms.listing_id, listings), terms.sku)
        supplier_id = self.supplier_of(listing.seller_id)
        return self.handle(group_id, opening(group_id, terms, listing, variant, supplier_id, by, now), meta)

    def supplier_of(self, seller_id: UUID) -> UUID:
        """The verified company behind the seller."""
        supplier_id = self.handle.state(seat_id(seller_id), seats).supplier_id
        company = self.handle.state(supplier_id, suppliers) if supplier_id else None
        if supplier_id is None or not isinstance(company, Company) or company.status is not Verification.VERIFIED:
            raise Rejected("supplier_not_verified", "No verified supplier stands behind this listing.")
        return supplier_id


def in_bulk(listing: Any, sku: str | None) -> tuple[Written, Variant]:
    """A published wholesale listing, and its variant."""
    if not isinstance(listing, Written):
        raise Rejected("listing_not_found")
    if listing.kind != WHOLESALE:
        raise Rejected("not_wholesale", "Groups buy what is listed as wholesale.")
    if listing.status is not Status.PUBLISHED:
        raise Rejected("not_on_sale", "This cannot be bought.")
    if sku is None and len(listing.variants) > 1:
        raise Rejected("sku_required", "Say which of its variants.", pointer="/sku")
    found = listing.variants[0] if sku is None and listing.variants else variant_of(listing.variants, sku or "")
    if found is None:
        raise Rejected("not_on_sale", "This variant cannot be bought.")
    return listing, found


def opening(group_id: UUID, terms: Terms, listing: Written, variant: Variant, supplier_id: UUID, by: Actor, now: datetime) -> OpenGroup:
    return OpenGroup(
        group_id,
        by.id,
        supplier_id,
        listing.seller_id,
        listing.listing_id,
        variant.sku,
        f"{listing.title}, {variant.title}" if variant.title else listing.title,
        listing.category,
        variant.price.currency,
        variant.unit,
        terms.minimum,
        terms.maximum,
        terms.least,
        terms.maximum if terms.most is None else terms.most,
        variant.tiers,
        variant.price.amount,
        terms.deadline,
        tuple(pickups(group_id, terms.pickups)),
        terms.visibility,
        tuple(terms.invited),
        FEE_RATE,
        variant.tax_class,
        whole(listing.attributes.get(LEAD), 0),
        by,
        now,
        variant.content,
        whole(listing.attributes.get(MINIMUM), 1),
    )


def pickups(group_id: UUID, spots: Sequence[Spot]) -> list[PickupPlace]:
    return [
        PickupPlace(uuid5(group_id, f"pickup {number}"), each.name, each.address, each.place, each.opens_at, each.closes_at)
        for number, each in enumerate(spots, 1)
    ]


def whole(value: Any, otherwise: int) -> int:
    return int(value) if isinstance(value, int | float) else otherwise

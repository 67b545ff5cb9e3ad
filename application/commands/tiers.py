"""What is asked of tiers: to be paid for at the provider there is, and to have room for what is put on offer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from application.commands.suppliers.acting import verified_supplier
from application.handler import Appended, Handler
from application.ports import Meta, Row
from application.tiers.ports import TierProviders
from domain.decider import Rejected
from domain.listings.commands import (
    ArchiveListing,
    DemoteListing,
    IllustrateListing,
    MarkListingSold,
    PauseListing,
    PromoteListing,
    PublishListing,
    RejectListing,
    ResumeListing,
)
from domain.listings.goods.products import WHOLESALE
from domain.listings.images import Image
from domain.listings.listing import Written, listings
from domain.subscriptions.tiers.commands import GivePlaceBack, RequestTier, TakePlace
from domain.subscriptions.tiers.events import Use
from domain.subscriptions.tiers.membership import membership_id, memberships
from domain.subscriptions.tiers.offers import Limits, Period, Tier, wider
from domain.subscriptions.tiers.places import places_id
from domain.values import Actor, Value


class AskTier:
    """Refuses `provider_unknown` where nobody is configured who could charge for it."""

    def __init__(self, handle: Handler, providers: TierProviders) -> None:
        self.handle = handle
        self.providers = providers

    def __call__(self, tier: Tier, period: Period, by: Actor, meta: Meta, now: datetime) -> Appended:
        provider = next(iter(self.providers), None)
        if provider is None:
            raise Rejected("provider_unknown", "Nobody is configured who charges for tiers.")
        return self.handle(membership_id(by.id), RequestTier(by.id, tier, period, provider, by, now), meta)


class PutOnOffer:
    """Publishes or resumes a listing and takes one of its seller's places in the same append: both or neither.

    How many there are is looked up before. Whoever changes his tier at this very moment is judged by the one or the other.
    Refuses `listing_limit_reached`, and of wholesale goods `supplier_not_verified`.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, command: PublishListing | ResumeListing, meta: Meta, expected: int | None = None) -> Appended:
        listing = written(self.handle, command.listing_id)
        seller = listing.seller_id
        if listing.kind == WHOLESALE:
            verified_supplier(self.handle, seller)
        place = TakePlace(seller, command.listing_id, limits_of(self.handle, seller).listings, command.now)
        return self.handle.together([(command.listing_id, command), (places_id(seller), place)], meta, expected)[0]


class PutFirst:
    """Promotes a listing and takes one of its seller's places for that in the same append. Refuses `promotion_limit_reached`."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, command: PromoteListing, meta: Meta, expected: int | None = None) -> Appended:
        seller = written(self.handle, command.listing_id).seller_id
        place = TakePlace(seller, command.listing_id, limits_of(self.handle, seller).promoted, command.now, Use.PROMOTION)
        return self.handle.together([(command.listing_id, command), (places_id(seller, Use.PROMOTION), place)], meta, expected)[0]


class ShowImages:
    """Sets a listing's images, of which its seller's tier allows so many. Refuses `image_limit_reached`."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(
        self, listing_id: UUID, images: Sequence[Image], by: Actor, now: datetime, meta: Meta, expected: int | None = None
    ) -> Appended:
        seller = written(self.handle, listing_id).seller_id
        more = wider(lambda limits: limits.images, len(images))
        command = IllustrateListing(listing_id, images, limits_of(self.handle, seller).images, by, now, more)
        return self.handle(listing_id, command, meta, expected)


class TakeFromOffer:
    """Does what takes a listing out of sight or from before the others, and gives its places back in the same append."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(
        self,
        command: PauseListing | MarkListingSold | ArchiveListing | RejectListing | DemoteListing,
        meta: Meta,
        expected: int | None = None,
        rows: Sequence[Row] = (),
    ) -> Appended:
        seller = written(self.handle, command.listing_id).seller_id
        uses = [Use.PROMOTION] if isinstance(command, DemoteListing) else list(Use)
        given: list[tuple[UUID, Value]] = [
            (command.listing_id, command),
            *((places_id(seller, use), GivePlaceBack(seller, command.listing_id, command.now, use)) for use in uses),
        ]
        return self.handle.together(given, meta, expected, rows)[0]


def limits_of(handle: Handler, seller: UUID) -> Limits:
    return handle.state(membership_id(seller), memberships).limits


def written(handle: Handler, listing_id: UUID) -> Written:
    listing = handle.state(listing_id, listings)
    if not isinstance(listing, Written):
        raise Rejected("listing_not_found")
    return listing

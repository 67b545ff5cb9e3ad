"""What is asked of tiers: to be paid for at the provider there is, and to have room for what is put on offer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from application.commands.suppliers.acting import verified_supplier
from application.handler import Appended, Handler
from application.ports import Meta, Row
from application.tiers.ports import TierProviders
from domain.decider import Rejected
from domain.listings.commands import ArchiveListing, MarkListingSold, PauseListing, PublishListing, RejectListing, ResumeListing
from domain.listings.goods.products import WHOLESALE
from domain.listings.listing import Written, listings
from domain.subscriptions.tiers.commands import GivePlaceBack, RequestTier, TakePlace
from domain.subscriptions.tiers.membership import membership_id, memberships
from domain.subscriptions.tiers.offers import Period, Tier
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
        limit = self.handle.state(membership_id(seller), memberships).limits.listings
        place = TakePlace(seller, command.listing_id, limit, command.now)
        return self.handle.together([(command.listing_id, command), (places_id(seller), place)], meta, expected)[0]


class TakeFromOffer:
    """Does what takes a listing out of sight, and gives its place back in the same append."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(
        self,
        command: PauseListing | MarkListingSold | ArchiveListing | RejectListing,
        meta: Meta,
        expected: int | None = None,
        rows: Sequence[Row] = (),
    ) -> Appended:
        seller = written(self.handle, command.listing_id).seller_id
        given: list[tuple[UUID, Value]] = [
            (command.listing_id, command),
            (places_id(seller), GivePlaceBack(seller, command.listing_id, command.now)),
        ]
        return self.handle.together(given, meta, expected, rows)[0]


def written(handle: Handler, listing_id: UUID) -> Written:
    listing = handle.state(listing_id, listings)
    if not isinstance(listing, Written):
        raise Rejected("listing_not_found")
    return listing

"""What may be done with a listing in which status, and by whom."""

from uuid import UUID

from domain.lifecycle import UNASKED, Lifecycle, step
from domain.listings.commands import (
    ApproveListing,
    ArchiveListing,
    BringProduct,
    ConfirmOffer,
    DemoteListing,
    EditListing,
    IllustrateListing,
    MarkListingSold,
    OfferVariants,
    PauseListing,
    PriceListing,
    PromoteListing,
    PublishListing,
    RejectListing,
    RequestChanges,
    ResumeListing,
    SubmitListing,
)
from domain.listings.events import Status
from domain.listings.goods.products import IN_VARIANTS
from domain.values import Actor, Role, Value

SELLER = "seller"
MODERATOR = "moderator"

REVIEWED = {Status.APPROVED, Status.PUBLISHED, Status.PAUSED}
WRITABLE = {Status.DRAFT, Status.CHANGES_REQUESTED}
UNSOLD = {*WRITABLE, Status.SUBMITTED, *REVIEWED}

LIFECYCLE = Lifecycle(
    "listing",
    [
        step("edit", EditListing, {*WRITABLE, *REVIEWED}, {SELLER}, "listing_not_editable"),
        step("price", PriceListing, UNSOLD, {SELLER}, "price_is_final"),
        step("variants", OfferVariants, UNSOLD, {SELLER}, "price_is_final"),
        step(UNASKED, BringProduct, UNSOLD, {SELLER}, "price_is_final"),
        step("images", IllustrateListing, {*WRITABLE, *REVIEWED}, {SELLER}, "listing_not_editable"),
        step("submit", SubmitListing, WRITABLE, {SELLER}, "listing_not_draft"),
        step("approve", ApproveListing, {Status.SUBMITTED}, {MODERATOR}, "listing_not_submitted"),
        step("reject", RejectListing, {Status.SUBMITTED}, {MODERATOR}, "listing_not_submitted"),
        step("request-changes", RequestChanges, {Status.SUBMITTED}, {MODERATOR}, "listing_not_submitted"),
        step("publish", PublishListing, {Status.APPROVED}, {SELLER, MODERATOR}, "listing_not_approved"),
        step("pause", PauseListing, {Status.PUBLISHED}, {SELLER, MODERATOR}, "listing_not_published"),
        step("resume", ResumeListing, {Status.PAUSED}, {SELLER}, "listing_not_paused"),
        step("promote", PromoteListing, {Status.PUBLISHED}, {SELLER}, "listing_not_published"),
        step("demote", DemoteListing, Status, {SELLER, MODERATOR}, "listing_not_promoted"),
        step(UNASKED, ConfirmOffer, Status, {MODERATOR}, "listing_not_on_offer"),
        step("mark-sold", MarkListingSold, {Status.PUBLISHED, Status.PAUSED}, {SELLER}, "listing_not_on_sale"),
        step("archive", ArchiveListing, {*UNSOLD, Status.SOLD, Status.REJECTED}, {SELLER, MODERATOR}, "listing_archived"),
    ],
)


def without(*commands: type[Value]) -> Lifecycle:
    return Lifecycle(LIFECYCLE.name, [each for each in LIFECYCLE.steps if each.command not in commands])


LIFECYCLES = dict.fromkeys(IN_VARIANTS, without(PriceListing, MarkListingSold))
"""Priced by its variants, and sold piece by piece until its seller puts it away."""

OF_OTHERS = without(OfferVariants, BringProduct)


def relations(seller_id: UUID, by: Actor) -> frozenset[str]:
    """What `by` is to a seller's listing. A moderator who sells is here the seller alone."""
    if by.id == seller_id:
        return frozenset({SELLER})
    return frozenset({MODERATOR}) if by.is_any(Role.MODERATOR, Role.ADMIN) else frozenset()


def lifecycle(kind: str) -> Lifecycle:
    return LIFECYCLES.get(kind, OF_OTHERS)


def next_actions(kind: str, seller_id: UUID, status: str, by: Actor, *, promoted: bool = False) -> list[str]:
    """What `by` may do next with a seller's listing of this kind in this status: for queries, from a read model's row."""
    already = "promote" if promoted else "demote"
    return [each for each in lifecycle(kind).actions(status, relations(seller_id, by)) if each != already]

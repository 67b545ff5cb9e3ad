"""A listing: its seller writes it, a moderator approves it, and it is offered until it is sold or put away.

What a moderator has approved is what people see: an edit of the content after approval sends the listing back to review, in the
same append, and while it is in review its content stands still. The price alone may change at any time before the sale.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any, TypeVar
from uuid import UUID

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.goods import Variant
from domain.listings.attributes import Attributes, check, check_complete
from domain.listings.categories import CATEGORIES
from domain.listings.commands import (
    ApproveListing,
    ArchiveListing,
    BringProduct,
    ChangeListing,
    ConfirmOffer,
    DemoteListing,
    DraftListing,
    EditListing,
    IllustrateListing,
    ListingCommand,
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
from domain.listings.content import DESCRIPTION_LIMIT, REASON_LIMIT, TITLE_LIMIT, asked, located
from domain.listings.events import (
    AFTER,
    ChangesRequested,
    ListingApproved,
    ListingArchived,
    ListingDemoted,
    ListingDrafted,
    ListingEdited,
    ListingEvent,
    ListingIllustrated,
    ListingPaused,
    ListingPriced,
    ListingPromoted,
    ListingPublished,
    ListingRejected,
    ListingResumed,
    ListingSold,
    ListingSubmitted,
    Status,
    VariantsOffered,
)
from domain.listings.goods.products import IN_VARIANTS
from domain.listings.images import Image, pictured
from domain.listings.lifecycle import WRITABLE, lifecycle, next_actions, relations
from domain.listings.variants import checked, lowest, merged, watched, worded
from domain.text import line, lines, said
from domain.values import SYSTEM, Actor, Money, Place, Role, Value

T = TypeVar("T")

TAKEN_DOWN = {Status.REJECTED, Status.PAUSED, Status.SOLD, Status.ARCHIVED}


class Undrafted(Value, frozen=True, tag=True):
    pass


class Written(Value, frozen=True, tag=True):
    """A listing at any point of its life; the lifecycle's table, not the type, says what its status allows.

    `on_offer` from its publishing until it is taken down: a review of what was changed meanwhile hides it, and it keeps its place.
    """

    listing_id: UUID
    seller_id: UUID
    status: Status
    kind: str
    category: str
    title: str
    description: str
    attributes: Attributes
    price: Money | None
    place: Place | None
    variants: tuple[Variant, ...] = ()
    low: Mapping[str, int] = {}
    images: tuple[Image, ...] = ()
    on_offer: bool = False
    promoted_at: datetime | None = None


Listing = Undrafted | Written


def decide(command: ListingCommand, listing: Listing) -> list[ListingEvent]:
    match command, listing:
        case DraftListing(), Undrafted():
            return [draft(command)]
        case DraftListing(), Written():
            return []  # asked twice: already so
        case _, Undrafted():
            raise Rejected("listing_not_found")
        case _, Written():
            judged_by_another(command, listing)
            steps = lifecycle(listing.kind)
            if all(each.command is not type(command) for each in steps.steps):
                raise Rejected("not_for_kind", f"A {listing.kind} has its price in its variants, and no other listing has any.")
            steps.check(command, listing.status, relations(listing.seller_id, command.by))
            return change(command, listing)


def change(command: ChangeListing, listing: Written) -> list[ListingEvent]:
    """What a command that the lifecycle allows leads to."""
    id, now = listing.listing_id, command.now
    match command:
        case EditListing():
            return edit(command, listing)
        case PriceListing(price=price):
            return [] if price == listing.price else [ListingPriced(id, asked(price), now)]
        case OfferVariants():
            return offer(command, listing)
        case IllustrateListing():
            return illustrate(command, listing)
        case BringProduct():
            return bring(command, listing)
        case SubmitListing():
            complete(listing)
            return [ListingSubmitted(id, now)]
        case ApproveListing(by=by):
            return [ListingApproved(id, by.id, now)]
        case RejectListing(reason=reason, by=by):
            return taken_down(ListingRejected(id, by.id, said(reason, REASON_LIMIT, "/reason"), now), listing)
        case RequestChanges(reason=reason, by=by):
            return [ChangesRequested(id, by.id, said(reason, REASON_LIMIT, "/reason"), now)]
        case PublishListing():
            return [ListingPublished(id, now)]
        case PauseListing():
            return taken_down(ListingPaused(id, now), listing)
        case ResumeListing():
            return [ListingResumed(id, now)]
        case MarkListingSold():
            return taken_down(ListingSold(id, now), listing)
        case ArchiveListing():
            return taken_down(ListingArchived(id, now), listing)

        case PromoteListing():
            return [] if listing.promoted_at else [ListingPromoted(id, now)]
        case DemoteListing(by=by):
            again = listing.promoted_at and by == SYSTEM and listing.promoted_at > now  # since its place was given back
            return [ListingDemoted(id, now)] if listing.promoted_at and not again else []
        case ConfirmOffer():
            if not listing.on_offer:
                raise Rejected("listing_not_on_offer")
            return []


def taken_down(event: ListingRejected | ListingPaused | ListingSold | ListingArchived, listing: Written) -> list[ListingEvent]:
    """What nobody sees is not promoted."""
    return [event, ListingDemoted(listing.listing_id, event.at)] if listing.promoted_at else [event]


def draft(command: DraftListing) -> ListingDrafted:
    if command.by.id != command.seller_id and not command.by.is_any(Role.ADMIN):
        raise Rejected("not_yours", "Only an admin lists for someone else.")
    attributes = check(command.category, command.attributes)
    if command.kind != CATEGORIES[command.category].kind:
        raise Rejected("kind_invalid", f"{command.category} is not listed as {command.kind}.", pointer="/kind")
    if command.kind in IN_VARIANTS and command.price is not None:
        raise Rejected("not_for_kind", f"A {command.kind} has its price in its variants.", pointer="/price")
    return ListingDrafted(
        command.listing_id,
        command.seller_id,
        command.kind,
        command.category,
        line(command.title, TITLE_LIMIT, "/title"),
        lines(command.description, DESCRIPTION_LIMIT, "/description"),
        attributes,
        None if command.price is None else asked(command.price),
        None if command.place is None else located(command.place),
        command.now,
    )


def edit(command: EditListing, listing: Written) -> list[ListingEvent]:
    edited = reworded(command, listing)
    return reviewed([] if edited is None else [edited], listing, command.now)


def offer(command: OfferVariants, listing: Written) -> list[ListingEvent]:
    """Prices may change as the price of any listing may; what else is said of variants is content, which is reviewed."""
    offered = varied(command, listing)
    return reviewed([] if offered is None else [offered], listing, command.now)


def illustrate(command: IllustrateListing, listing: Written) -> list[ListingEvent]:
    images = pictured(command.images, listing.images, command.limit, command.wider)
    changes = [] if images == listing.images else [ListingIllustrated(listing.listing_id, images, command.now)]
    return reviewed(changes, listing, command.now)


def bring(command: BringProduct, listing: Written) -> list[ListingEvent]:
    """Everything that changed is reviewed at once."""
    id, by, now = listing.listing_id, command.by, command.now
    edited = reworded(EditListing(id, by, now, command.category, command.title, command.description, command.attributes), listing)
    variants = merged(listing.variants, command.variants)
    offered = varied(OfferVariants(id, variants, by, now, {**listing.low, **command.low}), listing)
    return reviewed([each for each in (edited, offered) if each is not None], listing, now)


def reviewed(
    changes: Sequence[ListingEdited | VariantsOffered | ListingIllustrated], listing: Written, now: datetime
) -> list[ListingEvent]:
    """What was judged before is judged anew, and what is being judged stands still; prices alone are nobody's to judge."""
    content = any(not isinstance(each, VariantsOffered) or worded(each.variants) != worded(listing.variants) for each in changes)
    if not content or listing.status in WRITABLE:
        return list(changes)
    if listing.status is Status.SUBMITTED:
        raise Rejected("listing_not_editable", "While it is in review, only prices may change.")
    after = reduce(evolve, changes, listing)
    if isinstance(after, Written):
        complete(after)
    return [*changes, ListingSubmitted(listing.listing_id, now)]


def reworded(command: EditListing, listing: Written) -> ListingEdited | None:
    """The content after the edit, where that differs."""
    place = given(command.place, listing.place)
    category = given(command.category, listing.category)
    edited = replace(
        listing,
        category=category,
        title=line(given(command.title, listing.title), TITLE_LIMIT, "/title"),
        description=lines(given(command.description, listing.description), DESCRIPTION_LIMIT, "/description"),
        attributes=check(category, given(command.attributes, listing.attributes)),
        place=None if place is None else located(place),
    )
    if edited == listing:
        return None
    if CATEGORIES[category].kind != listing.kind:
        raise Rejected("kind_invalid", f"{category} is not listed as {listing.kind}.", pointer="/category")
    return ListingEdited(listing.listing_id, category, edited.title, edited.description, edited.attributes, edited.place, command.now)


def varied(command: OfferVariants, listing: Written) -> VariantsOffered | None:
    """The variants as offered, where these differ."""
    variants = checked(command.variants)
    low = watched(command.low, variants)
    if variants == listing.variants and low == listing.low:
        return None
    return VariantsOffered(listing.listing_id, listing.seller_id, variants, lowest(variants), low, command.now)


def given(value: T | UnsetType, otherwise: T) -> T:
    return otherwise if value is UNSET else value


def complete(listing: Written) -> None:
    """Refuse to bring before a moderator what still lacks something."""
    if not listing.title:
        raise Rejected("title_required")
    if listing.kind in IN_VARIANTS and not listing.variants:
        raise Rejected("variant_required")
    if listing.price is None:
        raise Rejected("price_required")
    try:
        check_complete(listing.category, listing.attributes)
    except Rejected as missing:  # it stands in the listing, not in this command's body: no pointer
        raise Rejected(missing.code, missing.detail) from None


def judged_by_another(command: ChangeListing, listing: Written) -> None:
    judging = isinstance(command, ApproveListing | RejectListing | RequestChanges)
    if judging and command.by.id == listing.seller_id and command.by.is_any(Role.MODERATOR, Role.ADMIN):
        raise Rejected("own_listing", "Another moderator must judge it.")


def evolve(listing: Listing, event: ListingEvent) -> Listing:
    match event, listing:
        case ListingDrafted(), _:
            return Written(
                event.listing_id,
                event.seller_id,
                Status.DRAFT,
                event.kind,
                event.category,
                event.title,
                event.description,
                event.attributes,
                event.price,
                event.place,
            )
        case ListingEdited(), Written():
            return replace(
                listing,
                category=event.category,
                title=event.title,
                description=event.description,
                attributes=event.attributes,
                place=event.place,
            )
        case ListingPriced(), Written():
            return replace(listing, price=event.price)
        case VariantsOffered(), Written():
            return replace(listing, variants=event.variants, price=event.price, low=event.low)
        case ListingIllustrated(), Written():
            return replace(listing, images=event.images)
        case ((ListingPromoted() | ListingDemoted()), Written()):
            return replace(listing, promoted_at=event.at if isinstance(event, ListingPromoted) else None)
        case _, Written():
            status = AFTER[type(event)]
            on_offer = status is Status.PUBLISHED or (listing.on_offer and status not in TAKEN_DOWN)
            return replace(listing, status=status, on_offer=on_offer)
        case _:
            return listing


def actions(listing: Any, by: Actor) -> list[str]:
    if not isinstance(listing, Written):
        return []
    return next_actions(listing.kind, listing.seller_id, listing.status, by, promoted=listing.promoted_at is not None)


listings = Decider("listing", Undrafted(), decide, evolve, actions=actions)

"""The feed of listings: the life of each offer while people can see it, never its drafts and reviews."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.goods import Variant
from domain.listings import events
from domain.listings.attributes import Attributes
from domain.values import Money, Place, Value
from projections.view import Feed


class ListingPublished(Value, frozen=True):
    """The whole offer as people see it from now on; published again after a review it replaces what was published before."""

    listing_id: UUID
    seller_id: UUID
    kind: str
    category: str
    title: str
    description: str
    attributes: Attributes
    price: Money | None
    place: Place | None
    variants: tuple[Variant, ...] = ()


class ListingPriced(Value, frozen=True):
    listing_id: UUID
    price: Money


class VariantsOffered(Value, frozen=True):
    """All variants of a product from now on; `price` is the lowest of theirs."""

    listing_id: UUID
    variants: tuple[Variant, ...]
    price: Money


class ListingPaused(Value, frozen=True):
    listing_id: UUID


class ListingResumed(Value, frozen=True):
    listing_id: UUID


class ListingWithdrawn(Value, frozen=True):
    """Its seller has edited it: it is not offered until it is published again."""

    listing_id: UUID


class ListingSold(Value, frozen=True):
    listing_id: UUID


class ListingArchived(Value, frozen=True):
    listing_id: UUID


class Offer(Value, frozen=True):
    """What the listing says, and whether people know of it."""

    content: ListingPublished
    seen: bool = False


def evolve(offer: Offer | None, event: Value) -> Offer | None:
    match event, offer:
        case events.ListingDrafted(), _:
            return Offer(
                ListingPublished(
                    event.listing_id,
                    event.seller_id,
                    event.kind,
                    event.category,
                    event.title,
                    event.description,
                    event.attributes,
                    event.price,
                    event.place,
                )
            )
        case events.ListingEdited(), Offer():
            content = replace(
                offer.content,
                category=event.category,
                title=event.title,
                description=event.description,
                attributes=event.attributes,
                place=event.place,
            )
            return replace(offer, content=content)
        case events.ListingPriced(), Offer():
            return replace(offer, content=replace(offer.content, price=event.price))
        case events.VariantsOffered(), Offer():
            return replace(offer, content=replace(offer.content, variants=event.variants, price=event.price))
        case events.ListingPublished(), Offer():
            return replace(offer, seen=True)
        case events.ListingSubmitted(), Offer():
            return replace(offer, seen=False)
        case events.ListingArchived(), _:
            return None
        case _:
            return offer


def public(offer: Offer | None, event: Value) -> Value | None:
    match event, offer:
        case events.ListingPublished(), Offer(content=content):
            return content
        case _, Offer(seen=True):
            return of_what_is_seen(event)
        case _:
            return None


def of_what_is_seen(event: Value) -> Value | None:
    match event:
        case events.ListingPriced(listing_id=listing, price=price):
            return ListingPriced(listing, price)
        case events.VariantsOffered(listing_id=listing, variants=variants, price=price):
            return VariantsOffered(listing, variants, price)
        case events.ListingPaused(listing_id=listing):
            return ListingPaused(listing)
        case events.ListingResumed(listing_id=listing):
            return ListingResumed(listing)
        case events.ListingSubmitted(listing_id=listing):
            return ListingWithdrawn(listing)
        case events.ListingSold(listing_id=listing):
            return ListingSold(listing)
        case events.ListingArchived(listing_id=listing):
            return ListingArchived(listing)
        case _:
            return None


def listing_of(event: Any) -> UUID:
    return event.listing_id


listings: Feed[Offer] = Feed(
    "listings",
    "Listings from publication to sale: offered, priced, paused, resumed, withdrawn, sold, archived.",
    known=Offer,
    key=listing_of,
    evolve=evolve,
    public=public,
    events=(
        events.ListingDrafted,
        events.ListingEdited,
        events.ListingPriced,
        events.VariantsOffered,
        events.ListingSubmitted,
        events.ListingPublished,
        events.ListingPaused,
        events.ListingResumed,
        events.ListingSold,
        events.ListingArchived,
    ),
    payloads=(
        ListingPublished,
        ListingPriced,
        VariantsOffered,
        ListingPaused,
        ListingResumed,
        ListingWithdrawn,
        ListingSold,
        ListingArchived,
    ),
)

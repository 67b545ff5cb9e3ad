"""What can be asked of listings, favourites, inquiries and imports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from domain.goods import Variant
from domain.listings.events import Status
from domain.listings.images import Image
from domain.values import Actor, Money, Place, Value


class DraftListing(Value, frozen=True):
    """Attributes as the caller gave them, checked by the decider; all but kind and category may still be missing."""

    listing_id: UUID
    seller_id: UUID
    kind: str
    category: str
    by: Actor
    now: datetime
    title: str = ""
    description: str = ""
    attributes: Mapping[str, Any] = {}
    price: Money | None = None
    place: Place | None = None


class EditListing(Value, frozen=True):
    """What is not set stays; attributes that are set replace all attributes."""

    listing_id: UUID
    by: Actor
    now: datetime
    category: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    attributes: Mapping[str, Any] | UnsetType = UNSET
    place: Place | UnsetType | None = UNSET


class PriceListing(Value, frozen=True):
    listing_id: UUID
    price: Money
    by: Actor
    now: datetime


class OfferVariants(Value, frozen=True):
    """All variants of a product, in place of those before; `low` are the levels at which the seller is told, by article number."""

    listing_id: UUID
    variants: Sequence[Variant]
    by: Actor
    now: datetime
    low: Mapping[str, int] = {}


class IllustrateListing(Value, frozen=True):
    """All images, in place of those before. `limit` is how many the seller's tier allows, `wider` says which would allow so many."""

    listing_id: UUID
    images: Sequence[Image]
    limit: int | None
    by: Actor
    now: datetime
    wider: str = ""


class BringProduct(Value, frozen=True):
    """A product as a file has it: its variants take the place of those with their article numbers or join the others.

    What is not set stays, so do levels that are not told.
    """

    listing_id: UUID
    variants: Sequence[Variant]
    by: Actor
    now: datetime
    low: Mapping[str, int] = {}
    category: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    attributes: Mapping[str, Any] | UnsetType = UNSET


class SubmitListing(Value, frozen=True):
    listing_id: UUID
    by: Actor
    now: datetime


class ApproveListing(Value, frozen=True):
    listing_id: UUID
    by: Actor
    now: datetime


class RejectListing(Value, frozen=True):
    listing_id: UUID
    reason: str
    by: Actor
    now: datetime


class RequestChanges(Value, frozen=True):
    listing_id: UUID
    reason: str
    by: Actor
    now: datetime


class PublishListing(Value, frozen=True):
    listing_id: UUID
    by: Actor
    now: datetime


class PauseListing(Value, frozen=True):
    listing_id: UUID
    by: Actor
    now: datetime


class ResumeListing(Value, frozen=True):
    listing_id: UUID
    by: Actor
    now: datetime


class MarkListingSold(Value, frozen=True):
    listing_id: UUID
    by: Actor
    now: datetime


class ArchiveListing(Value, frozen=True):
    listing_id: UUID
    by: Actor
    now: datetime


class PromoteListing(Value, frozen=True):
    listing_id: UUID
    by: Actor
    now: datetime


class DemoteListing(Value, frozen=True):
    listing_id: UUID
    by: Actor
    now: datetime


class ConfirmOffer(Value, frozen=True):
    """Changes nothing: what is done together with it is done only if the listing is on offer."""

    listing_id: UUID
    by: Actor
    now: datetime


ChangeListing = (
    EditListing
    | PriceListing
    | OfferVariants
    | IllustrateListing
    | BringProduct
    | SubmitListing
    | ApproveListing
    | RejectListing
    | RequestChanges
    | PublishListing
    | PauseListing
    | ResumeListing
    | MarkListingSold
    | ArchiveListing
    | PromoteListing
    | DemoteListing
    | ConfirmOffer
)
ListingCommand = DraftListing | ChangeListing


class AddFavourite(Value, frozen=True):
    """`status` is the listing's, None where there is no such listing."""

    user_id: UUID
    listing_id: UUID
    status: Status | None
    now: datetime


class RemoveFavourite(Value, frozen=True):
    user_id: UUID
    listing_id: UUID
    now: datetime


FavouriteCommand = AddFavourite | RemoveFavourite


class SendInquiry(Value, frozen=True):
    """`seller_id` and `status` are the listing's as it stands."""

    inquiry_id: UUID
    listing_id: UUID
    seller_id: UUID
    status: Status
    sender_id: UUID
    message: str
    now: datetime


class RequestImport(Value, frozen=True):
    """`agent`: it has been seen that `by` acts for the seller, as a member of the company does."""

    import_id: UUID
    format: str
    seller_id: UUID
    publish: bool
    by: Actor
    now: datetime
    agent: bool = False


class CancelImport(Value, frozen=True):
    import_id: UUID
    by: Actor
    now: datetime


class CompleteImport(Value, frozen=True):
    import_id: UUID
    accepted: int
    repaired: int
    refused: int
    by: Actor
    now: datetime


class FailImport(Value, frozen=True):
    import_id: UUID
    code: str
    by: Actor
    now: datetime
    detail: str = ""


ImportCommand = RequestImport | CancelImport | CompleteImport | FailImport

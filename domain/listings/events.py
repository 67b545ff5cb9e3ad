"""What has happened to listings, favourites, inquiries and imports."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.goods import Variant
from domain.listings.attributes import Attributes
from domain.listings.images import Image
from domain.values import Erased, Money, Personal, Place, Value


class Status(StrEnum):
    """Where a listing stands on its way from draft to sale."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    PUBLISHED = "published"
    PAUSED = "paused"
    SOLD = "sold"
    REJECTED = "rejected"
    ARCHIVED = "archived"


class ListingDrafted(Value, frozen=True):
    listing_id: UUID
    seller_id: UUID
    kind: str
    category: str
    title: str
    description: str
    attributes: Attributes
    price: Money | None
    place: Place | None
    at: datetime


class ListingEdited(Value, frozen=True):
    """The whole content as it reads from now on, so that no reader has to merge."""

    listing_id: UUID
    category: str
    title: str
    description: str
    attributes: Attributes
    place: Place | None
    at: datetime


class ListingPriced(Value, frozen=True):
    listing_id: UUID
    price: Money
    at: datetime


class VariantsOffered(Value, frozen=True):
    """All variants of a product as they are from now on; `price` is the lowest of theirs.

    `low` are the levels, by article number, at which the seller wants to be told that little is left.
    """

    listing_id: UUID
    seller_id: UUID
    variants: tuple[Variant, ...]
    price: Money
    low: Mapping[str, int]
    at: datetime


class ListingIllustrated(Value, frozen=True):
    """All images as they are from now on, the first of which stands for the listing."""

    listing_id: UUID
    images: tuple[Image, ...]
    at: datetime


class ListingSubmitted(Value, frozen=True):
    listing_id: UUID
    at: datetime


class ListingApproved(Value, frozen=True):
    listing_id: UUID
    by: UUID
    at: datetime


class ListingRejected(Value, frozen=True):
    listing_id: UUID
    by: UUID
    reason: str
    at: datetime


class ChangesRequested(Value, frozen=True):
    listing_id: UUID
    by: UUID
    reason: str
    at: datetime


class ListingPublished(Value, frozen=True):
    listing_id: UUID
    at: datetime


class ListingPaused(Value, frozen=True):
    listing_id: UUID
    at: datetime


class ListingResumed(Value, frozen=True):
    listing_id: UUID
    at: datetime


class ListingSold(Value, frozen=True):
    listing_id: UUID
    at: datetime


class ListingArchived(Value, frozen=True):
    listing_id: UUID
    at: datetime


class ListingPromoted(Value, frozen=True):
    """From now on it comes before others, until it is demoted."""

    listing_id: UUID
    at: datetime


class ListingDemoted(Value, frozen=True):
    listing_id: UUID
    at: datetime


ListingEvent = (
    ListingDrafted
    | ListingEdited
    | ListingPriced
    | VariantsOffered
    | ListingIllustrated
    | ListingSubmitted
    | ListingApproved
    | ListingRejected
    | ChangesRequested
    | ListingPublished
    | ListingPaused
    | ListingResumed
    | ListingSold
    | ListingArchived
    | ListingPromoted
    | ListingDemoted
)

AFTER: Mapping[type[Value], Status] = {
    ListingDrafted: Status.DRAFT,
    ListingSubmitted: Status.SUBMITTED,
    ListingApproved: Status.APPROVED,
    ListingRejected: Status.REJECTED,
    ChangesRequested: Status.CHANGES_REQUESTED,
    ListingPublished: Status.PUBLISHED,
    ListingPaused: Status.PAUSED,
    ListingResumed: Status.PUBLISHED,
    ListingSold: Status.SOLD,
    ListingArchived: Status.ARCHIVED,
}
"""The status that an event leaves behind, for the decider and every read model alike; other events leave it as it was."""


class FavouriteAdded(Value, frozen=True):
    user_id: UUID
    listing_id: UUID
    at: datetime


class FavouriteRemoved(Value, frozen=True):
    user_id: UUID
    listing_id: UUID
    at: datetime


FavouriteEvent = FavouriteAdded | FavouriteRemoved


class InquirySent(Value, frozen=True):
    """The seller is named here, so that no reader has to look the listing up."""

    inquiry_id: UUID
    listing_id: UUID
    seller_id: UUID
    sender_id: UUID
    message: Personal[str | Erased, "sender_id"]
    at: datetime


class ImportRequested(Value, frozen=True):
    """`publish`: the importing person also approves and publishes what the file brings. An `agent` acts for the seller."""

    import_id: UUID
    by: UUID
    format: str
    seller_id: UUID
    publish: bool
    at: datetime
    agent: bool = False


class ImportCancelled(Value, frozen=True):
    import_id: UUID
    by: UUID
    at: datetime


class ImportCompleted(Value, frozen=True):
    """Rows of the file by outcome; a repaired row was accepted too and is counted once, as repaired."""

    import_id: UUID
    accepted: int
    repaired: int
    refused: int
    at: datetime


class ImportFailed(Value, frozen=True):
    """The file as a whole could not be read; `code` says why to programs and `detail` to people."""

    import_id: UUID
    code: str
    at: datetime
    detail: str = ""


ImportEvent = ImportRequested | ImportCancelled | ImportCompleted | ImportFailed

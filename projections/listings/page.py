"""The listing as its page shows it; the same rows are the public list, a seller's own listings and the moderators' queue.

One table serves them all, so a listing costs one row to keep and every list hands on the same document.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.goods import Variant
from domain.listings.attributes import Attributes
from domain.listings.categories import within
from domain.listings.events import (
    AFTER,
    ChangesRequested,
    ListingDemoted,
    ListingDrafted,
    ListingEdited,
    ListingEvent,
    ListingIllustrated,
    ListingPriced,
    ListingPromoted,
    ListingPublished,
    ListingRejected,
    ListingSubmitted,
    Status,
    VariantsOffered,
)
from domain.listings.images import Image
from domain.values import Actor, Money, Place, Role, Value
from projections.sql import ALL, Order, Where, equals
from projections.view import View


class ListingPage(Value, frozen=True):
    """`variants` are those of a product, whose price is the lowest of theirs. What is `promoted` comes before others.

    `submitted_at` is set while a moderator's judgement is awaited, `reason` from a refusal until the next submission.
    """

    id: UUID
    seller_id: UUID
    status: Status
    kind: str
    category: str
    title: str
    description: str
    attributes: Attributes
    price: Money | None
    place: Place | None
    created_at: datetime
    changed_at: datetime
    submitted_at: datetime | None = None
    published_at: datetime | None = None
    reason: str | None = None
    variants: tuple[Variant, ...] = ()
    images: tuple[Image, ...] = ()
    promoted: bool = False


def evolve(page: ListingPage | None, event: ListingEvent) -> ListingPage | None:
    match event, page:
        case ListingDrafted(), _:
            return begin(event)
        case ListingEdited(), ListingPage():
            return replace(
                page,
                category=event.category,
                title=event.title,
                description=event.description,
                attributes=event.attributes,
                place=event.place,
                changed_at=event.at,
            )
        case ListingPriced(), ListingPage():
            return replace(page, price=event.price, changed_at=event.at)
        case VariantsOffered(), ListingPage():
            return replace(page, variants=event.variants, price=event.price, changed_at=event.at)
        case ListingIllustrated(), ListingPage():
            return replace(page, images=event.images, changed_at=event.at)
        case ((ListingPromoted() | ListingDemoted()), ListingPage()):
            return replace(page, promoted=isinstance(event, ListingPromoted), changed_at=event.at)
        case ListingSubmitted(), ListingPage():
            return replace(page, status=Status.SUBMITTED, submitted_at=event.at, reason=None, changed_at=event.at)
        case ListingRejected() | ChangesRequested(), ListingPage():
            return replace(page, status=AFTER[type(event)], submitted_at=None, reason=event.reason, changed_at=event.at)
        case ListingPublished(), ListingPage():
            return replace(page, status=Status.PUBLISHED, published_at=event.at, changed_at=event.at)
        case _, ListingPage():
            return replace(page, status=AFTER[type(event)], submitted_at=None, changed_at=event.at)
        case _:
            return page


def begin(drafted: ListingDrafted) -> ListingPage:
    return ListingPage(
        drafted.listing_id,
        drafted.seller_id,
        Status.DRAFT,
        drafted.kind,
        drafted.category,
        drafted.title,
        drafted.description,
        drafted.attributes,
        drafted.price,
        drafted.place,
        created_at=drafted.at,
        changed_at=drafted.at,
    )


def listing_of(event: ListingEvent) -> UUID:
    return event.listing_id


# Every event of the stream, so that the row's version is the stream's and serves as its ETag.
EVENTS = (*AFTER, ListingEdited, ListingPriced, VariantsOffered, ListingIllustrated, ListingPromoted, ListingDemoted)

view = View(
    "listing_page",
    ListingPage,
    key=listing_of,
    evolve=evolve,
    events=EVENTS,
    columns={
        "status": "text",
        "seller_id": "uuid",
        "kind": "text",
        "category": "text",
        "created_at": "timestamptz",
        "submitted_at": "timestamptz",
        "promoted": "boolean",
    },
    indexes=(
        "status, created_at DESC, key DESC",
        "status, category, created_at DESC, key DESC",
        "status, promoted DESC, created_at DESC, key DESC",
        "status, category, promoted DESC, created_at DESC, key DESC",
        "seller_id, created_at DESC, key DESC",
        "submitted_at, key",
    ),
    version=2,
)

PROMOTED_FIRST = Order(("promoted", "created_at"))
"""For lists of everyone's listings; of equal ones the newest comes first."""

NEWEST_FIRST = Order(("created_at",))
"""Not by key alone: an imported listing's id is made from its row, not from its time."""


OVERSEERS = (Role.MODERATOR, Role.ADMIN, Role.AUDITOR)


def visible_to(by: Actor) -> Where:
    """Published ones for all, a seller's own at any time, everything for those who watch over the market."""
    if by.is_any(*OVERSEERS):
        return ALL
    return Where("status = 'published' OR seller_id = %(caller)s", {"caller": by.id})


def seen_by(columns: Mapping[str, Any], by: Actor) -> bool:
    """Whether the listing of this row is among those visible to somebody."""
    return columns["status"] == Status.PUBLISHED or columns["seller_id"] == by.id or by.is_any(*OVERSEERS)


def asked_for(kind: str | None, category: str | None, seller: UUID | None, status: Status | None) -> Where:
    """A category stands for all below it too."""
    wanted = {"kind": kind, "seller_id": seller, "status": status}
    return reduce(and_, (equals(column, value) for column, value in wanted.items() if value is not None), in_category(category))


def in_category(slug: str | None) -> Where:
    if slug is None:
        return ALL
    found = within(slug)
    # One category alone is read in the order of its index.
    return equals("category", slug) if len(found) == 1 else Where("category = ANY(%(categories)s)", {"categories": list(found)})

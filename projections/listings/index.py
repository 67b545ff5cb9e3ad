"""Listings as the search knows them: words, values to filter and count by, a point on the map, titles to complete.

Fields of the attributes follow the declared categories. Texts and choices are also gathered in `words`, where a query's words may
be found in any of them. Listings that are not published are kept too, since a later event has to find what it continues;
queries filter on the status.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.goods import Variant
from domain.listings.attributes import Attributes
from domain.listings.events import (
    AFTER,
    ListingArchived,
    ListingDemoted,
    ListingDrafted,
    ListingEdited,
    ListingEvent,
    ListingIllustrated,
    ListingPriced,
    ListingPromoted,
    ListingPublished,
    Status,
    VariantsOffered,
)
from domain.listings.images import Image
from domain.listings.schema import Attribute, Kind
from domain.listings.units import EVERY
from domain.values import Money, Place, Value
from projections.listings.page import EVENTS, listing_of
from projections.search import tie
from projections.view import Index


class Point(Value, frozen=True):
    """WGS 84 degrees, as OpenSearch reads a geo_point."""

    lat: float
    lon: float


class IndexedListing(Value, frozen=True):
    """`suggest` are the inputs of completion; there are none while the listing is not published. `articles` is what variants are called.

    `image` is the first.
    """

    id: UUID
    tie: int
    seller_id: UUID
    status: Status
    kind: str
    category: str
    title: str
    description: str
    attributes: Attributes
    price: Money | None
    place: Place | None
    location: Point | None = None
    published_at: datetime | None = None
    suggest: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    image: Image | None = None
    promoted: bool = False


def evolve(listing: IndexedListing | None, event: ListingEvent) -> IndexedListing | None:
    match event, listing:
        case ListingDrafted(), _:
            return content(begin(event), event)
        case ListingEdited(), IndexedListing():
            return content(listing, event)
        case ListingPriced(), IndexedListing():
            return replace(listing, price=event.price)
        case VariantsOffered(), IndexedListing():
            return replace(listing, price=event.price, articles=called(event.variants))
        case ListingIllustrated(), IndexedListing():
            return replace(listing, image=next(iter(event.images), None))
        case ((ListingPromoted() | ListingDemoted()), IndexedListing()):
            return replace(listing, promoted=isinstance(event, ListingPromoted))
        case ListingArchived(), _:
            return None
        case ListingPublished(), IndexedListing():
            return standing(replace(listing, published_at=event.at), Status.PUBLISHED)
        case _, IndexedListing():
            return standing(listing, AFTER[type(event)])
        case _:
            return listing


def begin(drafted: ListingDrafted) -> IndexedListing:
    own = drafted.listing_id
    return IndexedListing(own, tie(own), drafted.seller_id, Status.DRAFT, drafted.kind, drafted.category, "", "", {}, drafted.price, None)


def content(listing: IndexedListing, event: ListingDrafted | ListingEdited) -> IndexedListing:
    return replace(
        listing,
        category=event.category,
        title=event.title,
        description=event.description,
        attributes=event.attributes,
        place=event.place,
        location=located(event.place),
    )


def standing(listing: IndexedListing, status: Status) -> IndexedListing:
    said = (listing.title, listing.attributes.get("maker", "")) if status is Status.PUBLISHED else ()
    return replace(listing, status=status, suggest=tuple(str(each) for each in dict.fromkeys(said) if each))


def called(variants: Sequence[Variant]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for each in variants for word in (each.sku, each.title, *each.options.values()) if word))


def located(place: Place | None) -> Point | None:
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Point(place.latitude, place.longitude)


def field(attribute: Attribute) -> dict[str, Any]:
    """How one attribute is indexed; a text has a second, folded form, so that `maker=bavaria` finds «Bavaria»."""
    match attribute.kind:
        case Kind.TEXT:
            folded = {"type": "keyword", "normalizer": "folded"}
            return {"type": "keyword", "ignore_above": 256, "fields": {"folded": folded}, "copy_to": "words"}
        case Kind.CHOICE | Kind.FLAGS:
            return {"type": "keyword", "copy_to": "words"}
        case Kind.INTEGER:
            return {"type": "integer"}
        case Kind.NUMBER:
            return {"type": "double"}


SILENT = {"index": False, "doc_values": False}
KEYWORD = {"type": "keyword"}
LONG = {"type": "long"}

MAPPING: Mapping[str, Any] = {
    "id": KEYWORD,
    "tie": LONG,
    "sellerId": KEYWORD,
    "status": KEYWORD,
    "kind": KEYWORD,
    "category": KEYWORD,
    "title": {"type": "text", "analyzer": "folding", "copy_to": "words"},
    "description": {"type": "text", "analyzer": "folding", "copy_to": "words"},
    "attributes": {"dynamic": "strict", "properties": {name: field(each) for name, each in EVERY.items()}},
    "price": {"properties": {"amount": LONG, "currency": KEYWORD}},
    "place": {
        "properties": {
            "country": KEYWORD,
            "region": {"type": "text", "analyzer": "folding", "copy_to": "words"},
            "locality": {"type": "text", "analyzer": "folding", "copy_to": "words"},
            "latitude": {"type": "double", **SILENT},
            "longitude": {"type": "double", **SILENT},
        }
    },
    "location": {"type": "geo_point"},
    "publishedAt": {"type": "date"},
    "image": {"type": "object", "enabled": False},
    "promoted": {"type": "boolean"},
    "articles": {"type": "text", "analyzer": "folding", "copy_to": "words"},
    "suggest": {"type": "completion", "analyzer": "folding"},
    "words": {"type": "text", "analyzer": "folding"},
}

SETTINGS: Mapping[str, Any] = {
    # Many search at the same time: each on one thread is faster for all than each on several.
    "search.concurrent_segment_search.mode": "none",
    # A search goes through every segment, and forgiven typos are looked up in each: few of them halve the work of a new search.
    "merge.policy.segments_per_tier": 3,
    "analysis": {
        "analyzer": {"folding": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "asciifolding"]}},
        "normalizer": {"folded": {"type": "custom", "filter": ["lowercase", "asciifolding"]}},
    },
}

index = Index(
    "listings",
    IndexedListing,
    key=listing_of,
    evolve=evolve,
    events=EVENTS,
    mapping=MAPPING,
    settings=SETTINGS,
    version=5,
)

"""What is said of a listing in the bodies of commands: texts, measures, prices and places, each within its limits."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from domain.listings.commands import DraftListing, EditListing
from domain.listings.content import DESCRIPTION_LIMIT, PLACE_NAME_LIMIT, PRICE_LIMIT, REASON_LIMIT, TITLE_LIMIT
from domain.listings.images import ADDRESS_LIMIT, ALT_LIMIT, MOST, SIDE_LIMIT, Image
from domain.listings.units import in_metric
from domain.values import Actor, Money, Place
from interfaces.http.answers import Body

Amount = Annotated[int, Meta(ge=1, le=PRICE_LIMIT, description="In minor units.", examples=[4_500_000])]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217.", examples=["EUR"])]
Country = Annotated[str, Meta(pattern="^([A-Z]{2})?$", description="ISO 3166-1 alpha-2, or empty.", examples=["CH"])]
PlaceName = Annotated[str, Meta(max_length=PLACE_NAME_LIMIT, examples=["Stäfa"])]
Latitude = Annotated[float, Meta(ge=-90, le=90, examples=[47.24])]
Longitude = Annotated[float, Meta(ge=-180, le=180, examples=[8.72])]
Kind = Annotated[str, Meta(max_length=40, examples=["classified"])]
Category = Annotated[str, Meta(max_length=40, examples=["boats"])]
Title = Annotated[str, Meta(max_length=TITLE_LIMIT, examples=["Bavaria 38 Sport"])]
Description = Annotated[str, Meta(max_length=DESCRIPTION_LIMIT, examples=["Well kept, winters under a roof."])]
Reason = Annotated[str, Meta(min_length=1, max_length=REASON_LIMIT, examples=["Please say which engine it has."])]


class Measure(Struct, frozen=True, forbid_unknown_fields=True):
    """A number in another unit than the metric one that the category declares."""

    value: Annotated[float, Meta(ge=-1e12, le=1e12, examples=[38])]
    unit: Annotated[str, Meta(min_length=1, max_length=10, examples=["ft"])]


Text = Annotated[str, Meta(max_length=200)]
Number = Annotated[float, Meta(ge=-1e12, le=1e12)]
Whole = Annotated[int, Meta(ge=-(10**12), le=10**12)]
Attributes = Annotated[
    dict[Annotated[str, Meta(max_length=60)], Whole | Number | Text | list[Text] | Measure | None],
    Meta(max_length=100, examples=[{"type": ["motor-yacht"], "maker": "Bavaria", "length": {"value": 38, "unit": "ft"}}]),
]


class Priced(Body, frozen=True):
    amount: Amount
    currency: Currency

    def value(self) -> Money:
        return Money(self.amount, self.currency)


class Located(Body, frozen=True):
    """Latitude and longitude in WGS 84 degrees, both or none."""

    country: Country = ""
    region: PlaceName = ""
    locality: PlaceName = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    def value(self) -> Place:
        return Place(self.country, self.region, self.locality, self.latitude, self.longitude)


class Draft(Body, frozen=True):
    """A draft may lack what its submission will demand; an admin may list in the name of a `sellerId`."""

    category: Category
    kind: Kind = "classified"
    title: Title = ""
    description: Description = ""
    attributes: Attributes = msgspec.field(default_factory=dict[str, Any])
    price: Priced | None = None
    place: Located | None = None
    seller_id: UUID | None = None

    def command(self, listing_id: UUID, by: Actor, now: datetime) -> DraftListing:
        return DraftListing(
            listing_id,
            self.seller_id or by.id,
            self.kind,
            self.category,
            by,
            now,
            self.title,
            self.description,
            in_metric(self.category, msgspec.to_builtins(self.attributes)),
            self.price.value() if self.price else None,
            self.place.value() if self.place else None,
        )


class Edit(Body, frozen=True):
    """What is left out stays; attributes that are sent replace all attributes, a place of null takes it away."""

    category: Category | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    attributes: Attributes | UnsetType = UNSET
    place: Located | UnsetType | None = UNSET

    def command(self, listing_id: UUID, by: Actor, now: datetime) -> EditListing:
        category = None if self.category is UNSET else self.category
        return EditListing(
            listing_id,
            by,
            now,
            self.category,
            self.title,
            self.description,
            UNSET if self.attributes is UNSET else in_metric(category, msgspec.to_builtins(self.attributes)),
            self.place.value() if isinstance(self.place, Located) else self.place,
        )


class Price(Body, frozen=True):
    price: Priced


class Refusal(Body, frozen=True):
    reason: Reason


Side = Annotated[int, Meta(ge=1, le=SIDE_LIMIT, description="In pixels.", examples=[1600])]


class ImageBody(Body, frozen=True):
    """`alt` is what the image shows, for those who do not see it; `width` and `height` come together."""

    address: Annotated[str, Meta(max_length=ADDRESS_LIMIT, pattern="^https://", examples=["https://img.example/deck.jpg"])]
    alt: Annotated[str, Meta(max_length=ALT_LIMIT, examples=["The deck, seen from the bow"])] = ""
    width: Side | None = None
    height: Side | None = None

    def value(self) -> Image:
        return Image(self.address, self.alt, self.width, self.height)


class Images(Body, frozen=True):
    """All images in their order; the first stands for the listing in lists. An empty list takes them away."""

    images: Annotated[list[ImageBody], Meta(max_length=MOST)]

"""The form in which public events are told, wherever they are told: CloudEvents 1.0."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from projections.ports import Told
from projections.view import Feed

PRICED = {"listingId": "01979c5e-7c00-7000-8000-000000000002", "price": {"amount": 4_500_000, "currency": "EUR"}}


class CloudEvent(Struct, frozen=True):
    """CloudEvents 1.0 in JSON. `position` is its place in the log, to read on from with `after`."""

    specversion: Literal["1.0"]
    id: Annotated[str, Meta(examples=["01979c5e-7c00-7000-8000-000000000001"])]
    source: Annotated[str, Meta(examples=["/v1/feeds/listings"])]
    type: Annotated[str, Meta(examples=["listings.ListingPriced"])]
    subject: Annotated[str, Meta(description="What it happened to.", examples=["01979c5e-7c00-7000-8000-000000000002"])]
    time: datetime
    datacontenttype: Literal["application/json"]
    schemaversion: int
    position: Annotated[str, Meta(examples=["4711"])]
    data: Annotated[Any, Meta(description="The payload, by the type's JSON Schema.", examples=[PRICED])]


def cloud_event(feed: Feed[Any], told: Told) -> CloudEvent:
    return CloudEvent(
        "1.0",
        str(told.id),
        f"/v1/feeds/{feed.feed}",
        told.type,
        told.subject,
        told.time,
        "application/json",
        told.schema,
        str(told.position),
        told.data,
    )

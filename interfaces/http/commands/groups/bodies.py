"""What is said of group purchases in the bodies of commands, each within its limits."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from application.commands.groups.opening import Spot, Terms
from domain.groups.terms import ADDRESS_LIMIT, INVITED, MOST_PIECES, NAME_LIMIT, PICKUPS
from domain.groups.values import Visibility
from interfaces.http.answers import Body
from interfaces.http.commands.listings.bodies import Located

Pieces = Annotated[int, Meta(ge=1, le=MOST_PIECES, description="Pieces.", examples=[50])]
Article = Annotated[
    str, Meta(min_length=1, max_length=64, description="May be left out where there is one variant.", examples=["MAIZE-10"])
]
Moment = Annotated[datetime, Meta(tz=True, examples=["2026-07-01T16:00:00Z"])]


class GroupPickup(Body, frozen=True):
    """Where and when goods are handed over: a public place, shown to everybody who may see the group."""

    name: Annotated[str, Meta(min_length=1, max_length=NAME_LIMIT, examples=["Mbare market, gate 2"])]
    opens_at: Moment
    closes_at: Moment
    address: Annotated[str, Meta(max_length=ADDRESS_LIMIT, examples=["Ardbennie Road, Harare"])] = ""
    place: Located | None = None

    def value(self) -> Spot:
        place = (self.place or Located()).value()
        return Spot(self.name, self.address, place, self.opens_at.astimezone(UTC), self.closes_at.astimezone(UTC))


class GroupTerms(Body, frozen=True):
    """Each member takes from `least` to `most` pieces, `most` being the maximum where it is left out.

    A `public` group is listed, one by `link` is joined by whoever has its id, an `invited` one by the users in `invited` alone.
    """

    listing_id: UUID
    minimum: Pieces
    maximum: Pieces
    deadline: Moment
    pickups: Annotated[tuple[GroupPickup, ...], Meta(min_length=1, max_length=PICKUPS)]
    sku: Article | None = None
    least: Pieces = 1
    most: Pieces | None = None
    visibility: Visibility = Visibility.PUBLIC
    invited: Annotated[tuple[UUID, ...], Meta(max_length=INVITED)] = ()

    def value(self) -> Terms:
        return Terms(
            self.listing_id,
            self.sku,
            self.minimum,
            self.maximum,
            self.least,
            self.most,
            self.deadline.astimezone(UTC),
            [each.value() for each in self.pickups],
            self.visibility,
            self.invited,
        )


class GroupJoining(Body, frozen=True):
    quantity: Pieces
    pickup_id: UUID


class GroupLeaving(Body, frozen=True):
    """Without a `memberId`, oneself."""

    member_id: UUID | None = None


class GroupQuantity(Body, frozen=True):
    quantity: Pieces


class GroupExtension(Body, frozen=True):
    deadline: Moment


class GroupRefund(Body, frozen=True):
    refund_id: UUID

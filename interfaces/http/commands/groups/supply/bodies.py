"""What is said of quotes and shipments in the bodies of commands."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from domain.groups.supply.commands import CounterQuote, RecordArrival, ShipGoods, SubmitQuote
from domain.groups.supply.events import Way
from domain.groups.supply.quote import LEAD_LIMIT, NOTE_LIMIT, PRICE_LIMIT
from domain.groups.supply.shipment import MOST_PARTS, MOST_PHOTOS, NAME_LIMIT, PHOTO_LIMIT, TEXT_LIMIT
from domain.groups.terms import MOST_PIECES
from domain.values import Actor
from interfaces.http.answers import Body

Pieces = Annotated[int, Meta(ge=1, le=MOST_PIECES, description="Pieces.", examples=[100])]
Price = Annotated[int, Meta(ge=1, le=PRICE_LIMIT, description="For one piece, in minor units of the group's currency.", examples=[880])]
LeadDays = Annotated[int, Meta(ge=0, le=LEAD_LIMIT, description="From the acceptance until everything is under way.", examples=[10])]
Note = Annotated[str, Meta(max_length=NOTE_LIMIT, examples=["Of this year's harvest."])]


class QuoteOffer(Body, frozen=True):
    """For all the pieces that the group asks for, or as many as there are; fewer are not accepted, but may be countered."""

    price: Price
    quantity: Pieces
    lead_days: LeadDays
    valid_until: Annotated[datetime, Meta(tz=True, description="At most 30 days from now.", examples=["2026-07-01T16:00:00Z"])]
    note: Note = ""

    def command(self, quote_id: UUID, by: Actor, now: datetime) -> SubmitQuote:
        return SubmitQuote(quote_id, self.price, self.quantity, self.lead_days, self.valid_until.astimezone(UTC), self.note, by, now)


class QuoteCounter(Body, frozen=True):
    """For the whole quantity; without `leadDays` as it was quoted."""

    price: Price
    lead_days: LeadDays | None = None
    note: Note = ""

    def command(self, quote_id: UUID, by: Actor, now: datetime) -> CounterQuote:
        return CounterQuote(quote_id, self.price, self.note, by, now, self.lead_days)


class QuoteRefusal(Body, frozen=True):
    reason: Annotated[str, Meta(min_length=1, max_length=NOTE_LIMIT, examples=["Out of season."])]


class PartSent(Body, frozen=True):
    """`replaces` names the quality issue whose pieces are made good with it."""

    quantity: Pieces
    carrier: Annotated[str, Meta(min_length=1, max_length=NAME_LIMIT, examples=["Swift"])]
    eta: Annotated[date, Meta(description="The day on which it is expected.", examples=["2026-07-01"])]
    tracking: Annotated[str, Meta(max_length=NAME_LIMIT, examples=["ZW-0042317"])] = ""
    replaces: UUID | None = None

    def command(self, shipment_id: UUID, by: Actor, now: datetime) -> ShipGoods:
        return ShipGoods(shipment_id, self.quantity, self.carrier, self.tracking, self.eta, by, now, self.replaces)


class PartArrived(Body, frozen=True):
    """Who took it in has to be named by the supplier, and may be by others."""

    part: Annotated[int, Meta(ge=1, le=MOST_PARTS, description="Its number, from 1.", examples=[1])]
    received_by: Annotated[str, Meta(max_length=NAME_LIMIT, examples=["Mai Tatenda, gate 2"])] = ""

    def command(self, shipment_id: UUID, by: Actor, now: datetime) -> RecordArrival:
        return RecordArrival(shipment_id, self.part, by, now, self.received_by)


class QualityComplaint(Body, frozen=True):
    """`photos` are references."""

    quantity: Pieces
    description: Annotated[str, Meta(min_length=1, max_length=TEXT_LIMIT, examples=["Five sacks are wet."])]
    photos: Annotated[
        tuple[Annotated[str, Meta(max_length=PHOTO_LIMIT, examples=["media/01979c5e-7c00-7000-8000-000000000001"])], ...],
        Meta(max_length=MOST_PHOTOS),
    ] = ()


class QualitySettlement(Body, frozen=True):
    """By `amount`, which the members get back by their parts, or by a replacement, which costs nothing."""

    issue_id: UUID
    way: Way
    amount: Annotated[int, Meta(ge=0, le=PRICE_LIMIT, description="Minor units of the group's currency.", examples=[4400])] = 0

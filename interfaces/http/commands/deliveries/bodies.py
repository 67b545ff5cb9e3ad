"""What is said of deliveries and couriers in the bodies of commands."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from domain.deliveries.commands import DeliverDelivery, EnrolCourier, FailDelivery, RetryDelivery, Vehicle
from domain.deliveries.courier import CAPACITY_LIMIT, SPEED_LIMIT, ZONE_LIMIT
from domain.deliveries.delivery import NAME_LIMIT, NOTE_LIMIT, PHOTO_LIMIT
from domain.deliveries.events import FailureReason
from domain.trade import Spot
from domain.values import Actor
from interfaces.http.answers import Body

Latitude = Annotated[float, Meta(ge=-90, le=90, description="WGS 84, in degrees.", examples=[38.7139])]
Longitude = Annotated[float, Meta(ge=-180, le=180, description="WGS 84, in degrees.", examples=[-9.1394])]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with an offset.", examples=["2026-06-01T12:00:00Z"])]


class Destination(Body, frozen=True):
    latitude: Latitude
    longitude: Longitude

    def value(self) -> Spot:
        return Spot(self.latitude, self.longitude)


class Position(Body, frozen=True):
    """Where the courier's device is, and when it was there; left out: now."""

    latitude: Latitude
    longitude: Longitude
    at: Moment | None = None

    def value(self) -> Spot:
        return Spot(self.latitude, self.longitude)


class Assignment(Body, frozen=True):
    courier_id: UUID


class Handover(Body, frozen=True):
    """At least one proof: the code that the buyer was shown, who took it in, or the reference of a photo."""

    code: Annotated[str, Meta(pattern="^[0-9]{6}$", examples=["042317"])] | None = None
    received_by: Annotated[str, Meta(max_length=NAME_LIMIT, examples=["Mrs Lima, third floor"])] = ""
    photo: Annotated[str, Meta(max_length=PHOTO_LIMIT, examples=["media/01979c5e-7c00-7000-8000-000000000001"])] = ""

    def command(self, delivery_id: UUID, by: Actor, now: datetime) -> DeliverDelivery:
        return DeliverDelivery(delivery_id, by, now, None, self.received_by, self.photo)


class Failing(Body, frozen=True):
    reason: FailureReason
    note: Annotated[str, Meta(max_length=NOTE_LIMIT, examples=["No answer at the door."])] = ""

    def command(self, delivery_id: UUID, by: Actor, now: datetime) -> FailDelivery:
        return FailDelivery(delivery_id, self.reason, by, now, self.note)


class Retry(Body, frozen=True):
    """A new window, with both its ends, or none."""

    starts_at: Moment | None = None
    ends_at: Moment | None = None

    def command(self, delivery_id: UUID, by: Actor, now: datetime) -> RetryDelivery:
        return RetryDelivery(delivery_id, by, now, self.starts_at, self.ends_at)


class Enrolment(Body, frozen=True):
    """`speed` in km/h, `capacity` in deliveries at once; staff may enrol the `courierId` of somebody else."""

    vehicle: Vehicle
    speed: Annotated[int, Meta(ge=1, le=SPEED_LIMIT, examples=[15])]
    capacity: Annotated[int, Meta(ge=1, le=CAPACITY_LIMIT, examples=[8])]
    zones: Annotated[list[UUID], Meta(max_length=ZONE_LIMIT, description="Where the courier rides.")]
    courier_id: UUID | None = None

    def command(self, by: Actor, now: datetime) -> EnrolCourier:
        return EnrolCourier(self.courier_id or by.id, self.vehicle, self.speed, self.capacity, tuple(self.zones), by, now)


class Duty(Body, frozen=True):
    on_duty: bool

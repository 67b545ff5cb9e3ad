"""What has happened to zones, slots, deliveries and couriers."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain.deliveries.windows import Terms
from domain.trade import Spot
from domain.values import Address, Erased, Personal, Value


class Status(StrEnum):
    """Where a delivery stands on its way from the packed order to its buyer."""

    OPEN = "OPEN"
    ASSIGNED = "ASSIGNED"
    PICKED_UP = "PICKED_UP"
    IN_TRANSIT = "IN_TRANSIT"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"


class FailureReason(StrEnum):
    """Why an attempt came to nothing."""

    NOBODY_HOME = "nobody_home"
    ADDRESS_NOT_FOUND = "address_not_found"
    NO_ACCESS = "no_access"
    REFUSED = "refused"
    DAMAGED = "damaged"
    VEHICLE = "vehicle"
    OTHER = "other"


class DeliveryOpened(Value, frozen=True):
    """`starts_at` and `ends_at` bound the promised window, in UTC; `time_zone` is the place's, by its IANA name."""

    delivery_id: UUID
    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    address: Personal[Address | Erased, "buyer_id"]
    zone_id: UUID | None
    time_zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    at: datetime
    spot: Personal[Spot | Erased | None, "buyer_id"] = None


class DeliveryLocated(Value, frozen=True):
    """Where on the globe the address is: found by its town, or told by somebody who knows better."""

    delivery_id: UUID
    buyer_id: UUID
    spot: Personal[Spot | Erased, "buyer_id"]
    by: UUID
    at: datetime


class DeliveryAssigned(Value, frozen=True):
    """`previous` is the courier it was taken from."""

    delivery_id: UUID
    order_id: UUID
    courier_id: UUID
    previous: UUID | None
    by: UUID
    at: datetime


class DeliveryPickedUp(Value, frozen=True):
    delivery_id: UUID
    order_id: UUID
    courier_id: UUID
    by: UUID
    at: datetime


class DeliveryInTransit(Value, frozen=True):
    delivery_id: UUID
    order_id: UUID
    buyer_id: UUID
    courier_id: UUID
    by: UUID
    at: datetime


class DeliveryCodeRefused(Value, frozen=True):
    """The code that a courier was told is not this delivery's."""

    delivery_id: UUID
    by: UUID
    at: datetime


class DeliveryDelivered(Value, frozen=True):
    """Handed over, with at least one proof: the buyer's code, who took it in, or the reference of a photo.

    `starts_at` and `ends_at` repeat the promise, so that punctuality is read from this event alone.
    """

    delivery_id: UUID
    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    courier_id: UUID
    zone_id: UUID | None
    attempt: int
    by_code: bool
    received_by: Personal[str | Erased, "buyer_id"]
    photo: str
    starts_at: datetime | None
    ends_at: datetime | None
    by: UUID
    at: datetime


class DeliveryFailed(Value, frozen=True):
    """Attempt number `attempt`, from 1, came to nothing; `last` says that there will be no further one."""

    delivery_id: UUID
    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    courier_id: UUID
    zone_id: UUID | None
    reason: FailureReason
    note: Personal[str | Erased, "buyer_id"]
    attempt: int
    last: bool
    by: UUID
    at: datetime


class DeliveryRetried(Value, frozen=True):
    """It is to be tried again by the same courier, in this window."""

    delivery_id: UUID
    order_id: UUID
    starts_at: datetime | None
    ends_at: datetime | None
    by: UUID
    at: datetime


class DeliveryReturned(Value, frozen=True):
    """The goods are back where they came from."""

    delivery_id: UUID
    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    courier_id: UUID
    by: UUID
    at: datetime


class DeliveryRecalled(Value, frozen=True):
    """Its order was cancelled while the courier carried it: it is not to be tried again, but brought back."""

    delivery_id: UUID
    order_id: UUID
    courier_id: UUID
    at: datetime


class DeliveryCancelled(Value, frozen=True):
    """Its order was cancelled before anyone had set out; `courier_id` had it in hand."""

    delivery_id: UUID
    order_id: UUID
    courier_id: UUID | None
    at: datetime


DeliveryEvent = (
    DeliveryOpened
    | DeliveryLocated
    | DeliveryAssigned
    | DeliveryPickedUp
    | DeliveryInTransit
    | DeliveryCodeRefused
    | DeliveryDelivered
    | DeliveryFailed
    | DeliveryRetried
    | DeliveryReturned
    | DeliveryRecalled
    | DeliveryCancelled
)

AFTER: Mapping[type[Value], Status] = {
    DeliveryOpened: Status.OPEN,
    DeliveryAssigned: Status.ASSIGNED,
    DeliveryPickedUp: Status.PICKED_UP,
    DeliveryInTransit: Status.IN_TRANSIT,
    DeliveryDelivered: Status.DELIVERED,
    DeliveryFailed: Status.FAILED,
    DeliveryRetried: Status.ASSIGNED,
    DeliveryRecalled: Status.FAILED,
    DeliveryReturned: Status.RETURNED,
    DeliveryCancelled: Status.CANCELLED,
}
"""The status that an event leaves behind; other events leave it as it was."""


class CourierEnrolled(Value, frozen=True):
    """What a courier drives and how much he takes, as it holds from now on; `speed` in km/h, `capacity` in deliveries at once."""

    courier_id: UUID
    vehicle: str
    speed: int
    capacity: int
    zones: tuple[UUID, ...]
    by: UUID
    at: datetime


class CourierWentOnDuty(Value, frozen=True):
    courier_id: UUID
    by: UUID
    at: datetime


class CourierWentOffDuty(Value, frozen=True):
    """What is in hand stays there; nothing more is added."""

    courier_id: UUID
    by: UUID
    at: datetime


class CourierLoaded(Value, frozen=True):
    """`load` is how many deliveries the courier has in hand with this one."""

    courier_id: UUID
    delivery_id: UUID
    load: int
    at: datetime


class CourierUnloaded(Value, frozen=True):
    courier_id: UUID
    delivery_id: UUID
    load: int
    at: datetime


CourierEvent = CourierEnrolled | CourierWentOnDuty | CourierWentOffDuty | CourierLoaded | CourierUnloaded


class ZoneDeclared(Value, frozen=True):
    """Declared again, these terms replace those before; what is booked stays booked."""

    zone_id: UUID
    terms: Terms
    by: UUID
    at: datetime


class ZoneClosed(Value, frozen=True):
    """Nothing more is delivered there, but what is booked."""

    zone_id: UUID
    by: UUID
    at: datetime


ZoneEvent = ZoneDeclared | ZoneClosed


class SlotBooked(Value, frozen=True):
    """`taken` of `capacity` places are booked now, this one included; `day` and `start` are the zone's own time."""

    slot_id: UUID
    zone_id: UUID
    day: date
    start: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    order_id: UUID
    taken: int
    at: datetime


class SlotFreed(Value, frozen=True):
    slot_id: UUID
    zone_id: UUID
    order_id: UUID
    taken: int
    at: datetime


SlotEvent = SlotBooked | SlotFreed

"""What can be asked of zones, slots, deliveries and couriers."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from domain.deliveries.events import FailureReason
from domain.deliveries.windows import Terms
from domain.trade import Spot
from domain.values import Actor, Address, Erased, Value

Vehicle = Literal["foot", "bicycle", "scooter", "car", "van", "boat"]


class OpenDelivery(Value, frozen=True):
    delivery_id: UUID
    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    address: Address | Erased
    zone_id: UUID | None
    time_zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    by: Actor
    now: datetime
    spot: Spot | Erased | None = None


class LocateDelivery(Value, frozen=True):
    delivery_id: UUID
    spot: Spot
    by: Actor
    now: datetime


class AssignDelivery(Value, frozen=True):
    """Goes with `LoadCourier` for the courier's stream, in one append; `if_open` leaves it with who has it already."""

    delivery_id: UUID
    courier_id: UUID
    by: Actor
    now: datetime
    if_open: bool = False


class PickUpDelivery(Value, frozen=True):
    delivery_id: UUID
    by: Actor
    now: datetime


class MoveDelivery(Value, frozen=True):
    delivery_id: UUID
    by: Actor
    now: datetime


class TrackDelivery(Value, frozen=True):
    """Whether a courier may tell where he is: an answer, and no event."""

    delivery_id: UUID
    spot: Spot
    by: Actor
    now: datetime


class DeliverDelivery(Value, frozen=True):
    """`code_fits` is whether the code that was given is the delivery's; None where none was given."""

    delivery_id: UUID
    by: Actor
    now: datetime
    code_fits: bool | None = None
    received_by: str = ""
    photo: str = ""


class FailDelivery(Value, frozen=True):
    delivery_id: UUID
    reason: FailureReason
    by: Actor
    now: datetime
    note: str = ""


class RetryDelivery(Value, frozen=True):
    """A window of its own, or none."""

    delivery_id: UUID
    by: Actor
    now: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class ReturnDelivery(Value, frozen=True):
    delivery_id: UUID
    by: Actor
    now: datetime


class CancelDelivery(Value, frozen=True):
    """Its order needs no delivery any more; `recall` says that what is under way comes back."""

    delivery_id: UUID
    order_id: UUID
    by: Actor
    now: datetime
    recall: bool = True


ChangeDelivery = (
    LocateDelivery
    | AssignDelivery
    | PickUpDelivery
    | MoveDelivery
    | TrackDelivery
    | DeliverDelivery
    | FailDelivery
    | RetryDelivery
    | ReturnDelivery
    | CancelDelivery
)
DeliveryCommand = OpenDelivery | ChangeDelivery


class EnrolCourier(Value, frozen=True):
    """`courier_id` is the user's; enrolled again, the new terms replace the old ones."""

    courier_id: UUID
    vehicle: Vehicle
    speed: int
    capacity: int
    zones: tuple[UUID, ...]
    by: Actor
    now: datetime


class GoOnDuty(Value, frozen=True):
    courier_id: UUID
    by: Actor
    now: datetime


class GoOffDuty(Value, frozen=True):
    courier_id: UUID
    by: Actor
    now: datetime


class LoadCourier(Value, frozen=True):
    courier_id: UUID
    delivery_id: UUID
    now: datetime


class UnloadCourier(Value, frozen=True):
    courier_id: UUID
    delivery_id: UUID
    now: datetime


CourierCommand = EnrolCourier | GoOnDuty | GoOffDuty | LoadCourier | UnloadCourier


class DeclareZone(Value, frozen=True):
    zone_id: UUID
    terms: Terms
    by: Actor
    now: datetime


class CloseZone(Value, frozen=True):
    zone_id: UUID
    by: Actor
    now: datetime


ZoneCommand = DeclareZone | CloseZone


class BookSlot(Value, frozen=True):
    """Capacity and end of booking are the zone's as they stand; an order booked twice is booked once."""

    slot_id: UUID
    zone_id: UUID
    day: date
    start: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    closes_at: datetime
    order_id: UUID
    now: datetime


class FreeSlot(Value, frozen=True):
    slot_id: UUID
    order_id: UUID
    now: datetime


SlotCommand = BookSlot | FreeSlot

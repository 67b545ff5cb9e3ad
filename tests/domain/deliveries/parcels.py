"""Ana buys from Ben, Cleo and Dan carry parcels, Sam is staff; events and commands with what does not matter filled in."""

from datetime import UTC, datetime
from uuid import UUID

from domain.deliveries import commands as c
from domain.deliveries import events as e
from domain.deliveries.delivery import delivery_id
from domain.trade import Spot
from domain.values import Actor, Address, Role

ANA = Actor(UUID("018f0000-0000-7000-8000-00000000a0a0"), frozenset({Role.CUSTOMER}))
BEN = Actor(UUID("018f0000-0000-7000-8000-00000000be00"), frozenset({Role.SELLER}))
CLEO = Actor(UUID("018f0000-0000-7000-8000-00000000c1e0"), frozenset({Role.COURIER}))
DAN = Actor(UUID("018f0000-0000-7000-8000-00000000da00"), frozenset({Role.COURIER}))
SAM = Actor(UUID("018f0000-0000-7000-8000-000000005a00"), frozenset({Role.STAFF}))
EVE = Actor(UUID("018f0000-0000-7000-8000-00000000e0e0"), frozenset({Role.CUSTOMER}))

ORDER = UUID("018f0000-0000-7000-8000-0000000000de")
PARCEL = delivery_id(ORDER)
ZONE = UUID("018f0000-0000-7000-8000-000000000001")

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVENING = datetime(2026, 6, 1, 18, tzinfo=UTC)

HOME = Address("Ana Sousa", ("Rua da Rosa 1",), "Lisboa", "1200-001", "PT")
ROSSIO = Spot(38.7139, -9.1394)

opened = e.DeliveryOpened(PARCEL, ORDER, ANA.id, BEN.id, HOME, ZONE, "Europe/Lisbon", NOON, EVENING, NINE)
located = e.DeliveryLocated(PARCEL, ANA.id, ROSSIO, ANA.id, NINE)
assigned = e.DeliveryAssigned(PARCEL, ORDER, CLEO.id, None, SAM.id, NINE)
picked_up = e.DeliveryPickedUp(PARCEL, ORDER, CLEO.id, CLEO.id, NOON)
in_transit = e.DeliveryInTransit(PARCEL, ORDER, ANA.id, CLEO.id, CLEO.id, NOON)
code_refused = e.DeliveryCodeRefused(PARCEL, CLEO.id, NOON)
retried = e.DeliveryRetried(PARCEL, ORDER, None, None, SAM.id, NOON)
returned = e.DeliveryReturned(PARCEL, ORDER, ANA.id, BEN.id, CLEO.id, CLEO.id, NOON)
recalled = e.DeliveryRecalled(PARCEL, ORDER, CLEO.id, NOON)
cancelled = e.DeliveryCancelled(PARCEL, ORDER, CLEO.id, NOON)

on_its_way = (opened, assigned, picked_up, in_transit)


def failed(attempt: int = 1) -> e.DeliveryFailed:
    reason = e.FailureReason.NOBODY_HOME
    return e.DeliveryFailed(PARCEL, ORDER, ANA.id, BEN.id, CLEO.id, ZONE, reason, "", attempt, attempt == 3, CLEO.id, NOON)


def delivered(*, by_code: bool = False, received_by: str = "", photo: str = "", attempt: int = 1) -> e.DeliveryDelivered:
    return e.DeliveryDelivered(
        PARCEL,
        ORDER,
        ANA.id,
        BEN.id,
        CLEO.id,
        ZONE,
        attempt,
        by_code,
        received_by,
        photo,
        NOON,
        EVENING,
        CLEO.id,
        NOON,
    )


def open_it(by: Actor = SAM) -> c.OpenDelivery:
    return c.OpenDelivery(PARCEL, ORDER, ANA.id, BEN.id, HOME, ZONE, "Europe/Lisbon", NOON, EVENING, by, NINE)


def assign(to: Actor = CLEO, by: Actor = SAM) -> c.AssignDelivery:
    return c.AssignDelivery(PARCEL, to.id, by, NINE)


def deliver(by: Actor = CLEO, *, code_fits: bool | None = None, received_by: str = "", photo: str = "") -> c.DeliverDelivery:
    return c.DeliverDelivery(PARCEL, by, NOON, code_fits, received_by, photo)


def fail(by: Actor = CLEO, note: str = "") -> c.FailDelivery:
    return c.FailDelivery(PARCEL, e.FailureReason.NOBODY_HOME, by, NOON, note)


def enrol(
    who: Actor = CLEO, by: Actor | None = None, *, speed: int = 15, capacity: int = 2, zones: tuple[UUID, ...] = (ZONE,)
) -> c.EnrolCourier:
    return c.EnrolCourier(who.id, "bicycle", speed, capacity, zones, by or who, NINE)


enrolled = e.CourierEnrolled(CLEO.id, "bicycle", 15, 2, (ZONE,), CLEO.id, NINE)
on_duty = e.CourierWentOnDuty(CLEO.id, CLEO.id, NINE)
off_duty = e.CourierWentOffDuty(CLEO.id, CLEO.id, NOON)


def loaded(delivery: UUID = PARCEL, load: int = 1) -> e.CourierLoaded:
    return e.CourierLoaded(CLEO.id, delivery, load, NINE)

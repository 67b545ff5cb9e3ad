"""The roster: who carries, where, with what, whether on duty, and how much is in hand."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.deliveries.assignment import Candidate
from domain.deliveries.events import (
    CourierEnrolled,
    CourierEvent,
    CourierLoaded,
    CourierUnloaded,
    CourierWentOffDuty,
    CourierWentOnDuty,
)
from domain.trade import Spot
from domain.values import Actor, Role, Value
from projections.sql import ALL, Order, Where, equals
from projections.view import View


class Courier(Value, frozen=True):
    """`id` is the user's; `speed` in km/h, `capacity` and `load` in deliveries at once."""

    id: UUID
    vehicle: str
    speed: int
    capacity: int
    zones: tuple[UUID, ...]
    on_duty: bool
    load: int
    joined_at: datetime
    changed_at: datetime


def evolve(courier: Courier | None, event: CourierEvent) -> Courier | None:
    match event, courier:
        case CourierEnrolled(), None:
            return Courier(
                event.courier_id,
                event.vehicle,
                event.speed,
                event.capacity,
                event.zones,
                on_duty=False,
                load=0,
                joined_at=event.at,
                changed_at=event.at,
            )
        case CourierEnrolled(_, vehicle, speed, capacity, zones), Courier():
            return replace(courier, vehicle=vehicle, speed=speed, capacity=capacity, zones=zones, changed_at=event.at)
        case ((CourierWentOnDuty() | CourierWentOffDuty()), Courier()):
            return replace(courier, on_duty=isinstance(event, CourierWentOnDuty), changed_at=event.at)
        case ((CourierLoaded(load=load) | CourierUnloaded(load=load)), Courier()):
            return replace(courier, load=load, changed_at=event.at)
        case _:
            return courier


def courier_of(event: CourierEvent) -> UUID:
    return event.courier_id


view = View(
    "couriers",
    Courier,
    key=courier_of,
    evolve=evolve,
    events=(CourierEnrolled, CourierWentOnDuty, CourierWentOffDuty, CourierLoaded, CourierUnloaded),
    columns={
        "on_duty": "boolean",
        "zones": "uuid[]",
        "load": "integer",
        "capacity": "integer",
        "speed": "integer",
        "joined_at": "timestamptz",
    },
    indexes=("joined_at DESC, key DESC", "on_duty, load, key"),
)

NEWEST_FIRST = Order(("joined_at",))


def visible_to(by: Actor) -> Where:
    """Who gives deliveries away sees the roster; a courier sees himself."""
    if by.is_any(Role.STAFF, Role.ADMIN, Role.SELLER, Role.AUDITOR):
        return ALL
    return Where("key = %(caller)s", {"caller": by.id})


def asked_for(zone: UUID | None, *, on_duty: bool | None) -> Where:
    rides = ALL if zone is None else Where("%(zone)s = ANY(zones)", {"zone": zone})
    return rides if on_duty is None else rides & equals("on_duty", on_duty)


def free_in(zone: UUID) -> Where:
    return asked_for(zone, on_duty=True) & Where("load < capacity")


def candidate(courier: Courier, spot: Spot | None) -> Candidate:
    return Candidate(courier.id, courier.zones, courier.on_duty, courier.load, courier.capacity, spot)

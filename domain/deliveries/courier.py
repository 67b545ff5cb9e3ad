"""A courier: what he drives, where and how much, whether he is on duty, and the deliveries in his hands."""

from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.deliveries.commands import CourierCommand, EnrolCourier, GoOffDuty, GoOnDuty, LoadCourier, UnloadCourier
from domain.deliveries.events import (
    CourierEnrolled,
    CourierEvent,
    CourierLoaded,
    CourierUnloaded,
    CourierWentOffDuty,
    CourierWentOnDuty,
)
from domain.values import Actor, Role, Value

COURIERS = UUID("5b1f0f0d-8f55-5d6b-9c60-3d2b7a4c1e02")
"""The namespace of the streams' ids."""

SPEED_LIMIT = 130
CAPACITY_LIMIT = 100
ZONE_LIMIT = 50


def courier_stream(user_id: UUID) -> UUID:
    return uuid5(COURIERS, str(user_id))


class Unenrolled(Value, frozen=True, tag=True):
    pass


class Enrolled(Value, frozen=True, tag=True):
    courier_id: UUID
    vehicle: str
    speed: int
    capacity: int
    zones: tuple[UUID, ...]
    on_duty: bool = False
    in_hand: tuple[UUID, ...] = ()


Courier = Unenrolled | Enrolled


def decide(command: CourierCommand, courier: Courier) -> list[CourierEvent]:
    match command, courier:
        case EnrolCourier(), _:
            return enrol(command, courier)
        case ((UnloadCourier() | GoOffDuty()), Unenrolled()):
            return []
        case _, Unenrolled():
            raise Rejected("courier_not_found")
        case ((GoOnDuty() | GoOffDuty()), Enrolled()):
            own(command.courier_id, command.by)
            return turn(command, courier)
        case LoadCourier(delivery_id=delivery), Enrolled():
            return [] if delivery in courier.in_hand else [loaded(command, courier)]
        case UnloadCourier(delivery_id=delivery), Enrolled():
            return [unloaded(command, courier)] if delivery in courier.in_hand else []


def enrol(command: EnrolCourier, courier: Courier) -> list[CourierEvent]:
    own(command.courier_id, command.by)
    if not 1 <= command.speed <= SPEED_LIMIT:
        raise Rejected("speed_invalid", f"1 to {SPEED_LIMIT} km/h.", pointer="/speed")
    if not 1 <= command.capacity <= CAPACITY_LIMIT:
        raise Rejected("capacity_invalid", f"1 to {CAPACITY_LIMIT} deliveries at once.", pointer="/capacity")
    zones = tuple(sorted(set(command.zones)))
    if len(zones) > ZONE_LIMIT:
        raise Rejected("too_many_zones", f"At most {ZONE_LIMIT}.", pointer="/zones")
    terms = (command.vehicle, command.speed, command.capacity, zones)
    if isinstance(courier, Enrolled) and terms == (courier.vehicle, courier.speed, courier.capacity, courier.zones):
        return []
    return [CourierEnrolled(command.courier_id, *terms, command.by.id, command.now)]


def turn(command: GoOnDuty | GoOffDuty, courier: Enrolled) -> list[CourierEvent]:
    match command:
        case GoOnDuty():
            return [] if courier.on_duty else [CourierWentOnDuty(courier.courier_id, command.by.id, command.now)]
        case GoOffDuty():
            return [CourierWentOffDuty(courier.courier_id, command.by.id, command.now)] if courier.on_duty else []


def loaded(command: LoadCourier, courier: Enrolled) -> CourierLoaded:
    if not courier.on_duty:
        raise Rejected("courier_off_duty")
    if len(courier.in_hand) >= courier.capacity:
        raise Rejected("courier_full", f"{courier.capacity} deliveries are in hand already.")
    return CourierLoaded(courier.courier_id, command.delivery_id, len(courier.in_hand) + 1, command.now)


def unloaded(command: UnloadCourier, courier: Enrolled) -> CourierUnloaded:
    return CourierUnloaded(courier.courier_id, command.delivery_id, len(courier.in_hand) - 1, command.now)


def own(courier_id: UUID, by: Actor) -> None:
    if by.id != courier_id and not by.is_any(Role.STAFF, Role.ADMIN):
        raise Rejected("not_yours")


def evolve(courier: Courier, event: CourierEvent) -> Courier:
    match event, courier:
        case CourierEnrolled(), Enrolled():
            return replace(courier, vehicle=event.vehicle, speed=event.speed, capacity=event.capacity, zones=event.zones)
        case CourierEnrolled(), _:
            return Enrolled(event.courier_id, event.vehicle, event.speed, event.capacity, event.zones)
        case CourierWentOnDuty(), Enrolled():
            return replace(courier, on_duty=True)
        case CourierWentOffDuty(), Enrolled():
            return replace(courier, on_duty=False)
        case CourierLoaded(delivery_id=delivery), Enrolled():
            return replace(courier, in_hand=(*courier.in_hand, delivery))
        case CourierUnloaded(delivery_id=delivery), Enrolled():
            return replace(courier, in_hand=tuple(each for each in courier.in_hand if each != delivery))
        case _:
            return courier


def next_actions(courier_id: UUID, by: Actor, *, on_duty: bool) -> list[str]:
    """What `by` may do next with a courier's entry in the roster."""
    if by.id != courier_id and not by.is_any(Role.STAFF, Role.ADMIN):
        return []
    return ["enrol", "off-duty" if on_duty else "on-duty"]


def actions(courier: Any, by: Actor) -> list[str]:
    return next_actions(courier.courier_id, by, on_duty=courier.on_duty) if isinstance(courier, Enrolled) else []


couriers = Decider("courier", Unenrolled(), decide, evolve, actions=actions)

"""A delivery: a packed order on its way to the buyer, in the hands of one courier after another until it arrives or comes back."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.deliveries.commands import (
    AssignDelivery,
    CancelDelivery,
    ChangeDelivery,
    DeliverDelivery,
    DeliveryCommand,
    FailDelivery,
    LocateDelivery,
    MoveDelivery,
    OpenDelivery,
    PickUpDelivery,
    RetryDelivery,
    ReturnDelivery,
    TrackDelivery,
)
from domain.deliveries.events import (
    AFTER,
    DeliveryAssigned,
    DeliveryCancelled,
    DeliveryCodeRefused,
    DeliveryDelivered,
    DeliveryEvent,
    DeliveryFailed,
    DeliveryInTransit,
    DeliveryLocated,
    DeliveryOpened,
    DeliveryPickedUp,
    DeliveryRecalled,
    DeliveryRetried,
    DeliveryReturned,
    Status,
)
from domain.deliveries.route import on_the_globe
from domain.lifecycle import UNASKED, Lifecycle, step
from domain.text import line, lines
from domain.values import Actor, Role, Value

DELIVERIES = UUID("0a6c1f86-2d7e-5b52-8a34-6f1c2f7d9e01")
"""The namespace of the streams' ids."""

ATTEMPTS = 3
"""How often a delivery is tried before it can only go back."""
WRONG_CODES = 5
"""After so many wrong codes no code counts any more: six digits are guessed soon enough by who may go on."""
NAME_LIMIT = 100
PHOTO_LIMIT = 300
NOTE_LIMIT = 500

BUYER = "buyer"
SELLER = "seller"
COURIER = "courier"
STAFF = "staff"

WAITING = {Status.OPEN, Status.ASSIGNED}
CARRIED = {Status.PICKED_UP, Status.IN_TRANSIT}
IN_HAND = {Status.ASSIGNED, *CARRIED, Status.FAILED}
"""Where a courier has it on the list."""

LIFECYCLE = Lifecycle(
    "delivery",
    [
        step("locate", LocateDelivery, {*WAITING, *CARRIED, Status.FAILED}, {BUYER, SELLER, STAFF}, "delivery_ended"),
        step("assign", AssignDelivery, WAITING, {SELLER, STAFF}, "delivery_not_waiting"),
        step("pick-up", PickUpDelivery, {Status.ASSIGNED}, {COURIER, STAFF}, "delivery_not_assigned"),
        step("in-transit", MoveDelivery, {Status.PICKED_UP}, {COURIER, STAFF}, "delivery_not_picked_up"),
        step("track", TrackDelivery, {Status.ASSIGNED, *CARRIED}, {COURIER}, "delivery_not_under_way"),
        step("deliver", DeliverDelivery, {Status.IN_TRANSIT}, {COURIER, STAFF}, "delivery_not_in_transit"),
        step("fail", FailDelivery, CARRIED, {COURIER, STAFF}, "delivery_not_under_way"),
        step("retry", RetryDelivery, {Status.FAILED}, {SELLER, STAFF}, "delivery_not_failed"),
        step("return", ReturnDelivery, {Status.FAILED}, {COURIER, SELLER, STAFF}, "delivery_not_failed"),
        step(UNASKED, CancelDelivery, set(Status), {STAFF}, "delivery_ended"),
    ],
)


def delivery_id(order_id: UUID) -> UUID:
    """An order has one delivery."""
    return uuid5(DELIVERIES, str(order_id))


class Unopened(Value, frozen=True, tag=True):
    pass


class CalledOff(Value, frozen=True, tag=True):
    """Its order was cancelled or handed over before it was opened, or was heard to be."""


class Opened(Value, frozen=True, tag=True):
    """A delivery at any point of its life; the lifecycle's table, not the type, says what its status allows."""

    delivery_id: UUID
    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    zone_id: UUID | None
    status: Status
    starts_at: datetime | None
    ends_at: datetime | None
    courier_id: UUID | None = None
    attempts: int = 0
    wrong_codes: int = 0


Delivery = Unopened | CalledOff | Opened


def decide(command: DeliveryCommand, delivery: Delivery) -> list[DeliveryEvent]:
    match command, delivery:
        case OpenDelivery(), Unopened():
            return [opened(command)]
        case OpenDelivery(), Opened():
            return []  # asked twice: already so
        case CancelDelivery(), Unopened():
            return [DeliveryCancelled(command.delivery_id, command.order_id, None, command.now)]  # so that it is not opened afterwards
        case ((OpenDelivery() | CancelDelivery()), CalledOff()):
            return []
        case _, (Unopened() | CalledOff()):
            raise Rejected("delivery_not_found")
        case _, Opened():
            LIFECYCLE.check(command, delivery.status, relations_to(delivery, command.by))
            return change(command, delivery)


def opened(command: OpenDelivery) -> DeliveryOpened:
    if not command.by.is_any(Role.STAFF, Role.ADMIN):
        raise Rejected("not_yours")
    return DeliveryOpened(
        command.delivery_id,
        command.order_id,
        command.buyer_id,
        command.seller_id,
        command.address,
        command.zone_id,
        command.time_zone,
        command.starts_at,
        command.ends_at,
        command.now,
        command.spot,
    )


def change(command: ChangeDelivery, delivery: Opened) -> list[DeliveryEvent]:
    """What a command that the lifecycle allows leads to."""
    id, order, now, by = delivery.delivery_id, delivery.order_id, command.now, command.by.id
    match command:
        case LocateDelivery(spot=spot):
            return [DeliveryLocated(id, delivery.buyer_id, on_the_globe(spot), by, now)]
        case AssignDelivery(courier_id=courier):
            if command.if_open and delivery.status is not Status.OPEN:
                raise Rejected("delivery_not_waiting", "Somebody has it already.")
            return [] if courier == delivery.courier_id else [DeliveryAssigned(id, order, courier, delivery.courier_id, by, now)]
        case TrackDelivery(spot=spot):
            on_the_globe(spot)
            return []
        case CancelDelivery():
            return called_off(command, delivery)
        case RetryDelivery():
            return [retried(command, delivery)]
        case PickUpDelivery() | MoveDelivery() | DeliverDelivery() | FailDelivery() | ReturnDelivery():
            return carried(command, delivery, delivery.courier_id or by)


def carried(
    command: PickUpDelivery | MoveDelivery | DeliverDelivery | FailDelivery | ReturnDelivery, delivery: Opened, courier: UUID
) -> list[DeliveryEvent]:
    id, order, now, by = delivery.delivery_id, delivery.order_id, command.now, command.by.id
    buyer, seller = delivery.buyer_id, delivery.seller_id
    match command:
        case PickUpDelivery():
            return [DeliveryPickedUp(id, order, courier, by, now)]
        case MoveDelivery():
            return [DeliveryInTransit(id, order, buyer, courier, by, now)]
        case DeliverDelivery():
            return [handed_over(command, delivery, courier)]
        case FailDelivery(reason=reason):
            attempt = delivery.attempts + 1
            note = lines(command.note, NOTE_LIMIT, "/note")
            last = attempt >= ATTEMPTS
            return [DeliveryFailed(id, order, buyer, seller, courier, delivery.zone_id, reason, note, attempt, last, by, now)]
        case ReturnDelivery():
            return [DeliveryReturned(id, order, buyer, seller, courier, by, now)]


def handed_over(command: DeliverDelivery, delivery: Opened, courier: UUID) -> DeliveryDelivered | DeliveryCodeRefused:
    """A wrong code is an event, so that wrong ones are counted; a code beyond the limit is refused, right or wrong."""
    if command.code_fits is not None and delivery.wrong_codes >= WRONG_CODES:
        raise Rejected("code_locked", "Too many wrong codes: write down who took it in, or take a photo.", pointer="/code")
    if command.code_fits is False:
        return DeliveryCodeRefused(delivery.delivery_id, command.by.id, command.now)
    received_by = line(command.received_by, NAME_LIMIT, "/receivedBy")
    photo = line(command.photo, PHOTO_LIMIT, "/photo")
    if not (command.code_fits or received_by or photo):
        raise Rejected("proof_required", "The buyer's code, who took it in, or a photo.")
    return DeliveryDelivered(
        delivery.delivery_id,
        delivery.order_id,
        delivery.buyer_id,
        delivery.seller_id,
        courier,
        delivery.zone_id,
        delivery.attempts + 1,
        bool(command.code_fits),
        received_by,
        photo,
        delivery.starts_at,
        delivery.ends_at,
        command.by.id,
        command.now,
    )


def called_off(command: CancelDelivery, delivery: Opened) -> list[DeliveryEvent]:
    """What nobody has fetched yet is not delivered; what a courier carries he brings back."""
    id, order, now = delivery.delivery_id, delivery.order_id, command.now
    if delivery.status in WAITING:
        return [DeliveryCancelled(id, order, delivery.courier_id, now)]
    recallable = delivery.status in CARRIED or (delivery.status is Status.FAILED and delivery.attempts < ATTEMPTS)
    return [DeliveryRecalled(id, order, delivery.courier_id or command.by.id, now)] if command.recall and recallable else []


def retried(command: RetryDelivery, delivery: Opened) -> DeliveryRetried:
    if delivery.attempts >= ATTEMPTS:
        raise Rejected("attempts_exhausted", f"It was tried {ATTEMPTS} times: it has to go back.")
    starts_at, ends_at = command.starts_at, command.ends_at
    if (starts_at is None) != (ends_at is None) or (starts_at and ends_at and not command.now <= starts_at < ends_at):
        raise Rejected("window_invalid", "A window has a start that is to come and a later end.", pointer="/startsAt")
    return DeliveryRetried(delivery.delivery_id, delivery.order_id, starts_at, ends_at, command.by.id, command.now)


def relations(buyer_id: UUID, seller_id: UUID, courier_id: UUID | None, by: Actor) -> frozenset[str]:
    """What `by` is to a delivery; one person may be several."""
    held = {BUYER: by.id == buyer_id, SELLER: by.id == seller_id, COURIER: by.id == courier_id, STAFF: by.is_any(Role.STAFF, Role.ADMIN)}
    return frozenset(relation for relation, holds in held.items() if holds)


def relations_to(delivery: Opened, by: Actor) -> frozenset[str]:
    return relations(delivery.buyer_id, delivery.seller_id, delivery.courier_id, by)


def evolve(delivery: Delivery, event: DeliveryEvent) -> Delivery:
    match event, delivery:
        case DeliveryOpened(), _:
            return Opened(
                event.delivery_id,
                event.order_id,
                event.buyer_id,
                event.seller_id,
                event.zone_id,
                Status.OPEN,
                event.starts_at,
                event.ends_at,
            )
        case DeliveryAssigned(), Opened():
            return replace(delivery, status=Status.ASSIGNED, courier_id=event.courier_id)
        case DeliveryFailed(), Opened():
            return replace(delivery, status=Status.FAILED, attempts=event.attempt)
        case DeliveryRetried(), Opened():
            return replace(delivery, status=Status.ASSIGNED, starts_at=event.starts_at, ends_at=event.ends_at)
        case DeliveryRecalled(), Opened():
            return replace(delivery, status=Status.FAILED, attempts=ATTEMPTS)
        case DeliveryCodeRefused(), Opened():
            return replace(delivery, wrong_codes=delivery.wrong_codes + 1)
        case _, Opened():
            return replace(delivery, status=AFTER.get(type(event), delivery.status))
        case DeliveryCancelled(), Unopened():
            return CalledOff()
        case _:
            return delivery


def actions(delivery: Any, by: Actor) -> list[str]:
    return LIFECYCLE.actions(delivery.status, relations_to(delivery, by)) if isinstance(delivery, Opened) else []


deliveries = Decider("delivery", Unopened(), decide, evolve, actions=actions)

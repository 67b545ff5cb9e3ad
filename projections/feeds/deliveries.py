"""The feed of deliveries: how each order gets to its door, by ids; the door, its people and the courier stay private."""

from datetime import datetime
from typing import Any
from uuid import UUID

from domain.deliveries import events
from domain.deliveries.events import FailureReason
from domain.values import Value
from projections.feeds.alone import nothing
from projections.view import Feed


class DeliveryOpened(Value, frozen=True):
    """`startsAt` and `endsAt` bound the promised window."""

    delivery_id: UUID
    order_id: UUID
    seller_id: UUID
    zone_id: UUID | None
    starts_at: datetime | None
    ends_at: datetime | None


class DeliveryAssigned(Value, frozen=True):
    delivery_id: UUID
    order_id: UUID


class DeliveryPickedUp(Value, frozen=True):
    delivery_id: UUID
    order_id: UUID


class DeliveryInTransit(Value, frozen=True):
    delivery_id: UUID
    order_id: UUID


class DeliveryDelivered(Value, frozen=True):
    """Handed over at attempt number `attempt`, from 1; the promise is repeated, so that punctuality is read from this alone."""

    delivery_id: UUID
    order_id: UUID
    attempt: int
    starts_at: datetime | None
    ends_at: datetime | None


class DeliveryFailed(Value, frozen=True):
    """`last` says that there will be no further attempt."""

    delivery_id: UUID
    order_id: UUID
    reason: FailureReason
    attempt: int
    last: bool


class DeliveryRetried(Value, frozen=True):
    """It is to be tried again in this window."""

    delivery_id: UUID
    order_id: UUID
    starts_at: datetime | None
    ends_at: datetime | None


class DeliveryReturned(Value, frozen=True):
    delivery_id: UUID
    order_id: UUID


class DeliveryRecalled(Value, frozen=True):
    """Its order was cancelled on the way: it is to be brought back."""

    delivery_id: UUID
    order_id: UUID


class DeliveryCancelled(Value, frozen=True):
    delivery_id: UUID
    order_id: UUID


def public(_known: Value | None, event: Value) -> Value | None:
    match event:
        case events.DeliveryOpened(delivery_id=id, order_id=order):
            return DeliveryOpened(id, order, event.seller_id, event.zone_id, event.starts_at, event.ends_at)
        case events.DeliveryAssigned(delivery_id=id, order_id=order):
            return DeliveryAssigned(id, order)
        case events.DeliveryPickedUp(delivery_id=id, order_id=order):
            return DeliveryPickedUp(id, order)
        case events.DeliveryInTransit(delivery_id=id, order_id=order):
            return DeliveryInTransit(id, order)
        case events.DeliveryDelivered(delivery_id=id, order_id=order):
            return DeliveryDelivered(id, order, event.attempt, event.starts_at, event.ends_at)
        case events.DeliveryFailed(delivery_id=id, order_id=order):
            return DeliveryFailed(id, order, event.reason, event.attempt, event.last)
        case events.DeliveryRetried(delivery_id=id, order_id=order):
            return DeliveryRetried(id, order, event.starts_at, event.ends_at)
        case events.DeliveryReturned(delivery_id=id, order_id=order):
            return DeliveryReturned(id, order)
        case events.DeliveryRecalled(delivery_id=id, order_id=order):
            return DeliveryRecalled(id, order)
        case events.DeliveryCancelled(delivery_id=id, order_id=order):
            return DeliveryCancelled(id, order)
        case _:
            return None


def delivery_of(event: Any) -> UUID:
    return event.delivery_id


deliveries: Feed[Value] = Feed(
    "deliveries",
    "Deliveries by ids: opened, assigned, picked up, on their way, delivered, failed, tried again, brought back, cancelled.",
    known=Value,
    key=delivery_of,
    evolve=nothing,
    public=public,
    events=(
        events.DeliveryOpened,
        events.DeliveryAssigned,
        events.DeliveryPickedUp,
        events.DeliveryInTransit,
        events.DeliveryDelivered,
        events.DeliveryFailed,
        events.DeliveryRetried,
        events.DeliveryReturned,
        events.DeliveryRecalled,
        events.DeliveryCancelled,
    ),
    payloads=(
        DeliveryOpened,
        DeliveryAssigned,
        DeliveryPickedUp,
        DeliveryInTransit,
        DeliveryDelivered,
        DeliveryFailed,
        DeliveryRetried,
        DeliveryReturned,
        DeliveryRecalled,
        DeliveryCancelled,
    ),
)

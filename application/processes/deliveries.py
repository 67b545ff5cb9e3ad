"""What a packed order owes to its delivery, a delivery to its order, and both to the courier's load."""

from uuid import UUID

from application.effects.effect import Process
from domain.deliveries.commands import CancelDelivery, GoOffDuty, OpenDelivery, UnloadCourier
from domain.deliveries.courier import courier_stream
from domain.deliveries.delivery import delivery_id
from domain.deliveries.events import (
    DeliveryAssigned,
    DeliveryCancelled,
    DeliveryDelivered,
    DeliveryInTransit,
    DeliveryPickedUp,
    DeliveryReturned,
)
from domain.orders.commands import CancelOrder, DeliverOrder, DispatchOrder
from domain.orders.events import OrderCancelled, OrderDelivered, OrderPacked, Reason
from domain.process import Owed
from domain.users.events import RoleRevoked, UserSuspended
from domain.values import SYSTEM, Role


def open_delivery(event: OrderPacked) -> Owed:
    id = delivery_id(event.order_id)
    command = OpenDelivery(
        id,
        event.order_id,
        event.buyer_id,
        event.seller_id,
        event.address,
        event.zone,
        event.timezone,
        event.starts_at,
        event.ends_at,
        SYSTEM,
        event.at,
        event.spot,
    )
    return [(id, command)]


def call_off(event: OrderCancelled) -> Owed:
    id = delivery_id(event.order_id)
    return [(id, CancelDelivery(id, event.order_id, SYSTEM, event.at))]


def done_without(event: OrderDelivered) -> Owed:
    """Whoever sells may hand the goods over himself: then nobody needs to fetch them."""
    id = delivery_id(event.order_id)
    return [] if event.by == SYSTEM.id else [(id, CancelDelivery(id, event.order_id, SYSTEM, event.at, recall=False))]


def dispatch(event: DeliveryPickedUp | DeliveryInTransit) -> Owed:
    return [(event.order_id, DispatchOrder(event.order_id, SYSTEM, event.at))]


def deliver(event: DeliveryDelivered) -> Owed:
    return [
        (event.order_id, DeliverOrder(event.order_id, SYSTEM, event.at)),
        unload(event.courier_id, event),
    ]


def bring_back(event: DeliveryReturned) -> Owed:
    """What cannot be delivered is paid back."""
    return [
        (event.order_id, CancelOrder(event.order_id, Reason.UNDELIVERABLE, SYSTEM, event.at)),
        unload(event.courier_id, event),
    ]


def relieve(event: DeliveryAssigned) -> Owed:
    """Whom it was taken from."""
    return [] if event.previous is None else [unload(event.previous, event)]


def spare(event: DeliveryCancelled) -> Owed:
    return [] if event.courier_id is None else [unload(event.courier_id, event)]


def end_duty(event: RoleRevoked | UserSuspended) -> Owed:
    """Whoever may no longer carry gets nothing more to carry."""
    if isinstance(event, RoleRevoked) and event.role is not Role.COURIER:
        return []
    return [(courier_stream(event.user_id), GoOffDuty(event.user_id, SYSTEM, event.at))]


def unload(courier: UUID, event: DeliveryAssigned | DeliveryDelivered | DeliveryReturned | DeliveryCancelled) -> tuple[UUID, UnloadCourier]:
    return courier_stream(courier), UnloadCourier(courier, event.delivery_id, event.at)


REACTIONS = (
    Process(OrderPacked, "open_delivery", open_delivery),
    Process(OrderCancelled, "call_off_delivery", call_off),
    Process(OrderDelivered, "close_delivery", done_without),
    Process(DeliveryPickedUp, "dispatch_order", dispatch),
    Process(DeliveryInTransit, "dispatch_order", dispatch),
    Process(DeliveryDelivered, "deliver_order", deliver),
    Process(DeliveryReturned, "bring_back", bring_back),
    Process(DeliveryAssigned, "relieve_courier", relieve),
    Process(DeliveryCancelled, "spare_courier", spare),
    Process(RoleRevoked, "end_duty", end_duty),
    Process(UserSuspended, "end_duty", end_duty),
)

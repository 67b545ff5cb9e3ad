"""What follows from packed orders and from parcels on their way."""

from uuid import UUID

from msgspec.structs import replace

from application.processes.deliveries import REACTIONS
from domain.deliveries import commands as c
from domain.deliveries.courier import courier_stream
from domain.orders.commands import CancelOrder, DeliverOrder, DispatchOrder
from domain.orders.events import OrderCancelled, OrderDelivered, OrderPacked, Reason
from domain.users.events import RoleRevoked, UserSuspended
from domain.values import ERASED, SYSTEM, Role, Value
from tests import bdd
from tests.domain.deliveries.parcels import (
    ANA,
    BEN,
    CLEO,
    DAN,
    EVENING,
    HOME,
    NINE,
    NOON,
    ORDER,
    PARCEL,
    ROSSIO,
    ZONE,
    assigned,
    cancelled,
    delivered,
    in_transit,
    picked_up,
    returned,
)

PAYMENT = UUID(int=7)

unloaded = (courier_stream(CLEO.id), c.UnloadCourier(CLEO.id, PARCEL, NOON))


def happened(event: Value) -> bdd.Happened:
    return bdd.Happened(event, REACTIONS)


def test_a_packed_order_opens_its_delivery_with_address_and_window():
    packed = OrderPacked(ORDER, ANA.id, BEN.id, HOME, BEN.id, NINE, "ana@example.org", ROSSIO, None, NOON, EVENING, ZONE, "Europe/Lisbon")
    opening = c.OpenDelivery(PARCEL, ORDER, ANA.id, BEN.id, HOME, ZONE, "Europe/Lisbon", NOON, EVENING, SYSTEM, NINE, ROSSIO)
    happened(packed).then((PARCEL, opening))
    forgotten = replace(packed, address=ERASED, spot=ERASED)
    happened(forgotten).then((PARCEL, replace(opening, address=ERASED, spot=ERASED)))


def test_an_order_is_dispatched_when_its_parcel_is_fetched_and_delivered_with_it():
    happened(picked_up).then((ORDER, DispatchOrder(ORDER, SYSTEM, NOON)))
    happened(in_transit).then((ORDER, DispatchOrder(ORDER, SYSTEM, NOON)))
    happened(delivered()).then((ORDER, DeliverOrder(ORDER, SYSTEM, NOON)), unloaded)


def test_what_comes_back_is_cancelled_and_out_of_the_couriers_hands():
    happened(returned).then((ORDER, CancelOrder(ORDER, Reason.UNDELIVERABLE, SYSTEM, NOON)), unloaded)


def test_a_cancelled_order_takes_its_delivery_along():
    order = OrderCancelled(ORDER, ANA.id, BEN.id, Reason.OTHER, ANA.id, (), None, None, 0, UUID(int=8), PAYMENT, NOON)
    happened(order).then((PARCEL, c.CancelDelivery(PARCEL, ORDER, SYSTEM, NOON)))
    happened(cancelled).then(unloaded)
    happened(replace(cancelled, courier_id=None)).then()


def test_who_hands_over_himself_needs_no_courier():
    by_hand = OrderDelivered(ORDER, ANA.id, BEN.id, BEN.id, NOON)
    happened(by_hand).then((PARCEL, c.CancelDelivery(PARCEL, ORDER, SYSTEM, NOON, recall=False)))
    happened(replace(by_hand, by=SYSTEM.id)).then()


def test_who_may_no_longer_carry_is_off_duty():
    off = (courier_stream(CLEO.id), c.GoOffDuty(CLEO.id, SYSTEM, NOON))
    happened(RoleRevoked(CLEO.id, Role.COURIER, BEN.id, NOON)).then(off)
    happened(RoleRevoked(CLEO.id, Role.SELLER, BEN.id, NOON)).then()
    happened(UserSuspended(CLEO.id, "", BEN.id, NOON)).then(off)


def test_a_courier_from_whom_a_parcel_is_taken_is_relieved_of_it():
    happened(assigned).then()
    taken_over = replace(assigned, courier_id=DAN.id, previous=CLEO.id, at=NOON)
    happened(taken_over).then(unloaded)

"""Couriers: their terms, their duty, their load."""

from uuid import UUID

from msgspec.structs import replace

from domain.deliveries import commands as c
from domain.deliveries import events as e
from domain.deliveries.courier import couriers
from tests.bdd import Given
from tests.domain.deliveries.parcels import CLEO, DAN, NINE, NOON, PARCEL, SAM, ZONE, enrol, enrolled, loaded, off_duty, on_duty

OTHER, THIRD = UUID(int=1), UUID(int=2)


def load(delivery: UUID = PARCEL) -> c.LoadCourier:
    return c.LoadCourier(CLEO.id, delivery, NINE)


def test_a_courier_enrols_himself_or_is_enrolled_by_staff():
    Given(couriers).when(enrol()).then(enrolled)
    Given(couriers).when(enrol(by=SAM)).then(replace(enrolled, by=SAM.id))
    Given(couriers).when(enrol(by=DAN)).rejected("not_yours")


def test_new_terms_replace_the_old_ones_and_the_same_ones_change_nothing():
    Given(couriers, enrolled).when(enrol()).then()
    Given(couriers, enrolled).when(enrol(speed=25)).then(replace(enrolled, speed=25))
    Given(couriers, enrolled, on_duty, replace(enrolled, capacity=1), loaded()).when(load(OTHER)).rejected("courier_full")


def test_terms_have_their_limits():
    Given(couriers).when(enrol(speed=0)).rejected("speed_invalid", pointer="/speed")
    Given(couriers).when(enrol(speed=131)).rejected("speed_invalid", pointer="/speed")
    Given(couriers).when(enrol(capacity=0)).rejected("capacity_invalid", pointer="/capacity")
    Given(couriers).when(enrol(zones=tuple(map(UUID, (f"{n:032x}" for n in range(51)))))).rejected("too_many_zones", pointer="/zones")
    Given(couriers).when(enrol(zones=(ZONE, ZONE))).then(enrolled)


def test_duty_begins_and_ends_once():
    Given(couriers, enrolled).when(c.GoOnDuty(CLEO.id, CLEO, NINE)).then(on_duty)
    Given(couriers, enrolled, on_duty).when(c.GoOnDuty(CLEO.id, CLEO, NINE)).then()
    Given(couriers, enrolled, on_duty).when(c.GoOffDuty(CLEO.id, CLEO, NOON)).then(off_duty)
    Given(couriers, enrolled).when(c.GoOffDuty(CLEO.id, CLEO, NOON)).then()
    Given(couriers).when(c.GoOffDuty(CLEO.id, CLEO, NOON)).then()
    Given(couriers, enrolled).when(c.GoOnDuty(CLEO.id, DAN, NINE)).rejected("not_yours")
    Given(couriers).when(c.GoOnDuty(CLEO.id, CLEO, NINE)).rejected("courier_not_found")


def test_who_is_on_duty_takes_what_he_can_carry_and_no_more():
    Given(couriers, enrolled, on_duty).when(load()).then(loaded())
    Given(couriers, enrolled, on_duty, loaded()).when(load()).then()
    Given(couriers, enrolled, on_duty, loaded()).when(load(OTHER)).then(loaded(OTHER, 2))
    Given(couriers, enrolled, on_duty, loaded(), loaded(OTHER, 2)).when(load(THIRD)).rejected("courier_full")
    Given(couriers, enrolled, on_duty, off_duty).when(load()).rejected("courier_off_duty")
    Given(couriers).when(load()).rejected("courier_not_found")


def test_what_is_handed_over_makes_room_once():
    command = c.UnloadCourier(CLEO.id, PARCEL, NOON)
    gone = e.CourierUnloaded(CLEO.id, PARCEL, 0, NOON)
    Given(couriers, enrolled, on_duty, loaded(), off_duty).when(command).then(gone)
    Given(couriers, enrolled, on_duty, loaded(), gone).when(command).then()
    Given(couriers).when(command).then()


def test_duty_is_offered_to_the_courier_and_to_staff():
    Given(couriers, enrolled).offers(CLEO, "enrol", "on-duty")
    Given(couriers, enrolled, on_duty).offers(SAM, "enrol", "off-duty")
    Given(couriers, enrolled).offers(DAN)

"""Somebody acts for one supplier at a time, and rates a group's supplier once."""

from uuid import UUID

from msgspec.structs import replace

from domain.suppliers import commands as c
from domain.suppliers import events as e
from domain.suppliers.rating import ratings
from domain.suppliers.seat import seats
from tests.bdd import Given
from tests.domain.suppliers.mill import FARAI, MILL, NOON

OTHER, GROUP = UUID(int=600), UUID(int=700)
taken = e.SeatTaken(FARAI.id, MILL, NOON)
given_up = e.SeatGivenUp(FARAI.id, MILL, NOON)
rate = c.RateSupplier(MILL, GROUP, FARAI.id, 4, collected=True, now=NOON)
rated = e.SupplierRated(MILL, GROUP, FARAI.id, 4, NOON)


def test_a_seat_is_taken_in_one_company_at_a_time():
    Given(seats).when(c.TakeSeat(FARAI.id, MILL, NOON)).then(taken)
    Given(seats, taken).when(c.TakeSeat(FARAI.id, MILL, NOON)).then()
    Given(seats, taken).when(c.TakeSeat(FARAI.id, OTHER, NOON)).rejected("seat_taken")
    Given(seats, taken).when(c.GiveUpSeat(FARAI.id, OTHER, NOON)).then()
    Given(seats, taken).when(c.GiveUpSeat(FARAI.id, MILL, NOON)).then(given_up)
    Given(seats, taken, given_up).when(c.TakeSeat(FARAI.id, OTHER, NOON)).then(e.SeatTaken(FARAI.id, OTHER, NOON))


def test_who_has_had_his_part_rates_once_with_one_to_five_stars():
    Given(ratings).when(rate).then(rated)
    Given(ratings, rated).when(rate).rejected("already_rated")
    Given(ratings).when(replace(rate, collected=False)).rejected("nothing_collected")
    Given(ratings).when(replace(rate, stars=6)).rejected("stars_invalid", pointer="/stars")

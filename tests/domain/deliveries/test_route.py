"""Distances, arrivals, the order of stops, and who is chosen."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deliveries.assignment import Candidate, in_order_of_choice
from domain.deliveries.route import arrival, in_route_order, kilometres
from domain.trade import Spot
from tests.domain.deliveries.parcels import NOON, ZONE

LISBON, PORTO, FARO, EVORA = Spot(38.7223, -9.1393), Spot(41.1579, -8.6291), Spot(37.0194, -7.9304), Spot(38.5714, -7.9135)
spots = st.builds(Spot, st.floats(-90, 90), st.floats(-180, 180))


def test_distances_are_those_of_the_globe():
    assert kilometres(LISBON, PORTO) == pytest.approx(274, abs=1)
    assert kilometres(Spot(0, 179.5), Spot(0, -179.5)) == pytest.approx(111.2, abs=0.1)
    assert kilometres(Spot(90, 0), Spot(-90, 0)) == pytest.approx(20015, abs=1)


@given(spots, spots)
def test_a_way_is_as_long_there_as_back_and_no_longer_than_half_the_globe(one: Spot, other: Spot):
    assert kilometres(one, other) == pytest.approx(kilometres(other, one), abs=1e-6)
    assert 0 <= kilometres(one, other) <= 20016


def test_who_rides_at_half_the_speed_arrives_after_twice_the_time():
    slow, fast = (arrival(LISBON, PORTO, speed, NOON) - NOON for speed in (40, 80))
    assert slow.total_seconds() == pytest.approx(2 * fast.total_seconds(), abs=1)
    assert timedelta(hours=6.8) < slow < timedelta(hours=6.9)


def test_stops_are_driven_from_each_to_the_nearest_that_is_left():
    stops = [(FARO, "faro"), (None, "somewhere"), (PORTO, "porto"), (EVORA, "evora")]
    assert in_route_order(LISBON, stops) == ["evora", "faro", "porto", "somewhere"]
    assert in_route_order(PORTO, stops) == ["porto", "evora", "faro", "somewhere"]
    assert in_route_order(None, stops) == ["faro", "evora", "porto", "somewhere"]
    assert in_route_order(LISBON, []) == []


@given(st.none() | spots, st.lists(st.none() | spots, max_size=8))
def test_no_stop_is_left_out_or_driven_to_twice(start: Spot | None, found: list[Spot | None]):
    assert sorted(in_route_order(start, [(spot, number) for number, spot in enumerate(found)])) == list(range(len(found)))


def courier(number: int, load: int = 0, spot: Spot | None = None, *, on_duty: bool = True, zone: UUID = ZONE) -> Candidate:
    return Candidate(UUID(int=number), (zone,), on_duty, load, 2, spot)


def chosen(*candidates: Candidate, destination: Spot | None = LISBON) -> list[int]:
    return [each.int for each in in_order_of_choice(candidates, ZONE, destination)]


def test_who_has_least_in_hand_is_chosen_and_of_those_the_nearest():
    assert chosen(courier(1, 1, LISBON), courier(2, 0, PORTO), courier(3, 0, EVORA), courier(4)) == [3, 2, 4, 1]
    assert chosen(courier(3, 0, PORTO), courier(2, 0, EVORA), destination=None) == [2, 3]


def test_who_is_off_duty_or_full_or_rides_elsewhere_is_not_chosen():
    assert chosen(courier(1, on_duty=False), courier(2, 2), courier(3, zone=UUID(int=9))) == []

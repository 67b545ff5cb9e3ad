"""Distances, arrivals and the order of stops: plain geometry on the globe, with the speed that a courier declares."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import TypeVar

from domain.decider import Rejected
from domain.trade import Spot

EARTH_KM = 6371.0088
"""The mean radius of the earth (IUGG)."""

T = TypeVar("T")


def on_the_globe(spot: Spot) -> Spot:
    if not -90 <= spot.latitude <= 90:
        raise Rejected("place_invalid", "Latitudes lie between -90 and 90 degrees.", pointer="/latitude")
    if not -180 <= spot.longitude <= 180:
        raise Rejected("place_invalid", "Longitudes lie between -180 and 180 degrees.", pointer="/longitude")
    return spot


def kilometres(one: Spot, other: Spot) -> float:
    """The great-circle distance by the haversine formula: off by 0.5 % at most, since the earth is no sphere."""
    south, north = radians(one.latitude), radians(other.latitude)
    across = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(across)))


def arrival(one: Spot, other: Spot, speed: float, now: datetime) -> datetime:
    """When who is at `one` reaches `other` in a straight line at `speed` km/h; to the second."""
    return now + timedelta(seconds=round(kilometres(one, other) / speed * 3600))


def in_route_order(start: Spot | None, stops: Sequence[tuple[Spot | None, T]]) -> list[T]:
    """The stops as one drives them: always on to the nearest that is left, those whose spot is not known last.

    Without a start it begins at the first stop. Of two that are equally near, the one named first is driven first.
    """
    left = [(spot, stop) for spot, stop in stops if spot is not None]
    driven: list[T] = []
    here = start
    while left:
        at = left[0][0] if here is None else here
        nearest = min(range(len(left)), key=lambda index: kilometres(at, left[index][0]))
        here, stop = left.pop(nearest)
        driven.append(stop)
    return [*driven, *(stop for spot, stop in stops if spot is None)]

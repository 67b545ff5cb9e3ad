"""Where a delivery is at this moment, and when it arrives; positions are kept beside the log, for they are no history."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.deliveries.delivery import CARRIED
from domain.deliveries.events import Status
from domain.deliveries.route import arrival, kilometres
from domain.trade import Spot
from domain.values import Value
from projections.deliveries.delivery import DeliveryPage


class Seen(Value, frozen=True):
    """Where a courier was last, and when, by his own device."""

    latitude: float
    longitude: float
    at: datetime

    @property
    def spot(self) -> Spot:
        return Spot(self.latitude, self.longitude)


@runtime_checkable
class Whereabouts(Protocol):
    """What couriers' devices tell."""

    def last(self, couriers: Sequence[UUID]) -> Mapping[UUID, Seen]:
        """Where each was seen last; those who never were are left out. One statement."""
        ...

    def trail(self, delivery_id: UUID, limit: int) -> Sequence[Seen]:
        """The way of one delivery, the latest positions, oldest of them first. One statement."""
        ...


@runtime_checkable
class Codes(Protocol):
    def of(self, delivery_id: UUID) -> str:
        """The code by which the buyer proves that it came to him."""
        ...


class Track(Value, frozen=True):
    """`position` is told only while the courier carries this delivery, `kilometres` and `arrives_at` where the destination is known.

    `arrives_at` takes the straight line at the courier's declared speed, from where and when he was seen.
    """

    delivery_id: UUID
    status: Status
    time_zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    destination: Spot | None
    position: Seen | None
    kilometres: float | None
    arrives_at: datetime | None
    local: "LocalTimes"


class LocalTimes(Value, frozen=True):
    """The same moments by the clock of the place, with its offset from UTC on that day."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    arrives_at: datetime | None = None


def carried(delivery: DeliveryPage) -> bool:
    return delivery.status in CARRIED


def track(delivery: DeliveryPage, seen: Seen | None, speed: int | None, now: datetime) -> Track:
    """`seen` is where its courier was last, `speed` what he declares in km/h."""
    seen = seen if carried(delivery) else None
    away = arrives = None
    if seen is not None and delivery.spot is not None:
        away = round(kilometres(seen.spot, delivery.spot), 3)
        if speed is not None:
            arrives = max(arrival(seen.spot, delivery.spot, speed, seen.at), now.replace(microsecond=0) + timedelta(seconds=1))
    return Track(
        delivery.id,
        delivery.status,
        delivery.time_zone,
        delivery.starts_at,
        delivery.ends_at,
        delivery.spot,
        seen,
        away,
        arrives,
        local(delivery.time_zone, starts_at=delivery.starts_at, ends_at=delivery.ends_at, arrives_at=arrives),
    )


def local(time_zone: str, **moments: datetime | None) -> LocalTimes:
    zone = ZoneInfo(time_zone)
    return LocalTimes(**{name: None if moment is None else moment.astimezone(zone) for name, moment in moments.items()})


def mark(delivery: DeliveryPage, seen: Seen | None) -> int:
    """A number that grows with every change of what is told, in milliseconds since 1970."""
    latest = delivery.changed_at if seen is None else max(delivery.changed_at, seen.at)
    return int(latest.timestamp() * 1000)

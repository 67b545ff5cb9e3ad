"""When and where is delivered: areas on the map, and windows of the week as clocks in the zone show them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.countries import COUNTRIES
from domain.currencies import EXPONENTS
from domain.decider import Rejected
from domain.deliveries.route import kilometres, on_the_globe
from domain.text import said
from domain.trade import Spot
from domain.values import Value

T = TypeVar("T")

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
PREFIX = re.compile(r"[A-Z0-9][A-Z0-9 -]{0,9}", re.ASCII)

MOST_AREAS = 50
MOST_PREFIXES = 1_000
MOST_WINDOWS = 100
MOST_CAPACITY = 100_000
MOST_FEE = 10**9
MOST_CLOSED = 400
LONGEST_NOTICE = 14 * 24 * 60
FARTHEST = 1_000.0


class Area(Value, frozen=True):
    """The postal codes of a country (ISO 3166-1 alpha-2) that begin so; without prefixes all of it."""

    country: str
    prefixes: tuple[str, ...] = ()


class Circle(Value, frozen=True):
    """All that lies within so many kilometres of a point."""

    latitude: float
    longitude: float
    kilometres: float


class Window(Value, frozen=True):
    """On a weekday (1 is Monday), from `start` to `end` by the zone's clocks («07:00»); an end that is not later is on the next day.

    It takes `capacity` orders until `cutoff` minutes before its start; each delivery costs `fee` in minor units.
    """

    weekday: int
    start: str
    end: str
    capacity: int
    cutoff: int = 0
    fee: int = 0


class Terms(Value, frozen=True):
    """What is declared of a zone; `closed_on` are days without any window."""

    name: str
    timezone: str
    currency: str
    areas: tuple[Area, ...] = ()
    circle: Circle | None = None
    windows: tuple[Window, ...] = ()
    closed_on: tuple[date, ...] = ()


class Offer(Value, frozen=True):
    """A window on a certain day: a slot. Its moments are in UTC; it is booked before `closes_at`."""

    slot_id: UUID
    day: date
    window: Window
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime


def slot_id(zone_id: UUID, day: date, start: str) -> UUID:
    return uuid5(zone_id, f"{day.isoformat()}\n{start}")


def covers(terms: Terms, country: str, postal_code: str, spot: Spot | None) -> bool:
    """Whether an address lies in the zone: by its postal code, or by its point where one is known."""
    code = squeezed(postal_code)
    for area in terms.areas:
        if area.country == country and (not area.prefixes or any(code.startswith(squeezed(each)) for each in area.prefixes)):
            return True
    circle = terms.circle
    return circle is not None and spot is not None and kilometres(Spot(circle.latitude, circle.longitude), spot) <= circle.kilometres


def squeezed(code: str) -> str:
    """A postal code as it compares: «sw1a 1aa» is SW1A1AA."""
    return code.upper().replace(" ", "").replace("-", "")


def offers(zone_id: UUID, terms: Terms, day: date) -> list[Offer]:
    """The slots of a day in order of time, whether they can still be booked or not."""
    if day in terms.closed_on:
        return []
    zone = ZoneInfo(terms.timezone)
    found = [offer(zone_id, zone, each, day) for each in terms.windows if each.weekday == day.isoweekday()]
    lasting = (each for each in found if each.starts_at < each.ends_at)  # of one that lies where clocks skip an hour nothing is left
    return sorted(lasting, key=lambda each: each.starts_at)


def offer(zone_id: UUID, zone: ZoneInfo, window: Window, day: date) -> Offer:
    starts_at = moment(day, window.start, zone)
    ends_on = day if window.end > window.start else day + timedelta(days=1)
    ends_at = moment(ends_on, window.end, zone)
    closes_at = starts_at - timedelta(minutes=window.cutoff)
    return Offer(slot_id(zone_id, day, window.start), day, window, starts_at, ends_at, closes_at)


def moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """When clocks in the zone show this, in UTC: where they show it twice the first time, where they skip it as if they had not."""
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def checked(terms: Terms) -> Terms:
    """The terms tidied; `zone_invalid` with a pointer where they cannot hold."""
    areas = tuple(checked_area(each, index) for index, each in enumerate(within(terms.areas, MOST_AREAS, "/areas")))
    windows = tuple(checked_window(each, index) for index, each in enumerate(within(terms.windows, MOST_WINDOWS, "/windows")))
    require("/areas", bool(areas) or terms.circle is not None, "A zone has areas, or a circle.")
    if terms.circle is not None:
        on_the_globe(Spot(terms.circle.latitude, terms.circle.longitude))
        require("/circle/kilometres", 0 < terms.circle.kilometres <= FARTHEST, f"Up to {FARTHEST:.0f} km.")
    require("/currency", terms.currency in EXPONENTS, "The currency is an ISO 4217 code.")
    twice = len({(each.weekday, each.start) for each in windows}) < len(windows)
    require("/windows", not twice, "Two windows of a day start at different times.")
    closed = tuple(sorted(set(within(terms.closed_on, MOST_CLOSED, "/closedOn"))))
    known_zone(terms.timezone)
    return Terms(said(terms.name, 100, "/name"), terms.timezone, terms.currency, areas, terms.circle, windows, closed)


def checked_area(area: Area, index: int) -> Area:
    require(f"/areas/{index}/country", area.country in COUNTRIES, "The country is an ISO 3166-1 alpha-2 code.")
    prefixes = tuple(each.strip().upper() for each in within(area.prefixes, MOST_PREFIXES, f"/areas/{index}/prefixes"))
    for number, each in enumerate(prefixes):
        require(f"/areas/{index}/prefixes/{number}", bool(PREFIX.fullmatch(each)), "The beginning of a postal code.")
    return Area(area.country, prefixes)


def checked_window(window: Window, index: int) -> Window:
    at = f"/windows/{index}"
    require(f"{at}/weekday", 1 <= window.weekday <= 7, "From 1, which is Monday, to 7.")
    require(f"{at}/start", bool(CLOCK.fullmatch(window.start)), "As clocks show it: 07:00.")
    require(f"{at}/end", bool(CLOCK.fullmatch(window.end)), "As clocks show it: 09:30.")
    require(f"{at}/capacity", 1 <= window.capacity <= MOST_CAPACITY, f"From 1 to {MOST_CAPACITY}.")
    require(f"{at}/cutoff", 0 <= window.cutoff <= LONGEST_NOTICE, f"From 0 to {LONGEST_NOTICE} minutes.")
    require(f"{at}/fee", 0 <= window.fee <= MOST_FEE, f"From 0 to {MOST_FEE} minor units.")
    return window


def known_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Rejected("timezone_unknown", "The name of a zone of the IANA database, such as Europe/Zurich.", pointer="/timezone") from None


def within(each: tuple[T, ...], most: int, pointer: str) -> tuple[T, ...]:
    require(pointer, len(each) <= most, f"At most {most}.")
    return each


def require(pointer: str, held: bool, rule: str) -> None:
    if not held:
        raise Rejected("zone_invalid", rule, pointer=pointer)

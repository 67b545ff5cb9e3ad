"""Delivery slots: the windows of a day in which an address can be reached, with the places that are left; and their zones."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.countries import COUNTRIES
from domain.deliveries.windows import Offer, covers, offers
from domain.deliveries.zone import next_actions
from domain.trade import Spot
from domain.values import Money, Value
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, anyone
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.deliveries.slots import SlotUse
from projections.deliveries.slots import view as slots
from projections.deliveries.zones import OLDEST_FIRST, OPEN, Zone
from projections.deliveries.zones import view as zones
from projections.ports import Clock, Documents, Found
from projections.sql import among

POSTAL = re.compile(r"([A-Z]{2})(?:[ ,-]+(.{1,20}))?")
POINT = re.compile(r"(-?\d{1,2}(?:\.\d{1,10})?),(-?\d{1,3}(?:\.\d{1,10})?)", re.ASCII)
MOST_ZONES = 1_000

Day = Annotated[date, QueryParameter(name="date", description="On the zone's calendar.")]
Where = Annotated[
    str,
    QueryParameter(
        name="place", min_length=2, max_length=40, description="A country with its postal code (`CH 8712`), or `latitude,longitude`."
    ),
]


class ShownSlot(Value, frozen=True):
    """`zoneId`, `day` and `start` are what a checkout takes; `open` says that it can still be booked."""

    id: UUID
    zone_id: UUID
    zone: str
    day: date
    start: str
    end: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    capacity: int
    left: int
    open: bool
    fee: Money


class SlotList(Value, frozen=True):
    items: list[ShownSlot]
    next: None = None


class ShownZone(Zone, frozen=True, kw_only=True):
    actions: list[str]


class ZoneList(Struct, frozen=True):
    items: list[ShownZone]
    next: str | None


class SlotQueries(Controller):
    path = "/v1/delivery-slots"
    tags = ("delivery slots",)

    @get("/", guards=[anyone], sync_to_thread=True, opt={"projection": slots.name}, responses=problems("place_invalid"))
    def all(self, documents: Given[Documents], clock: Given[Clock], day: Day, place: Where) -> Response[SlotList]:
        """The windows in which an address can be reached on a day, in order of time, with the places left in each."""
        country, postal_code, spot = located(place)
        known = documents.page(zones, OPEN, limit=MOST_ZONES, order=OLDEST_FIRST)
        reaching = [each for each in map(zone_of, known.items) if covers(each.terms, country, postal_code, spot)]
        offered = [(zone, each) for zone in reaching for each in offers(zone.id, zone.terms, day)]
        taken = uses([each.slot_id for _, each in offered], documents)
        now = clock()
        items = [shown(zone, each, taken.get(each.slot_id, 0), now) for zone, each in offered]
        return Response(SlotList(sorted(items, key=lambda each: each.starts_at)))


class ZoneQueries(Controller):
    path = "/v1/zones"
    tags = ("delivery slots",)

    @get("/", guards=[anyone], sync_to_thread=True, opt={"projection": zones.name}, responses=problems("bad_cursor"))
    def all(self, caller: Given[Caller], documents: Given[Documents], limit: Limit = 20, cursor: Cursor = None) -> Response[ZoneList]:
        """Where is delivered, the oldest zone first."""
        found = documents.page(zones, OPEN, limit=limit, cursor=cursor, order=OLDEST_FIRST)
        answer: Any = page(found, lambda each: actions(each, caller))
        return answer

    @get("/{zone_id:uuid}", guards=[anyone], sync_to_thread=True, opt={"projection": zones.name}, responses=problems("zone_not_found"))
    def one(self, zone_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> Response[ShownZone]:
        """One zone with its windows."""
        found = documents.one(zones, zone_id)
        if found is None:
            raise Problem(404, "zone_not_found")
        answer: Any = document(found, **actions(found, caller))
        return answer


def actions(found: Found, caller: Caller) -> Mapping[str, Any]:
    return {"actions": next_actions(closed=found.columns["closed"], by=caller.actor)}


def located(place: str) -> tuple[str, str, Spot | None]:
    """Country, postal code and point, as far as the place tells them; 422 `place_invalid` where it tells neither."""
    if point := POINT.fullmatch(place.strip()):
        latitude, longitude = float(point[1]), float(point[2])
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return "", "", Spot(latitude, longitude)
    if (postal := POSTAL.fullmatch(place.strip())) and postal[1] in COUNTRIES:
        return postal[1], postal[2] or "", None
    raise Problem(422, "place_invalid", "Such as «CH 8712» or «47.24,8.72».", parameter="place")


def zone_of(found: Found) -> Zone:
    return msgspec.json.decode(found.document, type=Zone)


def uses(ids: list[UUID], documents: Documents) -> Mapping[UUID, int]:
    if not ids:
        return {}
    found = documents.page(slots, among(slots, ids), limit=len(ids))
    taken = (msgspec.json.decode(each.document, type=SlotUse) for each in found.items)
    return {each.id: each.taken for each in taken}


def shown(zone: Zone, offer: Offer, taken: int, now: datetime) -> ShownSlot:
    window = offer.window
    left = max(0, window.capacity - taken)
    return ShownSlot(
        offer.slot_id,
        zone.id,
        zone.terms.name,
        offer.day,
        window.start,
        window.end,
        zone.terms.timezone,
        offer.starts_at,
        offer.ends_at,
        offer.closes_at,
        window.capacity,
        left,
        left > 0 and now < offer.closes_at,
        Money(window.fee, zone.terms.currency),
    )

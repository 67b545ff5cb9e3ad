"""Zones: where is delivered, in which windows of the week, and for how much."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from domain.deliveries import windows as w
from domain.deliveries.commands import CloseZone, DeclareZone
from domain.values import Role
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import requires
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post, put

STAFF = requires(Role.STAFF, Role.ADMIN)

Clock = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="On the zone's clocks.", examples=["07:00"])]


Prefix = Annotated[str, Meta(min_length=1, max_length=10, pattern="^[A-Za-z0-9]", examples=["87"])]


class Area(Body, frozen=True):
    """The postal codes of a country that begin so; without prefixes all of it."""

    country: Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.", examples=["CH"])]
    prefixes: Annotated[tuple[Prefix, ...], Meta(max_length=w.MOST_PREFIXES)] = ()

    def value(self) -> w.Area:
        return w.Area(self.country, self.prefixes)


class Circle(Body, frozen=True):
    latitude: Annotated[float, Meta(ge=-90, le=90, examples=[47.24])]
    longitude: Annotated[float, Meta(ge=-180, le=180, examples=[8.72])]
    kilometres: Annotated[float, Meta(gt=0, le=w.FARTHEST, examples=[25])]

    def value(self) -> w.Circle:
        return w.Circle(self.latitude, self.longitude, self.kilometres)


class Window(Body, frozen=True):
    """An end that is not later than the start is on the next day; it can be booked until `cutoff` minutes before its start."""

    weekday: Annotated[int, Meta(ge=1, le=7, description="1 is Monday.", examples=[1])]
    start: Clock
    end: Annotated[Clock, Meta(examples=["09:00"])]
    capacity: Annotated[int, Meta(ge=1, le=w.MOST_CAPACITY, description="Orders.", examples=[20])]
    cutoff: Annotated[int, Meta(ge=0, le=w.LONGEST_NOTICE, description="Minutes.", examples=[600])] = 0
    fee: Annotated[int, Meta(ge=0, le=w.MOST_FEE, description="In minor units.", examples=[390])] = 0

    def value(self) -> w.Window:
        return w.Window(self.weekday, self.start, self.end, self.capacity, self.cutoff, self.fee)


class Zone(Body, frozen=True):
    """It is where its areas or its circle are; on days of `closedOn` there is no window."""

    name: Annotated[str, Meta(min_length=1, max_length=100, examples=["Lake Zurich"])]
    timezone: Annotated[str, Meta(min_length=1, max_length=60, description="Of the IANA database.", examples=["Europe/Zurich"])]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", description="Of the fees; ISO 4217.", examples=["CHF"])]
    areas: Annotated[tuple[Area, ...], Meta(max_length=w.MOST_AREAS)] = ()
    circle: Circle | None = None
    windows: Annotated[tuple[Window, ...], Meta(max_length=w.MOST_WINDOWS)] = ()
    closed_on: Annotated[tuple[date, ...], Meta(max_length=w.MOST_CLOSED)] = ()

    def terms(self) -> w.Terms:
        return w.Terms(
            self.name,
            self.timezone,
            self.currency,
            tuple(each.value() for each in self.areas),
            self.circle.value() if self.circle else None,
            tuple(each.value() for each in self.windows),
            self.closed_on,
        )


class ZoneCommands(Controller):
    path = "/v1/zones"
    tags = ("delivery slots",)

    @post("/", guards=[STAFF], sync_to_thread=True, responses=problems("not_yours"))
    def declare(self, data: JSONBody[Zone], run: Given[Dispatch]) -> Response[Accepted]:
        """Declare a zone. 422 with a pointer where its terms cannot hold."""
        id = run.new_id()
        return run.created("/v1/zones", id, DeclareZone(id, data.terms(), run.by, run.now))

    @put("/{zone_id:uuid}", guards=[STAFF], sync_to_thread=True, responses=problems("not_yours", "zone_not_found"))
    def replace(self, zone_id: FromPath[UUID], data: JSONBody[Zone], run: Given[Dispatch]) -> Response[Accepted]:
        """Put new terms in place of a zone's; what is booked stays booked, and a closed zone is open again."""
        return run(zone_id, DeclareZone(zone_id, data.terms(), run.by, run.now))

    @post("/{zone_id:uuid}/close", status_code=200, guards=[STAFF], sync_to_thread=True, responses=problems("not_yours", "zone_not_found"))
    def close(self, zone_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Deliver nothing more there, but what is booked."""
        return run(zone_id, CloseZone(zone_id, run.by, run.now))

"""Which windows each zone has had since when: what could be booked on days gone by, whatever is declared today."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from msgspec.structs import replace

from domain.deliveries.events import ZoneClosed, ZoneDeclared, ZoneEvent
from domain.deliveries.windows import Offer, Terms, offers
from domain.values import Value
from projections.sql import ALL, Where, equals
from projections.view import View


class Declared(Value, frozen=True):
    """What held from then on, its areas left out; no terms: nothing was offered."""

    since: datetime
    terms: Terms | None


class Timetable(Value, frozen=True):
    """The earliest first."""

    zone_id: UUID
    declared: tuple[Declared, ...]

    def offered(self, day: date) -> Iterator[Offer]:
        """The slots that could be booked for the day until their last moment, as they were declared by then; in order of time."""
        for held, then in pairwise((*self.declared, None)):
            if held is None or held.terms is None:
                continue
            for each in offers(self.zone_id, held.terms, day):
                if held.since <= each.closes_at and (then is None or each.closes_at < then.since):
                    yield each


def evolve(timetable: Timetable | None, event: ZoneEvent) -> Timetable:
    terms = replace(event.terms, areas=(), circle=None) if isinstance(event, ZoneDeclared) else None
    before = () if timetable is None else timetable.declared
    if before and before[-1].terms == terms:
        return Timetable(event.zone_id, before)
    return Timetable(event.zone_id, (*before, Declared(event.at, terms)))


def zone_of(event: ZoneEvent) -> UUID:
    return event.zone_id


view = View("timetables", Timetable, key=zone_of, evolve=evolve, events=(ZoneDeclared, ZoneClosed), columns={"zone_id": "uuid"})


def of_zone(zone_id: UUID | None) -> Where:
    return ALL if zone_id is None else equals("zone_id", zone_id)

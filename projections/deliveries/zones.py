"""Where is delivered and when, as declared: few enough to be read as a whole."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.deliveries.events import ZoneClosed, ZoneDeclared, ZoneEvent
from domain.deliveries.windows import Terms
from domain.values import Value
from projections.sql import Order, Where
from projections.view import View


class Zone(Value, frozen=True):
    id: UUID
    terms: Terms
    closed: bool
    declared_at: datetime


def evolve(zone: Zone | None, event: ZoneEvent) -> Zone | None:
    match event, zone:
        case ZoneDeclared(id, terms, at=at), _:
            return Zone(id, terms, closed=False, declared_at=at)
        case ZoneClosed(), Zone():
            return replace(zone, closed=True)
        case _:
            return zone


def zone_of(event: ZoneEvent) -> UUID:
    return event.zone_id


view = View(
    "zones",
    Zone,
    key=zone_of,
    evolve=evolve,
    events=(ZoneDeclared, ZoneClosed),
    columns={"closed": "boolean", "declared_at": "timestamptz"},
)

OPEN = Where("NOT closed")
OLDEST_FIRST = Order(("declared_at",), descending=False)

"""A zone: where we deliver, in which windows of the week, and for how much."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.deliveries.commands import CloseZone, DeclareZone, ZoneCommand
from domain.deliveries.events import ZoneClosed, ZoneDeclared, ZoneEvent
from domain.deliveries.windows import Terms, checked
from domain.values import Actor, Role, Value


class Undeclared(Value, frozen=True, tag=True):
    pass


class Declared(Value, frozen=True, tag=True):
    zone_id: UUID
    terms: Terms
    closed: bool = False


Zone = Undeclared | Declared


def decide(command: ZoneCommand, zone: Zone) -> list[ZoneEvent]:
    if not command.by.is_any(Role.ADMIN, Role.STAFF):
        raise Rejected("not_yours")
    match command, zone:
        case DeclareZone(zone_id=id, by=by, now=now), _:
            terms = checked(command.terms)
            already = isinstance(zone, Declared) and zone.terms == terms and not zone.closed
            return [] if already else [ZoneDeclared(id, terms, by.id, now)]
        case CloseZone(zone_id=id, by=by, now=now), Declared():
            return [] if zone.closed else [ZoneClosed(id, by.id, now)]
        case CloseZone(), Undeclared():
            raise Rejected("zone_not_found")


def evolve(zone: Zone, event: ZoneEvent) -> Zone:
    match event, zone:
        case ZoneDeclared(zone_id, terms), _:
            return Declared(zone_id, terms)
        case ZoneClosed(), Declared():
            return replace(zone, closed=True)
        case _:
            return zone


def next_actions(*, closed: bool, by: Actor) -> list[str]:
    """What `by` may do next with a zone: for queries, from a read model's row."""
    if not by.is_any(Role.ADMIN, Role.STAFF):
        return []
    return ["declare"] if closed else ["declare", "close"]


def actions(zone: Any, by: Actor) -> list[str]:
    return next_actions(closed=zone.closed, by=by) if isinstance(zone, Declared) else []


zones = Decider("zone", Undeclared(), decide, evolve, actions=actions)

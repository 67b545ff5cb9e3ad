"""How full delivery slots are: places booked and freed, by the day of the delivery. Slots that nobody ever booked: `offered`."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.deliveries.events import SlotBooked, SlotEvent, SlotFreed
from domain.values import Value
from projections.view import Journal, Sum


class Use(Value, frozen=True):
    """What one booking changed: `taken` by one up or down, `places` and `slots` when the slot is first booked or resized."""

    day: date
    zone_id: UUID
    start: str
    slots: int
    places: int
    taken: int


class Slot(Value, frozen=True):
    day: date
    start: str
    capacity: int


def evolve(slot: Slot | None, event: SlotEvent) -> Slot | None:
    return Slot(event.day, event.start, event.capacity) if isinstance(event, SlotBooked) else slot


def rows(slot: Slot | None, event: SlotEvent) -> Sequence[Use]:
    match event, slot:
        case SlotBooked(), None:
            return [Use(event.day, event.zone_id, event.start, 1, event.capacity, 1)]
        case SlotBooked(), Slot():
            return [Use(event.day, event.zone_id, event.start, 0, event.capacity - slot.capacity, 1)]
        case SlotFreed(), Slot():
            return [Use(slot.day, event.zone_id, slot.start, 0, 0, -1)]
        case SlotFreed(), None:
            return []


def slot_of(event: SlotEvent) -> UUID:
    return event.slot_id


DAILY = Sum("daily", by=("day", "zone_id", "start"), of=("slots", "places", "taken"))

journal: Journal[Use] = Journal(
    "slot_use", Use, key=slot_of, rows=rows, events=(SlotBooked, SlotFreed), sums=(DAILY,), known=Slot, evolve=evolve
)

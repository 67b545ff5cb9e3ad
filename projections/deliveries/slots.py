"""How many places of each slot are taken; a slot that nobody ever booked is not here."""

from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace

from domain.deliveries.events import SlotBooked, SlotEvent, SlotFreed
from domain.values import Value
from projections.view import View


class SlotUse(Value, frozen=True):
    """`capacity` is what it was when it was last booked."""

    id: UUID
    zone_id: UUID
    day: date
    start: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int


def evolve(slot: SlotUse | None, event: SlotEvent) -> SlotUse | None:
    match event, slot:
        case SlotBooked(), _:
            return SlotUse(
                event.slot_id, event.zone_id, event.day, event.start, event.starts_at, event.ends_at, event.capacity, event.taken
            )
        case SlotFreed(taken=taken), SlotUse():
            return replace(slot, taken=taken)
        case _:
            return slot


def slot_of(event: SlotEvent) -> UUID:
    return event.slot_id


view = View(
    "slots",
    SlotUse,
    key=slot_of,
    evolve=evolve,
    events=(SlotBooked, SlotFreed),
    columns={"zone_id": "uuid", "day": "date", "taken": "integer"},
    indexes=("zone_id, day",),
)

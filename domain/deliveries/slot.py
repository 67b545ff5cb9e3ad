"""A slot: a window of a zone on a certain day, with so many places and never one more."""

from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.deliveries.commands import BookSlot, FreeSlot, SlotCommand
from domain.deliveries.events import SlotBooked, SlotEvent, SlotFreed
from domain.values import Value


class Slot(Value, frozen=True, tag=True):
    """The orders that have a place. `zone_id` is unknown while nothing was ever booked."""

    zone_id: UUID | None = None
    booked: frozenset[UUID] = frozenset()


def decide(command: SlotCommand, slot: Slot) -> list[SlotEvent]:
    match command:
        case BookSlot():
            return book(command, slot)
        case FreeSlot(slot_id=id, order_id=order, now=now):
            if order not in slot.booked or slot.zone_id is None:
                return []  # it has no place, or gave it back before
            return [SlotFreed(id, slot.zone_id, order, len(slot.booked) - 1, now)]


def book(command: BookSlot, slot: Slot) -> list[SlotEvent]:
    if command.order_id in slot.booked:
        return []  # asked twice: already so
    if command.now >= command.closes_at:
        raise Rejected("slot_closed", f"It could be booked until {command.closes_at.isoformat()}.", pointer="/slot")
    if len(slot.booked) >= command.capacity:
        raise Rejected("slot_full", "Every place in it is taken.", pointer="/slot")
    return [
        SlotBooked(
            command.slot_id,
            command.zone_id,
            command.day,
            command.start,
            command.starts_at,
            command.ends_at,
            command.capacity,
            command.order_id,
            len(slot.booked) + 1,
            command.now,
        )
    ]


def evolve(slot: Slot, event: SlotEvent) -> Slot:
    match event:
        case SlotBooked(zone_id=zone_id, order_id=order):
            return replace(slot, zone_id=zone_id, booked=slot.booked | {order})
        case SlotFreed(order_id=order):
            return replace(slot, booked=slot.booked - {order})


slots = Decider("slot", Slot(), decide, evolve, contended=True, snapshot_every=20)

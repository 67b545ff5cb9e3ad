"""A seat: the one supplier that somebody acts for, so that goods in his name have one company behind them."""

from uuid import UUID, uuid5

from domain.decider import Decider, Rejected
from domain.suppliers.commands import SeatCommand, TakeSeat
from domain.suppliers.events import SeatEvent, SeatGivenUp, SeatTaken
from domain.values import Value

SEATS = UUID("0d0a5a4e-5b53-5a3c-8f0f-9b5a3a0d7c11")
"""The namespace of the streams' ids."""


def seat_id(user_id: UUID) -> UUID:
    return uuid5(SEATS, str(user_id))


class Seat(Value, frozen=True, tag=True):
    supplier_id: UUID | None = None


def decide(command: SeatCommand, seat: Seat) -> list[SeatEvent]:
    user, supplier, now = command.user_id, command.supplier_id, command.now
    if isinstance(command, TakeSeat):
        if seat.supplier_id not in {None, supplier}:
            raise Rejected("seat_taken", "Somebody acts for one supplier at a time.")
        return [] if seat.supplier_id else [SeatTaken(user, supplier, now)]
    return [SeatGivenUp(user, supplier, now)] if seat.supplier_id == supplier else []


def evolve(_seat: Seat, event: SeatEvent) -> Seat:
    return Seat(event.supplier_id if isinstance(event, SeatTaken) else None)


seats = Decider("seat", Seat(), decide, evolve)

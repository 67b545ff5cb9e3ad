"""For which supplier somebody speaks."""

from uuid import UUID

from domain.suppliers.events import SeatEvent, SeatGivenUp, SeatTaken
from domain.values import Value
from projections.view import View


class Speaker(Value, frozen=True):
    user_id: UUID
    supplier_id: UUID


def evolve(_speaker: Speaker | None, event: SeatEvent) -> Speaker | None:
    return Speaker(event.user_id, event.supplier_id) if isinstance(event, SeatTaken) else None


def user_of(event: SeatEvent) -> UUID:
    return event.user_id


view = View(
    "supplier_speakers",
    Speaker,
    key=user_of,
    evolve=evolve,
    events=(SeatTaken, SeatGivenUp),
    columns={"supplier_id": "uuid"},
    indexes=("supplier_id, key",),
)

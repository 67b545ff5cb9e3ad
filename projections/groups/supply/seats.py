"""Which supplier somebody acts for: what its quotes and shipments are found by."""

from uuid import UUID

from domain.suppliers.events import SeatEvent, SeatGivenUp, SeatTaken
from domain.values import Value
from projections.ports import Documents
from projections.view import View


class SupplierSeat(Value, frozen=True):
    user_id: UUID
    supplier_id: UUID


def evolve(_seat: SupplierSeat | None, event: SeatEvent) -> SupplierSeat | None:
    return SupplierSeat(event.user_id, event.supplier_id) if isinstance(event, SeatTaken) else None


def user_of(event: SeatEvent) -> UUID:
    return event.user_id


view = View(
    "supplier_seats",
    SupplierSeat,
    key=user_of,
    evolve=evolve,
    events=(SeatTaken, SeatGivenUp),
    columns={"supplier_id": "uuid"},
)


def supplier_of(documents: Documents, user_id: UUID) -> UUID | None:
    found = documents.one(view, user_id)
    return None if found is None else found.columns["supplier_id"]

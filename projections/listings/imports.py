"""How each import stands: read by its page; what became of its rows is counted from the report itself."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.listings.bulk_import import Progress
from domain.listings.events import ImportCancelled, ImportCompleted, ImportEvent, ImportFailed, ImportRequested
from domain.values import Actor, Role, Value
from projections.sql import ALL, Where
from projections.view import View


class ImportStatus(Value, frozen=True):
    """`code` and `detail` say why the file as a whole was refused, to programs and to people."""

    id: UUID
    status: Progress
    format: str
    seller_id: UUID
    publish: bool
    requested_by: UUID
    requested_at: datetime
    ended_at: datetime | None = None
    code: str | None = None
    detail: str | None = None


def evolve(found: ImportStatus | None, event: ImportEvent) -> ImportStatus | None:
    match event, found:
        case ImportRequested(), None:
            return ImportStatus(event.import_id, Progress.RUNNING, event.format, event.seller_id, event.publish, event.by, event.at)
        case ImportCancelled(), ImportStatus():
            return replace(found, status=Progress.CANCELLED, ended_at=event.at)
        case ImportCompleted(), ImportStatus():
            return replace(found, status=Progress.COMPLETED, ended_at=event.at)
        case ImportFailed(), ImportStatus():
            return replace(found, status=Progress.FAILED, ended_at=event.at, code=event.code, detail=event.detail or None)
        case _:
            return found


def import_id(event: ImportEvent) -> UUID:
    return event.import_id


view = View(
    "imports",
    ImportStatus,
    key=import_id,
    evolve=evolve,
    events=(ImportRequested, ImportCancelled, ImportCompleted, ImportFailed),
    columns={"status": "text", "requested_by": "uuid"},
    version=2,
)


def visible_to(by: Actor) -> Where:
    """Admins see every import, sellers their own."""
    return ALL if by.is_any(Role.ADMIN) else Where("requested_by = %(caller)s", {"caller": by.id})

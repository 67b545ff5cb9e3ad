"""A bulk import: a seller, or an admin in a seller's name, brings a whole file of listings, and may stop it on the way."""

from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.lifecycle import UNASKED, Lifecycle, step
from domain.listings.commands import CancelImport, CompleteImport, FailImport, ImportCommand, RequestImport
from domain.listings.events import ImportCancelled, ImportCompleted, ImportEvent, ImportFailed, ImportRequested
from domain.values import Actor, Role, Value

ADMIN = "admin"
REQUESTER = "requester"


class Progress(StrEnum):
    RUNNING = "running"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    FAILED = "failed"


LIFECYCLE = Lifecycle(
    "import",
    [
        step("cancel", CancelImport, {Progress.RUNNING}, {ADMIN, REQUESTER}, "import_ended"),
        step(UNASKED, CompleteImport, {Progress.RUNNING}, {ADMIN}, "import_ended"),
        step(UNASKED, FailImport, {Progress.RUNNING}, {ADMIN}, "import_ended"),
    ],
)


class Unrequested(Value, frozen=True, tag=True):
    pass


class Requested(Value, frozen=True, tag=True):
    import_id: UUID
    status: Progress
    format: str
    seller_id: UUID
    publish: bool
    by: UUID
    failure: str = ""
    agent: bool = False


BulkImport = Unrequested | Requested


def decide(command: ImportCommand, found: BulkImport) -> list[ImportEvent]:
    match command, found:
        case RequestImport(), Unrequested():
            return [request(command)]
        case RequestImport(), Requested():
            return []  # asked twice: already so
        case _, Unrequested():
            raise Rejected("import_not_found")
        case _, Requested():
            LIFECYCLE.check(command, found.status, relations(found.by, command.by))
            return end(command)


def request(command: RequestImport) -> ImportRequested:
    own = command.by.id == command.seller_id and command.by.is_any(Role.SELLER, Role.SUPPLIER)
    if not (own or command.agent or command.by.is_any(Role.ADMIN)):
        raise Rejected("not_yours", "Sellers bring what is their own; only an admin brings for someone else.")
    if command.publish and command.seller_id == command.by.id:
        raise Rejected("own_listing", "Nobody approves what he sells: another admin must bring it, or do not publish.")
    if command.publish and command.agent:
        raise Rejected("own_listing", "Nobody approves what his company sells.")
    return ImportRequested(command.import_id, command.by.id, command.format, command.seller_id, command.publish, command.now, command.agent)


def end(command: CancelImport | CompleteImport | FailImport) -> list[ImportEvent]:
    match command:
        case CancelImport(id, by, now):
            return [ImportCancelled(id, by.id, now)]
        case CompleteImport(id, accepted, repaired, refused, _, now):
            return [ImportCompleted(id, accepted, repaired, refused, now)]
        case FailImport(id, code, _, now, detail):
            return [ImportFailed(id, code, now, detail)]


def relations(requested_by: UUID, by: Actor) -> frozenset[str]:
    """The service itself, which ends an import, counts as an admin."""
    requester = {REQUESTER} if by.id == requested_by else set[str]()
    return frozenset(requester | ({ADMIN} if by.is_any(Role.ADMIN) else set()))


def evolve(found: BulkImport, event: ImportEvent) -> BulkImport:
    match event, found:
        case ImportRequested(), _:
            return Requested(event.import_id, Progress.RUNNING, event.format, event.seller_id, event.publish, event.by, agent=event.agent)
        case ImportCancelled(), Requested():
            return replace(found, status=Progress.CANCELLED)
        case ImportCompleted(), Requested():
            return replace(found, status=Progress.COMPLETED)
        case ImportFailed(), Requested():
            return replace(found, status=Progress.FAILED, failure=event.detail or event.code)
        case _:
            return found


def next_actions(requested_by: UUID, status: str, by: Actor) -> list[str]:
    """What `by` may do next with somebody's import in this status: for queries, from a read model's row."""
    return LIFECYCLE.actions(status, relations(requested_by, by))


def actions(found: BulkImport, by: Actor) -> list[str]:
    return next_actions(found.by, found.status, by) if isinstance(found, Requested) else []


imports = Decider("import", Unrequested(), decide, evolve, actions=actions)

"""A bulk import: an admin brings a whole file of listings in a seller's name, and may stop it on the way."""

from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.lifecycle import UNASKED, Lifecycle, step
from domain.listings.commands import CancelImport, CompleteImport, FailImport, ImportCommand, RequestImport
from domain.listings.events import ImportCancelled, ImportCompleted, ImportEvent, ImportFailed, ImportRequested
from domain.values import Actor, Role, Value

ADMIN = "admin"


class Progress(StrEnum):
    RUNNING = "running"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    FAILED = "failed"


LIFECYCLE = Lifecycle(
    "import",
    [
        step("cancel", CancelImport, {Progress.RUNNING}, {ADMIN}, "import_ended"),
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
            LIFECYCLE.check(command, found.status, relations(command.by))
            return end(command)


def request(command: RequestImport) -> ImportRequested:
    if ADMIN not in relations(command.by):
        raise Rejected("not_yours")
    if command.publish and command.seller_id == command.by.id:
        raise Rejected("own_listing", "Nobody approves what he sells: another admin must bring it, or do not publish.")
    return ImportRequested(command.import_id, command.by.id, command.format, command.seller_id, command.publish, command.now)


def end(command: CancelImport | CompleteImport | FailImport) -> list[ImportEvent]:
    match command:
        case CancelImport(id, by, now):
            return [ImportCancelled(id, by.id, now)]
        case CompleteImport(id, accepted, repaired, refused, _, now):
            return [ImportCompleted(id, accepted, repaired, refused, now)]
        case FailImport(id, code, _, now, detail):
            return [ImportFailed(id, code, now, detail)]


def relations(by: Actor) -> frozenset[str]:
    return frozenset({ADMIN}) if by.is_any(Role.ADMIN) else frozenset()


def evolve(found: BulkImport, event: ImportEvent) -> BulkImport:
    match event, found:
        case ImportRequested(), _:
            return Requested(event.import_id, Progress.RUNNING, event.format, event.seller_id, event.publish, event.by)
        case ImportCancelled(), Requested():
            return replace(found, status=Progress.CANCELLED)
        case ImportCompleted(), Requested():
            return replace(found, status=Progress.COMPLETED)
        case ImportFailed(), Requested():
            return replace(found, status=Progress.FAILED, failure=event.detail or event.code)
        case _:
            return found


def next_actions(status: str, by: Actor) -> list[str]:
    """What `by` may do next with an import in this status: for queries, from a read model's row."""
    return LIFECYCLE.actions(status, relations(by))


def actions(found: BulkImport, by: Actor) -> list[str]:
    return next_actions(found.status, by) if isinstance(found, Requested) else []


imports = Decider("import", Unrequested(), decide, evolve, actions=actions)

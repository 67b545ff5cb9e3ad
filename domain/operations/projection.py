"""One read model as operators tend it: paused and resumed, built anew or checked, its parked events tried again or let go."""

from uuid import UUID

from domain.decider import Decider, Rejected
from domain.operations.commands import (
    CancelRebuild,
    DropOldGeneration,
    PauseProjection,
    ProjectionCommand,
    RequestCheck,
    RequestRebuild,
    ResumeProjection,
    RetryParkedEvent,
    SkipParkedEvent,
)
from domain.operations.events import (
    CheckRequested,
    OldGenerationDropped,
    ParkedEventRetried,
    ParkedEventSkipped,
    ProjectionEvent,
    ProjectionPaused,
    ProjectionResumed,
    RebuildCancelled,
    RebuildRequested,
)
from domain.operations.rules import require_operator, stream_of, why
from domain.values import Actor, Role, Value


class Tended(Value, frozen=True):
    """What a read model is told to do: to stand still, or to follow the log."""

    paused: bool = False


def projection_stream(projection: str) -> UUID:
    return stream_of("projection", projection)


def decide(command: ProjectionCommand, tended: Tended) -> list[ProjectionEvent]:
    require_operator(command.by)
    name, by, now = command.projection, command.by.id, command.now
    match command:
        case PauseProjection() if tended.paused:
            raise Rejected("already_paused")
        case PauseProjection():
            return [ProjectionPaused(name, why(command.reason), by, now)]
        case ResumeProjection() if not tended.paused:
            raise Rejected("not_paused")
        case ResumeProjection():
            return [ProjectionResumed(name, by, now)]
        case RequestRebuild():
            return [RebuildRequested(name, command.generation, by, now)]
        case RequestCheck():
            return [CheckRequested(name, command.generation, by, now)]
        case CancelRebuild():
            return [RebuildCancelled(name, by, now)]
        case DropOldGeneration():
            return [OldGenerationDropped(name, by, now)]
        case RetryParkedEvent():
            return [ParkedEventRetried(name, command.position, by, now)]
        case SkipParkedEvent():
            return [ParkedEventSkipped(name, command.position, why(command.reason), by, now)]


def evolve(tended: Tended, event: ProjectionEvent) -> Tended:
    match event:
        case ProjectionPaused():
            return Tended(paused=True)
        case ProjectionResumed():
            return Tended(paused=False)
        case (
            RebuildRequested()
            | CheckRequested()
            | RebuildCancelled()
            | OldGenerationDropped()
            | ParkedEventRetried()
            | ParkedEventSkipped()
        ):
            return tended


def actions(tended: Tended, by: Actor) -> list[str]:
    if not by.is_any(Role.ADMIN):
        return []
    return ["resume" if tended.paused else "pause", "rebuild", "check"]


projections = Decider("projection", Tended(), decide, evolve, actions=actions)

"""What events owe, as operators tend it: events that could not be reacted to, and jobs that were given up."""

from uuid import UUID

from domain.decider import Decider
from domain.operations.commands import DiscardJob, JobCommand, ReactionCommand, RetryJob, RetryReaction, SkipReaction
from domain.operations.events import JobDiscarded, JobEvent, JobRetried, ReactionEvent, ReactionRetried, ReactionSkipped
from domain.operations.rules import require_operator, stream_of, why
from domain.values import Value


class Watched(Value, frozen=True):
    """Nothing that a rule depends on: whether there is something to tend is a matter of the workers' own books."""


REACTIONS = stream_of("reader", "effects")


def job_stream(job_id: UUID) -> UUID:
    return stream_of("job", str(job_id))


def decide_reaction(command: ReactionCommand, _watched: Watched) -> list[ReactionEvent]:
    require_operator(command.by)
    match command:
        case RetryReaction():
            return [ReactionRetried(command.position, command.by.id, command.now)]
        case SkipReaction():
            return [ReactionSkipped(command.position, why(command.reason), command.by.id, command.now)]


def evolve_reaction(watched: Watched, _event: ReactionEvent) -> Watched:
    return watched


def decide_job(command: JobCommand, _watched: Watched) -> list[JobEvent]:
    require_operator(command.by)
    match command:
        case RetryJob():
            return [JobRetried(command.job_id, command.by.id, command.now)]
        case DiscardJob():
            return [JobDiscarded(command.job_id, why(command.reason), command.by.id, command.now)]


def evolve_job(watched: Watched, _event: JobEvent) -> Watched:
    return watched


reactions = Decider("reaction", Watched(), decide_reaction, evolve_reaction)
jobs = Decider("job", Watched(), decide_job, evolve_job)

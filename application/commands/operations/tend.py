"""What an operator asks for happens to the workers' books in the append that records who asked for it and why."""

from datetime import datetime
from typing import Any
from uuid import UUID

from application.commands.operations.books import (
    AskReaction,
    AskRebuild,
    AskRetry,
    CancelBuilding,
    DropJob,
    DropOld,
    ForgetParked,
    ForgetReaction,
    ReviveJob,
    SetPaused,
    SetReadOnly,
    WorkersBooks,
)
from application.handler import Appended, Handler
from application.ports import Meta, Row
from domain.decider import Decider, Rejected
from domain.operations.commands import (
    BeginMaintenance,
    CancelRebuild,
    DiscardJob,
    DropOldGeneration,
    EndMaintenance,
    JobCommand,
    MaintenanceCommand,
    PauseProjection,
    ProjectionCommand,
    ReactionCommand,
    RequestCheck,
    RequestRebuild,
    ResumeProjection,
    RetryJob,
    RetryParkedEvent,
    RetryReaction,
    SkipParkedEvent,
    SkipReaction,
)
from domain.operations.maintenance import SERVICE, services
from domain.operations.owed import REACTIONS, job_stream, jobs, reactions
from domain.operations.projection import projection_stream, projections
from domain.values import Actor


class Tend:
    """One way for everything that operators do. A command given again is answered as before, whatever the books say by now."""

    def __init__(self, handle: Handler, books: WorkersBooks) -> None:
        self._handle = handle
        self._books = books

    def projection(self, command: ProjectionCommand, meta: Meta, expected: int | None = None) -> Appended:
        """`projection_not_found`, `not_parked`, `rebuild_running`, `no_rebuild`, `nothing_to_drop`, and what its rules refuse."""
        return self._done(projection_stream(command.projection), command, projections, meta, expected)

    def build(self, kind: type[RequestRebuild | RequestCheck], projection: str, by: Actor, now: datetime, meta: Meta) -> Appended:
        """A rebuild or a check, under the next number there is."""
        generation = self._books.next_generation(projection)
        if generation is None:
            raise Rejected("projection_not_found")
        return self.projection(kind(projection, generation, by, now), meta)

    def reaction(self, command: ReactionCommand, meta: Meta, expected: int | None = None) -> Appended:
        """`not_parked`."""
        return self._done(REACTIONS, command, reactions, meta, expected)

    def job(self, command: JobCommand, meta: Meta, expected: int | None = None) -> Appended:
        """`job_not_found` and `job_not_dead`."""
        return self._done(job_stream(command.job_id), command, jobs, meta, expected)

    def service(self, command: MaintenanceCommand, meta: Meta, expected: int | None = None) -> Appended:
        """`already_read_only` and `not_read_only`."""
        return self._done(SERVICE, command, services, meta, expected)

    def _done(
        self,
        stream: UUID,
        command: ProjectionCommand | ReactionCommand | JobCommand | MaintenanceCommand,
        decider: Decider[Any, Any, Any],
        meta: Meta,
        expected: int | None,
    ) -> Appended:
        if before := self._handle.before(meta, decider):
            return before[0]
        return self._handle(stream, command, meta, expected, [self._row(command)])

    def _row(self, command: ProjectionCommand | ReactionCommand | JobCommand | MaintenanceCommand) -> Row:
        match command:
            case RetryReaction() | SkipReaction():
                return self._of_reaction(command)
            case RetryJob() | DiscardJob():
                return self._of_job(command)
            case BeginMaintenance():
                return SetReadOnly(read_only=True, reason=command.reason.strip())
            case EndMaintenance():
                return SetReadOnly(read_only=False, reason="")
            case _:
                return self._of_projection(command)

    def _of_projection(self, command: ProjectionCommand) -> Row:
        name = command.projection
        if self._books.next_generation(name) is None:
            raise Rejected("projection_not_found")
        match command:
            case PauseProjection() | ResumeProjection():
                return SetPaused(name, paused=isinstance(command, PauseProjection))
            case RequestRebuild() | RequestCheck():
                self._require(not self._books.building(name), "rebuild_running")
                return AskRebuild(name, command.generation, "rebuild" if isinstance(command, RequestRebuild) else "check")
            case CancelRebuild():
                self._require(self._books.building(name), "no_rebuild")
                return CancelBuilding(name)
            case DropOldGeneration():
                self._require(self._books.replaced(name), "nothing_to_drop")
                return DropOld(name)
            case RetryParkedEvent() | SkipParkedEvent():
                self._require(self._books.parked(name, command.position), "not_parked")
                row = AskRetry if isinstance(command, RetryParkedEvent) else ForgetParked
                return row(name, command.position)

    def _of_reaction(self, command: ReactionCommand) -> Row:
        self._require(self._books.reaction_parked(command.position), "not_parked")
        match command:
            case RetryReaction():
                return AskReaction(command.position)
            case SkipReaction():
                return ForgetReaction(command.position)

    def _of_job(self, command: JobCommand) -> Row:
        state = self._books.job_state(command.job_id)
        self._require(state is not None, "job_not_found")
        self._require(state == "dead", "job_not_dead")
        match command:
            case RetryJob():
                return ReviveJob(command.job_id, command.now)
            case DiscardJob():
                return DropJob(command.job_id, command.now)

    def _require(self, so: bool, code: str) -> None:
        if not so:
            raise Rejected(code)

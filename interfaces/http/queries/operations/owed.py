"""What events owe and could not be given: events that nothing could be said of, and jobs, above all those that were given up."""

from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from interfaces.http.errors import Problem, problems
from interfaces.http.queries.operations.projections import OPERATORS, After, Limit
from interfaces.http.queries.users.users import Cursor
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections import cursors
from projections.operations import JobShown, JobState, Operations, ParkedReaction


class ReactionList(Struct, frozen=True):
    """`next` is what to ask for as `after`, or null where nothing followed."""

    items: list[ParkedReaction]
    next: int | None


class JobList(Struct, frozen=True):
    items: list[JobShown]
    next: str | None


class ReactionQueries(Controller):
    path = "/v1/admin/reactions/parked"
    tags = ("operations",)

    @get("/", guards=[OPERATORS], sync_to_thread=True)
    def parked_reactions(self, operations: Given[Operations], after: After = 0, limit: Limit = 100) -> ReactionList:
        """The events that could not be reacted to, in order; all others were."""
        found = operations.parked_reactions(after, limit + 1)
        return ReactionList(list(found[:limit]), found[limit - 1].position if len(found) > limit else None)


class JobQueries(Controller):
    path = "/v1/admin/jobs"
    tags = ("operations",)

    @get("/", guards=[OPERATORS], sync_to_thread=True, responses=problems("bad_cursor"))
    def jobs(
        self,
        operations: Given[Operations],
        standing: Annotated[JobState, QueryParameter(name="state", description="Those given up are `dead`.")] = "dead",
        kind: Annotated[str | None, QueryParameter(max_length=100, description="Such as `SendLetter`.")] = None,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> JobList:
        """Jobs, the latest made first."""
        asked = ("jobs", standing, kind)
        after = None if cursor is None else cursors.read(cursor, asked, UUID)
        found = operations.jobs(standing, kind, after, limit + 1)
        return JobList(list(found[:limit]), cursors.written(found[limit - 1].id, asked) if len(found) > limit else None)

    @get("/{job_id:uuid}", guards=[OPERATORS], sync_to_thread=True, responses=problems("job_not_found"))
    def job(self, job_id: FromPath[UUID], operations: Given[Operations]) -> JobShown:
        """One job, also long after it has ended."""
        found = operations.job(job_id)
        if found is None:
            raise Problem(404, "job_not_found")
        return found

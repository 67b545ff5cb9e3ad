"""History for auditors: events by what they are about, one stream's life, and its state at any point."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.values import Role
from interfaces.http.caller import requires
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.audit import AuditLog, Entry, Sought, StreamState

AUDITORS = requires(Role.AUDITOR, Role.ADMIN)

After = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="Only behind this position: `next` of the page before.")]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="How many events at most.")]


class History(Struct, frozen=True):
    """`next` is what to ask for as `after`, or null where nothing followed."""

    items: list[Entry]
    next: int | None


class AuditQueries(Controller):
    """Personal fields read `"personal"`, for auditors and admins alike.

    History proves what was done, by whom and when, without showing anybody's private words.
    """

    path = "/v1/audit"
    tags = ("audit",)

    @get("/events", guards=[AUDITORS], sync_to_thread=True)
    def events(
        self,
        audit: Given[AuditLog],
        type_: Annotated[
            str | None, QueryParameter(name="type", max_length=200, description="Such as `listings.ListingPublished`.")
        ] = None,
        actor: Annotated[UUID | None, QueryParameter(description="Who gave the command.")] = None,
        correlation: Annotated[UUID | None, QueryParameter(description="The request or process that it belongs to.")] = None,
        stream: Annotated[UUID | None, QueryParameter(description="The thing that it happened to.")] = None,
        since: Annotated[datetime | None, QueryParameter(name="from", description="Recorded at this moment or later.")] = None,
        until: Annotated[datetime | None, QueryParameter(name="to", description="Recorded before this moment.")] = None,
        after: After = 0,
        limit: Limit = 100,
    ) -> History:
        """Events of the whole log, oldest first; personal fields read `personal`."""
        found = audit.events(Sought(after, type_, actor, correlation, stream, since, until), limit + 1)
        return History(list(found[:limit]), found[limit - 1].position if len(found) > limit else None)

    @get("/streams/{stream:uuid}", guards=[AUDITORS], sync_to_thread=True, responses=problems("stream_not_found"))
    def stream(self, stream: FromPath[UUID], audit: Given[AuditLog], after: After = 0, limit: Limit = 100) -> History:
        """One stream's events, oldest first; `after` and `next` are versions."""
        found = audit.stream(stream, after, limit + 1)
        if not found and not audit.stream(stream, 0, 1):
            raise missing()
        return History(list(found[:limit]), found[limit - 1].version if len(found) > limit else None)

    @get("/streams/{stream:uuid}/state", guards=[AUDITORS], sync_to_thread=True, responses=problems("stream_not_found"))
    def state(
        self,
        stream: FromPath[UUID],
        audit: Given[AuditLog],
        version: Annotated[
            int | None, QueryParameter(ge=1, le=2**53 - 1, description="After this version; otherwise after the last.")
        ] = None,
        at: Annotated[datetime | None, QueryParameter(description="Of what was recorded by this moment.")] = None,
    ) -> StreamState:
        """A stream's state, folded by its decider from its events as they stand on the log."""
        found = audit.state(stream, version, at)
        if found is None:
            raise missing()
        return found


def missing() -> Problem:
    return Problem(404, "stream_not_found", "Nothing was recorded there by then.")

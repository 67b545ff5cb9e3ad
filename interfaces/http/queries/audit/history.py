"""History for auditors: events by what they are about, and one stream's life."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from interfaces.http.errors import problems
from interfaces.http.queries.audit.recording import AUDITORS, Audited
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.audit import AuditLog, Entry, Sought
from projections.feeds.consumers import LogHead

After = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="Only behind this position: `next` of the page before.")]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="How many events at most.")]


class History(Struct, frozen=True):
    """`next` is what to ask for as `after`, or null where nothing followed."""

    items: list[Entry]
    next: int | None


class HistoryQueries(Controller):
    """Personal fields read `"personal"`, for auditors and admins alike.

    History proves what was done, by whom and when, without showing anybody's private words.
    """

    path = "/v1/audit"
    tags = ("audit",)

    @get("/events", guards=[AUDITORS], sync_to_thread=True, responses=problems("position_unknown"))
    def events(
        self,
        audit: Given[AuditLog],
        audited: Given[Audited],
        log_head: Given[LogHead],
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
        found = audit.events(Sought(after, None, type_, None, actor, correlation, stream, since, until), limit + 1)
        if not found and after and after > log_head():
            raise audited.missing("position_unknown", "The log has not come that far.", "after")
        audited(min(len(found), limit))
        return History(list(found[:limit]), found[limit - 1].position if len(found) > limit else None)

    @get("/streams/{stream:uuid}", guards=[AUDITORS], sync_to_thread=True, responses=problems("stream_not_found", "version_unknown"))
    def stream(
        self, stream: FromPath[UUID], audit: Given[AuditLog], audited: Given[Audited], after: After = 0, limit: Limit = 100
    ) -> History:
        """One stream's events, oldest first; `after` and `next` are versions."""
        found = audit.stream(stream, after, limit + 1)
        if not found and not audit.stream(stream, 0, 1):
            raise audited.missing("stream_not_found", "Nothing was recorded there.")
        if not found and after and not audit.stream(stream, after - 1, 1):
            raise audited.missing("version_unknown", "The stream has not come that far.", "after")
        audited(min(len(found), limit))
        return History(list(found[:limit]), found[limit - 1].version if len(found) > limit else None)

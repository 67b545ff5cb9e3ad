"""What a thing was at any point of its history, and what changed between two."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.openapi.spec import OpenAPIFormat, OpenAPIType, Schema
from litestar.params import FromPath, QueryParameter

from interfaces.http.errors import Problem, problems
from interfaces.http.queries.audit.recording import AUDITORS, Audited
from interfaces.http.requests import MOMENT, Given
from interfaces.http.routes import get
from projections.audit import AuditLog, Difference, Moment, Point, StreamState
from projections.feeds.consumers import LogHead

LARGEST = 2**53 - 1
NOWHERE = "Nothing was recorded there by then."
BEYOND = "The stream has not come that far."
VERSION_OR_MOMENT = {
    "one_of": None,
    "any_of": [
        Schema(type=OpenAPIType.INTEGER, minimum=0, maximum=LARGEST),
        Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.DATE_TIME),
    ],
    "examples": [3, "2026-06-01T12:00:00Z"],
}


class StateQueries(Controller):
    """Folded by the deciders that decide today from the events as they stand on the log; personal fields read `"personal"`."""

    path = "/v1/audit/streams/{stream:uuid}"
    tags = ("audit",)

    @get("/state", guards=[AUDITORS], sync_to_thread=True, responses=problems("stream_not_found", "version_unknown", "position_unknown"))
    def state(
        self,
        stream: FromPath[UUID],
        audit: Given[AuditLog],
        audited: Given[Audited],
        log_head: Given[LogHead],
        version: Annotated[
            int | None, QueryParameter(ge=1, le=LARGEST, description="After this version; otherwise after the last.")
        ] = None,
        position: Annotated[
            int | None, QueryParameter(ge=0, le=LARGEST, description="Of what stood on the log up to this position.")
        ] = None,
        at: Annotated[datetime | None, QueryParameter(description="Of what was recorded by this moment.")] = None,
    ) -> StreamState:
        """A stream's state at a version, a position or a moment; of several the earliest counts.

        What the stream or the log has not come to is refused; a moment may lie in the future.
        """
        if position and position > log_head():
            raise audited.missing("position_unknown", "The log has not come that far.", "position")
        found = audit.state(stream, Moment(version, position, at))
        if found is None:
            raise audited.missing("stream_not_found", NOWHERE)
        if version and found.version < version and position is None and at is None:
            raise audited.missing("version_unknown", BEYOND, "version")
        audited(1)
        return found

    @get("/difference", guards=[AUDITORS], sync_to_thread=True, responses=problems("stream_not_found", "version_unknown"))
    def difference(
        self,
        stream: FromPath[UUID],
        audit: Given[AuditLog],
        audited: Given[Audited],
        since: Annotated[
            str | None,
            QueryParameter(
                name="from", description="A version or a moment; otherwise before the first event.", schema_extra=VERSION_OR_MOMENT
            ),
        ] = None,
        until: Annotated[
            str | None,
            QueryParameter(name="to", description="A version or a moment; otherwise after the last event.", schema_extra=VERSION_OR_MOMENT),
        ] = None,
    ) -> Difference:
        """What became of a stream's state from one version or moment to another, place by place, and the events that made it so.

        What changed within personal fields does not show.
        """
        before = Moment(version=0) if since is None else moment(since, "from")
        after = Moment() if until is None else moment(until, "to")
        found = audit.difference(stream, before, after)
        if found is None:
            raise audited.missing("stream_not_found", NOWHERE)
        for parameter, asked, point in (("from", before, found.before), ("to", after, found.after)):
            if beyond(asked, point):
                raise audited.missing("version_unknown", BEYOND, parameter)
        audited(found.events)
        return found


def beyond(asked: Moment, found: Point | None) -> bool:
    return asked.version is not None and asked.version > (found.version if found else 0)


def moment(text: str, parameter: str) -> Moment:
    if text.isascii() and text.isdigit() and int(text) <= LARGEST:
        return Moment(version=int(text))
    try:
        if MOMENT.fullmatch(text):
            return Moment(at=datetime.fromisoformat(text.upper()))
    except ValueError:
        pass
    raise Problem(400, "invalid_parameter", "Send a version, or a moment as RFC 3339 has it, with its offset.", parameter=parameter)

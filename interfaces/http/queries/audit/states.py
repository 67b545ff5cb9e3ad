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
from projections.audit import AuditLog, Difference, Moment, StreamState

LARGEST = 2**53 - 1
NOWHERE = "Nothing was recorded there by then."
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

    @get("/state", guards=[AUDITORS], sync_to_thread=True, responses=problems("stream_not_found"))
    def state(
        self,
        stream: FromPath[UUID],
        audit: Given[AuditLog],
        audited: Given[Audited],
        version: Annotated[
            int | None, QueryParameter(ge=1, le=LARGEST, description="After this version; otherwise after the last.")
        ] = None,
        position: Annotated[
            int | None, QueryParameter(ge=0, le=LARGEST, description="Of what stood on the log up to this position.")
        ] = None,
        at: Annotated[datetime | None, QueryParameter(description="Of what was recorded by this moment.")] = None,
    ) -> StreamState:
        """A stream's state at a version, a position or a moment; of several the earliest counts."""
        found = audit.state(stream, Moment(version, position, at))
        if found is None:
            raise audited.missing("stream_not_found", NOWHERE)
        audited(1)
        return found

    @get("/difference", guards=[AUDITORS], sync_to_thread=True, responses=problems("stream_not_found"))
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
        found = audit.difference(stream, before, Moment() if until is None else moment(until, "to"))
        if found is None:
            raise audited.missing("stream_not_found", NOWHERE)
        audited(found.events)
        return found


def moment(text: str, parameter: str) -> Moment:
    if text.isascii() and text.isdigit() and int(text) <= LARGEST:
        return Moment(version=int(text))
    try:
        if MOMENT.fullmatch(text):
            return Moment(at=datetime.fromisoformat(text.upper()))
    except ValueError:
        pass
    raise Problem(400, "invalid_parameter", "Send a version, or a moment as RFC 3339 has it, with its offset.", parameter=parameter)

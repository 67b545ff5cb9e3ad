"""Why something happened, and what followed from it."""

from uuid import UUID

from litestar import Controller
from litestar.params import FromPath

from interfaces.http.errors import problems
from interfaces.http.queries.audit.recording import AUDITORS, Audited
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.audit import AuditLog, Causes


class CauseQueries(Controller):
    path = "/v1/audit/events"
    tags = ("audit",)

    @get("/{event:uuid}/causes", guards=[AUDITORS], sync_to_thread=True, responses=problems("event_not_found"))
    def causes(self, event: FromPath[UUID], audit: Given[AuditLog], audited: Given[Audited]) -> Causes:
        """The whole chain of causes of an event: by whose command it all began, and through which processes it went on."""
        found = audit.causes(event)
        if found is None:
            raise audited.missing("event_not_found", "No event has this id.")
        audited(len(found.up) + 1 + len(found.together) + len(found.down))
        return found

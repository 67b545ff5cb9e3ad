"""Who read what of history."""

from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.params import QueryParameter
from msgspec import Struct

from domain.values import Role
from interfaces.http.caller import requires
from interfaces.http.queries.audit.recording import Audited
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.audit import AuditReads, Read


class Reads(Struct, frozen=True):
    """`next` is what to ask for as `after`, or null where nothing followed."""

    items: list[Read]
    next: int | None


class ReadQueries(Controller):
    path = "/v1/audit/reads"
    tags = ("audit",)

    @get(guards=[requires(Role.ADMIN)], sync_to_thread=True)
    def reads(
        self,
        audit_reads: Given[AuditReads],
        audited: Given[Audited],
        reader: Annotated[UUID | None, QueryParameter(description="Only what this person read.")] = None,
        after: Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="Older than this one: `next` of the page before.")] = 0,
        limit: Annotated[int, QueryParameter(ge=1, le=1000, description="How many at most.")] = 100,
    ) -> Reads:
        """What was read of history, by whom and when, the newest first. To look here is recorded likewise."""
        found = audit_reads.page(after, limit + 1, reader)
        audited(min(len(found), limit))
        return Reads(list(found[:limit]), found[limit - 1].number if len(found) > limit else None)

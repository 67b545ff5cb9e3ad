"""Companies that sell wholesale goods to groups: signing up, and the papers and accounts that staff verify."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.suppliers.events import MemberRole, Status
from domain.suppliers.lifecycle import next_actions
from domain.values import Value
from interfaces.http.answers import JSON
from interfaces.http.caller import Caller, anyone, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.ports import Documents, Found, Page
from projections.sql import ALL, Where
from projections.suppliers.file import NEWEST_FIRST, SupplierFile, asked_for, of_person, view, visible_to

file = msgspec.json.Decoder(SupplierFile)


class SupplierPage(Value, frozen=True):
    """`sellerId` is in whose name its goods are listed; `role` what the caller is in it, null for others."""

    id: UUID
    seller_id: UUID
    status: Status
    name: str
    country: str
    registration: str
    vat_number: str
    registered_at: datetime
    verified_at: datetime | None
    role: MemberRole | None
    actions: list[str]


class SupplierList(Struct, frozen=True):
    items: list[SupplierPage]
    next: str | None


class SupplierQueries(Controller):
    path = "/v1/suppliers"
    tags = ("suppliers",)

    @get("/", guards=[anyone], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        status: Annotated[Status | None, QueryParameter(description="Only those that stand so.")] = None,
        country: Annotated[str | None, QueryParameter(pattern="^[A-Z]{2}$", description="Only those of this country.")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> SupplierList:
        """Verified suppliers, one's own, and for staff and auditors all, the newest first."""
        where = visible_to(caller.actor) & asked_for(status, country)
        return listed(documents.page(view, where, limit=limit, cursor=cursor, order=NEWEST_FIRST), caller)

    @get(
        "/{supplier_id:uuid}", guards=[anyone], sync_to_thread=True, opt={"projection": view.name}, responses=problems("supplier_not_found")
    )
    def one(self, supplier_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> Response[SupplierPage]:
        """One supplier; 404 also for those that the caller may not see."""
        found = wanted(documents, supplier_id, visible_to(caller.actor))
        answer: Any = tagged(found, shown(found, caller))
        return answer


class OwnSupplierQueries(Controller):
    path = "/v1/me/suppliers"
    tags = ("suppliers",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def own(self, caller: Given[Caller], documents: Given[Documents], limit: Limit = 20, cursor: Cursor = None) -> SupplierList:
        """The company that the caller acts for, and those that have invited him, the newest first."""
        return listed(documents.page(view, of_person(caller.id), limit=limit, cursor=cursor, order=NEWEST_FIRST), caller)


def wanted(documents: Documents, supplier_id: UUID, where: Where = ALL) -> Found:
    """404 where there is no such supplier, or none that may be seen."""
    found = documents.one(view, supplier_id, where)
    if found is None:
        raise Problem(404, "supplier_not_found")
    return found


def listed(found: Page, caller: Caller) -> SupplierList:
    return SupplierList([shown(each, caller) for each in found.items], found.next)


def shown(found: Found, caller: Caller) -> SupplierPage:
    known = file.decode(found.document)
    return SupplierPage(
        known.id,
        known.seller_id,
        known.status,
        known.name,
        known.country,
        known.registration,
        known.vat_number,
        known.registered_at,
        known.verified_at,
        known.members.get(caller.id),
        next_actions(known.status, known.members, known.invited, caller.actor),
    )


def tagged(found: Found, answer: Value) -> Response[bytes]:
    """An answer made of one document, whose version is its ETag."""
    return Response(msgspec.json.encode(answer), media_type=JSON, headers={"ETag": f'"{found.version}"'})

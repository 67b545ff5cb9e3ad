"""What of a supplier only its members, staff and auditors see: how it is verified, its papers and its people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath
from msgspec import Struct

from domain.suppliers.events import Contact, Status
from domain.suppliers.lifecycle import next_actions
from domain.values import Address, Value
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.suppliers.suppliers import file, tagged, wanted
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.ports import Documents
from projections.suppliers.file import Account, Colleague, Paper, Taken, behind, view
from projections.suppliers.ports import SupplierPapers

BINARY = "application/octet-stream"


class Verification(Value, frozen=True):
    """`steps` are those taken so far, the oldest first; of the account's number only its end is shown."""

    id: UUID
    status: Status
    address: Address | None
    contact: Contact | None
    account: Account | None
    documents: list[Paper]
    steps: list[Taken]
    changed_at: datetime
    actions: list[str]


class PaperTitles(Struct, frozen=True):
    items: list[Paper]
    next: None = None


class ColleagueList(Struct, frozen=True):
    items: list[Colleague]
    next: None = None


class SupplierFileQueries(Controller):
    path = "/v1/suppliers/{supplier_id:uuid}"
    tags = ("suppliers",)

    @get(
        "/verification",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": view.name},
        responses=problems("supplier_not_found"),
    )
    def verification(self, supplier_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> Response[Verification]:
        """How far a company is verified, and on what; 404 for all but its members, who is invited, staff and auditors."""
        found = wanted(documents, supplier_id, behind(caller.actor))
        known = file.decode(found.document)
        actions = next_actions(known.status, known.members, known.invited, caller.actor)
        about = (known.address, known.contact, known.account, list(known.documents), list(known.steps), known.changed_at)
        answer: Any = tagged(found, Verification(known.id, known.status, *about, actions))
        return answer

    @get("/documents", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("supplier_not_found"))
    def papers(self, supplier_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> PaperTitles:
        """The papers that a company has shown, in the order in which they came."""
        return PaperTitles(list(file.decode(wanted(documents, supplier_id, behind(caller.actor)).document).documents))

    @get(
        "/documents/{document_id:uuid}",
        guards=[signed_in],
        sync_to_thread=True,
        media_type=BINARY,
        opt={"projection": view.name},
        responses={
            200: ResponseSpec(bytes, generate_examples=False, media_type=BINARY, description="The file, to be saved."),
            **problems("supplier_not_found", "document_not_found"),
        },
    )
    def paper(
        self,
        supplier_id: FromPath[UUID],
        document_id: FromPath[UUID],
        caller: Given[Caller],
        documents: Given[Documents],
        supplier_papers: Given[SupplierPapers],
    ) -> Response[bytes]:
        """One paper's file. It comes as a file to save, so that no browser runs what a stranger has uploaded."""
        known = file.decode(wanted(documents, supplier_id, behind(caller.actor)).document)
        told = next((each for each in known.documents if each.id == document_id), None)
        content = None if told is None else supplier_papers.read(supplier_id, document_id)
        if told is None or content is None:
            raise Problem(404, "document_not_found")
        extension = told.media_type.rpartition("/")[2]
        headers = {
            "Content-Disposition": f'attachment; filename="{told.kind}-{told.sha256[:8]}.{extension}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type=BINARY, headers=headers)

    @get("/members", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("supplier_not_found"))
    def members(self, supplier_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> ColleagueList:
        """Who acts for a company, and who is invited to."""
        return ColleagueList(list(file.decode(wanted(documents, supplier_id, behind(caller.actor)).document).colleagues))

"""Invoices and credit notes: what was billed and given back, and the papers themselves."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from interfaces.http.answers import document, page
from interfaces.http.caller import anyone, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.shopper import Shopper, Token
from projections.invoices.papers import NEWEST_FIRST, Kind, PaperPage, asked_for, given_by, got_by, legible_to, view, visible_to
from projections.ports import Documents, Papers
from projections.sql import Where

PDF = "application/pdf"


class Side(StrEnum):
    ALL = "all"
    GIVEN = "given"
    GOT = "got"


Box = Annotated[Side, QueryParameter(description="Those one has given as a seller, those one got as a buyer, or all that one may see.")]
OfOrder = Annotated[UUID | None, QueryParameter(name="order", description="Only those of this order.")]
OfKind = Annotated[Kind | None, QueryParameter(description="Only invoices, or only credit notes.")]


class PaperList(Struct, frozen=True):
    items: list[PaperPage]
    next: str | None


class InvoiceQueries(Controller):
    path = "/v1/invoices"
    tags = ("invoices",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        shopper: Given[Shopper],
        documents: Given[Documents],
        side: Box = Side.ALL,
        order: OfOrder = None,
        kind: OfKind = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[PaperList]:
        """Invoices and credit notes that the caller may see, the newest first: as seller, as buyer, for admins and auditors all."""
        where = {Side.ALL: visible_to(shopper.actor), Side.GIVEN: given_by(shopper.id), Side.GOT: got_by(shopper.id)}[side]
        found = documents.page(view, where & asked_for(order, kind), limit=limit, cursor=cursor, order=NEWEST_FIRST)
        answer: Any = page(found)
        return answer

    @get(
        "/{invoice_id:uuid}",
        guards=[anyone],
        sync_to_thread=True,
        opt={"projection": view.name},
        responses=problems("invoice_not_found"),
    )
    def one(
        self, invoice_id: FromPath[UUID], shopper: Given[Shopper], documents: Given[Documents], _token: Token = None
    ) -> Response[PaperPage]:
        """One invoice or credit note; 404 also for those that the caller may not see. Guests see theirs by their token."""
        found = documents.one(view, invoice_id, visible(shopper))
        if found is None:
            raise Problem(404, "invoice_not_found")
        answer: Any = document(found)
        return answer

    @get(
        "/{invoice_id:uuid}/pdf",
        guards=[anyone],
        sync_to_thread=True,
        media_type=PDF,
        opt={"projection": view.name},
        responses={
            200: ResponseSpec(bytes, generate_examples=False, media_type=PDF, description="The paper, as it was made and mailed."),
            **problems("invoice_not_found"),
        },
    )
    def pdf(
        self,
        invoice_id: FromPath[UUID],
        shopper: Given[Shopper],
        documents: Given[Documents],
        papers: Given[Papers],
        _token: Token = None,
    ) -> Response[bytes]:
        """The paper as PDF/A. It never changes, and stays when somebody on it is forgotten, for as long as the law wants it kept.

        From then on only admins and auditors read it.
        """
        found = documents.one(view, invoice_id, visible(shopper) & legible_to(shopper.actor))
        file = None if found is None else papers.read(invoice_id)
        if found is None or file is None:
            raise Problem(404, "invoice_not_found")
        headers = {
            "Content-Disposition": f'inline; filename="{found.columns["number"]}.pdf"',
            "Cache-Control": "private, no-cache",
            "ETag": f'"{found.version}"',
        }
        return Response(file, media_type=PDF, headers=headers)


def visible(shopper: Shopper) -> Where:
    return visible_to(shopper.actor) if shopper.known else Where("false")

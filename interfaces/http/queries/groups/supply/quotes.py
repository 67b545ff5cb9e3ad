"""Quotes, as organisers and suppliers see them."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.groups.supply.events import QuoteStatus
from domain.groups.supply.quote import LIFECYCLE, relations
from domain.values import Actor
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.groups.supply.quotes import NEWEST_FIRST, Box, QuotePage, asked_for, view, visible_to
from projections.groups.supply.seats import supplier_of
from projections.ports import Documents, Found


class ShownQuote(QuotePage, frozen=True, kw_only=True):
    actions: list[str]


class QuoteList(Struct, frozen=True):
    items: list[ShownQuote]
    next: str | None


class QuoteQueries(Controller):
    path = "/v1/quotes"
    tags = ("quotes",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        side: Annotated[Box | None, QueryParameter(description="Only what one answers for a supplier, or as an organiser.")] = None,
        status: Annotated[list[QuoteStatus] | None, QueryParameter(description="Only those that stand so.")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[QuoteList]:
        """The quotes that concern the caller as an organiser or for a supplier, the newest first; for staff and auditors all."""
        company = supplier_of(documents, caller.id)
        where = visible_to(caller.actor, company) & asked_for(caller.actor, company, side, status or ())
        found = documents.page(view, where, limit=limit, cursor=cursor, order=NEWEST_FIRST)
        answer: Any = page(found, lambda each: shown(each, caller.actor, company))
        return answer

    @get("/{quote_id:uuid}", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("quote_not_found"))
    def one(self, quote_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents]) -> Response[ShownQuote]:
        """One quote with what the caller may do next; 404 also where it is none of his business."""
        company = supplier_of(documents, caller.id)
        found = documents.one(view, quote_id, visible_to(caller.actor, company))
        if found is None:
            raise Problem(404, "quote_not_found")
        answer: Any = document(found, **shown(found, caller.actor, company))
        return answer


def shown(found: Found, by: Actor, company: UUID | None) -> Mapping[str, Any]:
    return {"actions": LIFECYCLE.actions(found.columns["status"], held(found, by, company))}


def held(found: Found, by: Actor, company: UUID | None) -> frozenset[str]:
    """What the caller is to a quote or a shipment."""
    columns = found.columns
    return relations(columns["seller_id"], columns["organiser_id"], by, for_supplier=columns["supplier_id"] == company)

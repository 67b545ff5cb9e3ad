"""Stock, as each seller sees his own, and the staff everyone's."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.stock.stock import MAIN, next_actions, stock_id
from interfaces.http.answers import csv_file, document, page, wants_csv
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.streams import CSV
from projections.ports import Documents, Found, Journals
from projections.sql import equals
from projections.stock.levels import BY_ARTICLE, StockLevel, asked_for, view, visible_to
from projections.stock.movements import Moved, journal

Seller = Annotated[UUID | None, QueryParameter(description="Whose stock; one's own where left out.")]
Location = Annotated[str, QueryParameter(pattern="^[a-z0-9][a-z0-9-]{0,39}$", description="Where it lies; orders are served from `main`.")]
SomeLocation = Annotated[str | None, QueryParameter(max_length=40, description="Only what lies there.")]
Low = Annotated[bool | None, QueryParameter(description="Only what has run low, or only what has not.")]


class ShownStock(StockLevel, frozen=True, kw_only=True):
    actions: list[str]


class StockList(Struct, frozen=True):
    items: list[ShownStock]
    next: str | None


class MovementList(Struct, frozen=True):
    items: list[Moved]
    next: str | None


class StockQueries(Controller):
    path = "/v1/stock"
    tags = ("stock",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        seller: Seller = None,
        location: SomeLocation = None,
        low: Low = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[StockList]:
        """The stock of every article, in the order of their numbers."""
        where = visible_to(caller.actor) & asked_for(seller or caller.id, location, low=low)
        found = documents.page(view, where, limit=limit, cursor=cursor, order=BY_ARTICLE)
        answer: Any = page(found, lambda each: {"actions": actions(each, caller)})
        return answer

    @get("/{sku:str}", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("stock_not_found"))
    def one(
        self, sku: FromPath[str], caller: Given[Caller], documents: Given[Documents], seller: Seller = None, location: Location = MAIN
    ) -> Response[ShownStock]:
        """How much there is of an article, how much of it is promised, and how much can be sold."""
        found = documents.one(view, stock_id(seller or caller.id, sku, location), visible_to(caller.actor))
        if found is None:
            raise Problem(404, "stock_not_found")
        answer: Any = document(found, actions=actions(found, caller))
        return answer

    @get(
        "/{sku:str}/movements",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": journal.name, "also": CSV},
        responses=problems("stock_not_found", "bad_cursor"),
    )
    def movements(
        self,
        sku: FromPath[str],
        request: Request[Any, Any, Any],
        caller: Given[Caller],
        documents: Given[Documents],
        journals: Given[Journals],
        seller: Seller = None,
        location: Location = MAIN,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> MovementList:
        """Every movement of an article, the newest first; with `Accept: text/csv` the whole book as a file, the oldest first."""
        id = stock_id(seller or caller.id, sku, location)
        if documents.one(view, id, visible_to(caller.actor)) is None:
            raise Problem(404, "stock_not_found")
        where = equals("stock_id", id)
        if wants_csv(request):
            columns = Moved.__struct_fields__
            rows = ([getattr(each.row, name) for name in columns] for each in journals.every(journal, where))
            answer: Any = csv_file(f"stock-{sku}", columns, rows)
            return answer
        found = journals.page(journal, where, limit=limit, cursor=cursor)
        return MovementList([each.row for each in found.items], found.next)


def actions(found: Found, caller: Caller) -> list[str]:
    return next_actions(found.columns["seller_id"], caller.actor)

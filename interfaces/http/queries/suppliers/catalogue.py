"""What a supplier sells to groups."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath

from domain.listings.goods.products import WHOLESALE
from interfaces.http.answers import page
from interfaces.http.caller import Caller, anyone
from interfaces.http.errors import problems
from interfaces.http.queries.listings.listings import Category, Cursor, Limit, ListingList, Stand, actions
from interfaces.http.queries.suppliers.suppliers import wanted
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.listings import page as listings
from projections.ports import Documents
from projections.suppliers import file


class CatalogueQueries(Controller):
    path = "/v1/suppliers/{supplier_id:uuid}/catalogue"
    tags = ("suppliers",)

    @get(
        "/",
        guards=[anyone],
        sync_to_thread=True,
        opt={"projection": listings.view.name},
        responses=problems("supplier_not_found", "bad_cursor"),
    )
    def catalogue(
        self,
        supplier_id: FromPath[UUID],
        caller: Given[Caller],
        documents: Given[Documents],
        category: Category = None,
        status: Stand = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[ListingList]:
        """The supplier's wholesale goods that the caller may see, the newest first."""
        seller = wanted(documents, supplier_id, file.visible_to(caller.actor)).columns["seller_id"]
        where = listings.visible_to(caller.actor) & listings.asked_for(WHOLESALE, category, seller, status)
        found = documents.page(listings.view, where, limit=limit, cursor=cursor, order=listings.NEWEST_FIRST)
        answer: Any = page(found, lambda each: actions(each, caller))
        return answer

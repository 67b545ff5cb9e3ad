"""The products that a person waits for."""

from typing import Any

from litestar import Controller, Response
from msgspec import Struct

from interfaces.http.answers import page
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import problems
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.notifications.stock_alerts import NEWEST_FIRST, StockAlert, view
from projections.ports import Documents
from projections.sql import equals


class StockAlertList(Struct, frozen=True):
    items: list[StockAlert]
    next: str | None


class StockAlertQueries(Controller):
    path = "/v1/me/stock-alerts"
    tags = ("stock alerts",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def mine(
        self, caller: Given[Caller], documents: Given[Documents], limit: Limit = 20, cursor: Cursor = None
    ) -> Response[StockAlertList]:
        """What the caller waits for, the last asked first; who has been told waits no longer."""
        answer: Any = page(documents.page(view, equals("user_id", caller.id), limit=limit, cursor=cursor, order=NEWEST_FIRST))
        return answer

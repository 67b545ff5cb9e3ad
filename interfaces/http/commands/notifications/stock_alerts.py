"""Products that people wait for."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath

from application.commands.stock_alerts import AwaitStock
from domain.notifications.commands import WithdrawStockAlert
from domain.notifications.stock_alert import stock_alert_id
from interfaces.http.answers import Accepted
from interfaces.http.caller import signed_in
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import delete, put


class StockAlertCommands(Controller):
    path = "/v1/me/stock-alerts/{listing_id:uuid}"
    tags = ("stock alerts",)

    @put("/", guards=[signed_in], sync_to_thread=True, responses=problems("listing_not_found", "not_for_kind"))
    def ask(self, listing_id: FromPath[UUID], run: Given[Dispatch], await_stock: Given[AwaitStock]) -> Response[Accepted]:
        """Be told, once, when a product can be bought again; asking again changes nothing."""
        return run.answer(await_stock(listing_id, run.by, run.now, run.meta, run.expected))

    @delete("/", status_code=200, guards=[signed_in], sync_to_thread=True)
    def withdraw(self, listing_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Wait no longer; again changes nothing."""
        return run(stock_alert_id(run.by.id, listing_id), WithdrawStockAlert(run.by.id, listing_id, run.now))

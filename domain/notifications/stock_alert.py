"""A stock alert: somebody wants to hear, once, when a product can be bought again. One stream for each person and listing."""

from uuid import UUID, uuid5

from domain.decider import Decider, Rejected
from domain.listings.events import Status
from domain.notifications.commands import AskStockAlert, RaiseStockAlert, StockAlertCommand, WithdrawStockAlert
from domain.notifications.events import StockAlertAsked, StockAlertEvent, StockAlertRaised, StockAlertWithdrawn
from domain.values import Value

STOCK_ALERTS = UUID("8a3d5c0e-1f64-5a27-b8d9-2c7e41f0a603")
"""The namespace of the streams' ids."""


def stock_alert_id(user_id: UUID, listing_id: UUID) -> UUID:
    return uuid5(STOCK_ALERTS, f"{user_id}\n{listing_id}")


class Unasked(Value, frozen=True, tag=True):
    pass


class Waiting(Value, frozen=True, tag=True):
    skus: tuple[str, ...]


StockAlert = Unasked | Waiting


def decide(command: StockAlertCommand, alert: StockAlert) -> list[StockAlertEvent]:
    match command, alert:
        case AskStockAlert(), _:
            return ask(command, alert)
        case WithdrawStockAlert(user_id, listing_id, now), Waiting():
            return [StockAlertWithdrawn(user_id, listing_id, now)]
        case RaiseStockAlert(user_id, listing_id, sku, now), Waiting():
            return [StockAlertRaised(user_id, listing_id, sku, now)]
        case _, Unasked():
            return []


def ask(command: AskStockAlert, alert: StockAlert) -> list[StockAlertEvent]:
    if isinstance(alert, Waiting) and alert.skus == command.skus:
        return []
    if command.status is not Status.PUBLISHED:
        raise Rejected("listing_not_found")  # a draft of someone else is not even there
    if not command.skus:
        raise Rejected("not_for_kind", "Only products have stock.")
    return [StockAlertAsked(command.user_id, command.listing_id, command.seller_id, command.skus, command.now)]


def evolve(_alert: StockAlert, event: StockAlertEvent) -> StockAlert:
    match event:
        case StockAlertAsked(skus=skus):
            return Waiting(skus)
        case StockAlertWithdrawn() | StockAlertRaised():
            return Unasked()


stock_alerts = Decider("stock_alert", Unasked(), decide, evolve)

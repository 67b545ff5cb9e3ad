"""Who waits for which product to come back."""

from datetime import datetime
from uuid import UUID

from domain.notifications.events import StockAlertAsked, StockAlertEvent, StockAlertRaised, StockAlertWithdrawn
from domain.values import Value
from projections.sql import Order, Where
from projections.view import View


class StockAlert(Value, frozen=True):
    listing_id: UUID
    user_id: UUID
    seller_id: UUID
    skus: tuple[str, ...]
    asked_at: datetime


def evolve(_alert: StockAlert | None, event: StockAlertEvent) -> StockAlert | None:
    match event:
        case StockAlertAsked(user_id, listing_id, seller_id, skus, at):
            return StockAlert(listing_id, user_id, seller_id, skus, at)
        case StockAlertWithdrawn() | StockAlertRaised():
            return None


def alert_of(event: StockAlertEvent) -> str:
    return f"{event.user_id}/{event.listing_id}"


view = View(
    "stock_alerts",
    StockAlert,
    key=alert_of,
    key_type="text",
    evolve=evolve,
    events=(StockAlertAsked, StockAlertWithdrawn, StockAlertRaised),
    columns={"user_id": "uuid", "listing_id": "uuid", "seller_id": "uuid", "skus": "text[]", "asked_at": "timestamptz"},
    indexes=("user_id, asked_at DESC, key DESC", "seller_id, key"),
)

NEWEST_FIRST = Order(("asked_at",))
BY_KEY = Order(descending=False)


def waiting_for(seller_id: UUID, sku: str) -> Where:
    return Where("seller_id = %(seller)s AND %(sku)s = ANY(skus)", {"seller": seller_id, "sku": sku.upper()})

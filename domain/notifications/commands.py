"""What can be asked of stock alerts."""

from datetime import datetime
from uuid import UUID

from domain.listings.events import Status
from domain.values import Value


class AskStockAlert(Value, frozen=True):
    """`seller_id`, `skus` and `status` are the listing's as it stands; no status where there is no such listing."""

    user_id: UUID
    listing_id: UUID
    seller_id: UUID
    skus: tuple[str, ...]
    status: Status | None
    now: datetime


class WithdrawStockAlert(Value, frozen=True):
    user_id: UUID
    listing_id: UUID
    now: datetime


class RaiseStockAlert(Value, frozen=True):
    user_id: UUID
    listing_id: UUID
    sku: str
    now: datetime


StockAlertCommand = AskStockAlert | WithdrawStockAlert | RaiseStockAlert

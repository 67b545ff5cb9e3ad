"""What has happened to stock alerts."""

from datetime import datetime
from uuid import UUID

from domain.values import Value


class StockAlertAsked(Value, frozen=True):
    """`seller_id` and `skus` are the product's at that moment, by which its stock is known; article numbers are in capitals."""

    user_id: UUID
    listing_id: UUID
    seller_id: UUID
    skus: tuple[str, ...]
    at: datetime


class StockAlertWithdrawn(Value, frozen=True):
    user_id: UUID
    listing_id: UUID
    at: datetime


class StockAlertRaised(Value, frozen=True):
    """`sku` can be bought again; who wants to hear of the next time asks again."""

    user_id: UUID
    listing_id: UUID
    sku: str
    at: datetime


StockAlertEvent = StockAlertAsked | StockAlertWithdrawn | StockAlertRaised

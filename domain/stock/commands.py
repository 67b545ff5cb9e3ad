"""What can be asked of stock: by its seller, and by orders through the service itself."""

from datetime import datetime
from uuid import UUID

from domain.stock.events import AdjustmentReason
from domain.values import Actor, Value


class ReceiveStock(Value, frozen=True):
    """The first receipt of a thing opens its stock; `stock_id` is `stock_id(seller_id, sku, location)`."""

    stock_id: UUID
    seller_id: UUID
    sku: str
    location: str
    quantity: int
    by: Actor
    now: datetime
    reference: str = ""


class AdjustStock(Value, frozen=True):
    stock_id: UUID
    difference: int
    reason: AdjustmentReason
    by: Actor
    now: datetime
    note: str = ""


class CountStock(Value, frozen=True):
    """What somebody counted on the shelf, reserved things included."""

    stock_id: UUID
    seller_id: UUID
    sku: str
    location: str
    counted: int
    by: Actor
    now: datetime


class WatchStock(Value, frozen=True):
    """Tell the seller when no more than `low_at` are available; None: never."""

    stock_id: UUID
    seller_id: UUID
    sku: str
    location: str
    low_at: int | None
    by: Actor
    now: datetime


class ReserveStock(Value, frozen=True):
    stock_id: UUID
    order_id: UUID
    quantity: int
    expires_at: datetime
    now: datetime


class CommitStock(Value, frozen=True):
    """The order is paid: all that it has reserved here is sold."""

    stock_id: UUID
    order_id: UUID
    now: datetime


class GiveBackStock(Value, frozen=True):
    """What the order holds is released where it is reserved, returned where it is sold."""

    stock_id: UUID
    order_id: UUID
    quantity: int
    reason: str
    now: datetime


SellersCommand = ReceiveStock | AdjustStock | CountStock | WatchStock
OrdersCommand = ReserveStock | CommitStock | GiveBackStock
StockCommand = SellersCommand | OrdersCommand

"""What has happened to the stock of one thing at one place."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.values import Value


class AdjustmentReason(StrEnum):
    """Why there is more or less than before, other than by receiving and selling."""

    DAMAGED = "damaged"
    LOST = "lost"
    STOLEN = "stolen"
    EXPIRED = "expired"
    FOUND = "found"
    CORRECTION = "correction"


class Level(Value, frozen=True):
    """What there is right after a movement; `movement` numbers the stream's movements from 1, so that readers can name each."""

    on_hand: int
    reserved: int
    movement: int

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


class StockReceived(Value, frozen=True):
    """`reference` is the seller's own word for the delivery."""

    stock_id: UUID
    seller_id: UUID
    sku: str
    location: str
    quantity: int
    by: UUID
    level: Level
    at: datetime
    reference: str = ""


class StockReserved(Value, frozen=True):
    """Until `expires_at` the order has to be paid; it is the order that gives back what it does not need."""

    stock_id: UUID
    order_id: UUID
    quantity: int
    expires_at: datetime
    level: Level
    at: datetime


class StockReleased(Value, frozen=True):
    """What was reserved may be sold again."""

    stock_id: UUID
    order_id: UUID
    quantity: int
    reason: str
    level: Level
    at: datetime


class StockCommitted(Value, frozen=True):
    """What was reserved is sold, and no longer on hand."""

    stock_id: UUID
    order_id: UUID
    quantity: int
    level: Level
    at: datetime


class StockReturned(Value, frozen=True):
    """What was sold is on hand again."""

    stock_id: UUID
    order_id: UUID
    quantity: int
    reason: str
    level: Level
    at: datetime


class StockAdjusted(Value, frozen=True):
    """`difference` is below zero where something is gone."""

    stock_id: UUID
    difference: int
    reason: AdjustmentReason
    note: str
    by: UUID
    level: Level
    at: datetime


class StockCounted(Value, frozen=True):
    """`difference` is what was found less what was expected; the first count of a thing may open its stock."""

    stock_id: UUID
    seller_id: UUID
    sku: str
    location: str
    counted: int
    difference: int
    by: UUID
    level: Level
    at: datetime


class StockWatched(Value, frozen=True):
    """The seller is told when no more than `low_at` are available; None: never."""

    stock_id: UUID
    seller_id: UUID
    sku: str
    location: str
    low_at: int | None
    at: datetime


class StockRanLow(Value, frozen=True):
    """A moment ago more than `low_at` were available."""

    stock_id: UUID
    seller_id: UUID
    sku: str
    available: int
    low_at: int
    at: datetime


class StockCameBack(Value, frozen=True):
    """A moment ago none were available."""

    stock_id: UUID
    seller_id: UUID
    sku: str
    available: int
    at: datetime


Movement = StockReceived | StockReserved | StockReleased | StockCommitted | StockReturned | StockAdjusted | StockCounted
StockEvent = Movement | StockWatched | StockRanLow | StockCameBack

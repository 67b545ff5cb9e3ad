"""What can be asked of orders."""

from datetime import datetime
from uuid import UUID

from domain.orders.events import Part, Reason
from domain.trade import OrderLine, Spot
from domain.values import Actor, Address, Value


class PlaceOrder(Value, frozen=True):
    """What the checkout has made of a cart for one seller; fields as in `OrderPlaced`."""

    order_id: UUID
    checkout_id: UUID
    buyer_id: UUID
    seller_id: UUID
    currency: str
    lines: tuple[OrderLine, ...]
    goods: int
    delivery_fee: int
    delivery_tax: int
    discount: int
    tax: int
    total: int
    address: Address
    contact: str
    payment_id: UUID
    payment_due: datetime
    now: datetime
    spot: Spot | None = None
    slot_id: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    zone: UUID | None = None
    timezone: str = "UTC"
    code: str | None = None
    code_id: UUID | None = None
    recurring_id: UUID | None = None
    occurrence: str | None = None
    guest: bool = False


class ConfirmOrder(Value, frozen=True):
    """By the service once the payment is captured; staff confirm what was paid in another way."""

    order_id: UUID
    payment_id: UUID
    by: Actor
    now: datetime


class ExpireOrder(Value, frozen=True):
    """Cancel what is unpaid when its time is over; anything else stays as it is."""

    order_id: UUID
    by: Actor
    now: datetime


class ChangeOrderAddress(Value, frozen=True):
    """`covered` says whether the zone of the booked slot reaches the new address."""

    order_id: UUID
    address: Address
    by: Actor
    now: datetime
    spot: Spot | None = None
    covered: bool = True


class PackOrder(Value, frozen=True):
    order_id: UUID
    by: Actor
    now: datetime


class DispatchOrder(Value, frozen=True):
    order_id: UUID
    by: Actor
    now: datetime


class DeliverOrder(Value, frozen=True):
    order_id: UUID
    by: Actor
    now: datetime


class CancelOrder(Value, frozen=True):
    order_id: UUID
    reason: Reason
    by: Actor
    now: datetime
    note: str = ""


class CancelLines(Value, frozen=True):
    order_id: UUID
    parts: tuple[Part, ...]
    reason: Reason
    by: Actor
    now: datetime
    note: str = ""


class RequestReturn(Value, frozen=True):
    """No parts: everything that is left of the order."""

    order_id: UUID
    parts: tuple[Part, ...]
    reason: Reason
    by: Actor
    now: datetime
    note: str = ""


class AcceptReturn(Value, frozen=True):
    """`restock` says whether the goods can be sold again."""

    order_id: UUID
    restock: bool
    by: Actor
    now: datetime


class RefuseReturn(Value, frozen=True):
    order_id: UUID
    note: str
    by: Actor
    now: datetime


ChangeOrder = (
    ConfirmOrder
    | ExpireOrder
    | ChangeOrderAddress
    | PackOrder
    | DispatchOrder
    | DeliverOrder
    | CancelOrder
    | CancelLines
    | RequestReturn
    | AcceptReturn
    | RefuseReturn
)
OrderCommand = PlaceOrder | ChangeOrder

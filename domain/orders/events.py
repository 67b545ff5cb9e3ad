"""What has happened to orders. All amounts are in minor units."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.trade import OrderLine, Spot, Taken
from domain.values import Address, Erased, Personal, Value


class Status(StrEnum):
    """Where an order stands on its way to the buyer."""

    CREATED = "CREATED"
    CONFIRMED = "CONFIRMED"
    PACKED = "PACKED"
    DISPATCHED = "DISPATCHED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"


class Reason(StrEnum):
    """Why goods are not kept, declared so that it can be counted; more may be said in a note."""

    CHANGED_MIND = "changed_mind"
    ORDERED_BY_MISTAKE = "ordered_by_mistake"
    TOO_LATE = "too_late"
    OUT_OF_STOCK = "out_of_stock"
    DAMAGED = "damaged"
    NOT_AS_DESCRIBED = "not_as_described"
    WRONG_ITEM = "wrong_item"
    UNDELIVERABLE = "undeliverable"
    FRAUD = "fraud"
    UNPAID = "unpaid"
    OTHER = "other"


class Part(Value, frozen=True):
    """So many pieces of an order's line, which is told by its number."""

    line: int
    quantity: int


class OrderPlaced(Value, frozen=True):
    """One seller's order, with everything that its readers need; `buyer_id` is a user's, or made up for a guest.

    `goods` is the sum of pieces times prices, `discount` what a code takes off, `delivery_fee` what delivery costs with its
    `delivery_tax` in it, `tax` all tax of lines and delivery, `total` what is to be paid until `payment_due`. The window of
    delivery is `starts_at` to `ends_at` where a slot was booked in the `zone`. `tax_place` is the country whose tax it is,
    which with `reverse_charge` the buyer owes there himself, under his `vat_number`.
    """

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
    address: Personal[Address | Erased, "buyer_id"]
    contact: Personal[str | Erased, "buyer_id"]
    payment_id: UUID
    payment_due: datetime
    at: datetime
    spot: Personal[Spot | Erased | None, "buyer_id"] = None
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
    tax_place: str = ""
    vat_number: Personal[str | Erased, "buyer_id"] = ""
    reverse_charge: bool = False


class OrderConfirmed(Value, frozen=True):
    """It is paid, or somebody answers for the payment: `taken` is sold."""

    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    payment_id: UUID
    taken: tuple[Taken, ...]
    by: UUID
    at: datetime


class OrderPaid(Value, frozen=True):
    """The money came to what somebody had already answered for."""

    order_id: UUID
    buyer_id: UUID
    payment_id: UUID
    at: datetime


class OrderPaidLate(Value, frozen=True):
    """The money came after the order was cancelled, and goes back."""

    order_id: UUID
    buyer_id: UUID
    payment_id: UUID
    refund: int
    refund_id: UUID
    at: datetime


class OrderAddressChanged(Value, frozen=True):
    order_id: UUID
    buyer_id: UUID
    address: Personal[Address | Erased, "buyer_id"]
    by: UUID
    at: datetime
    spot: Personal[Spot | Erased | None, "buyer_id"] = None


class OrderPacked(Value, frozen=True):
    """Where it goes and when it is expected there, for whoever delivers it."""

    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    address: Personal[Address | Erased, "buyer_id"]
    by: UUID
    at: datetime
    contact: Personal[str | Erased, "buyer_id"] = ""
    spot: Personal[Spot | Erased | None, "buyer_id"] = None
    slot_id: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    zone: UUID | None = None
    timezone: str = "UTC"


class OrderDispatched(Value, frozen=True):
    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    by: UUID
    at: datetime


class OrderDelivered(Value, frozen=True):
    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    by: UUID
    at: datetime
    payment_id: UUID | None = None


class OrderLinesCancelled(Value, frozen=True):
    """Part of the order will not come; `refund` is what was paid for it."""

    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    parts: tuple[Part, ...]
    reason: Reason
    by: UUID
    given_back: tuple[Taken, ...]
    refund: int
    refund_id: UUID
    payment_id: UUID
    at: datetime
    note: Personal[str | Erased, "buyer_id"] = ""


class OrderCancelled(Value, frozen=True):
    """Nothing more of the order will come; `refund` is what was paid and not yet given back, 0 where nothing was paid."""

    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    reason: Reason
    by: UUID
    given_back: tuple[Taken, ...]
    slot_id: UUID | None
    code_id: UUID | None
    refund: int
    refund_id: UUID
    payment_id: UUID
    at: datetime
    checkout_id: UUID | None = None
    note: Personal[str | Erased, "buyer_id"] = ""


class OrderReturnRequested(Value, frozen=True):
    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    parts: tuple[Part, ...]
    reason: Reason
    by: UUID
    at: datetime
    note: Personal[str | Erased, "buyer_id"] = ""


class OrderReturnRefused(Value, frozen=True):
    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    by: UUID
    at: datetime
    note: Personal[str | Erased, "buyer_id"] = ""


class OrderReturned(Value, frozen=True):
    """The goods are back; `given_back` is what of them can be sold again."""

    order_id: UUID
    buyer_id: UUID
    seller_id: UUID
    parts: tuple[Part, ...]
    reason: Reason
    by: UUID
    given_back: tuple[Taken, ...]
    refund: int
    refund_id: UUID
    payment_id: UUID
    at: datetime


OrderEvent = (
    OrderPlaced
    | OrderConfirmed
    | OrderPaid
    | OrderPaidLate
    | OrderAddressChanged
    | OrderPacked
    | OrderDispatched
    | OrderDelivered
    | OrderLinesCancelled
    | OrderCancelled
    | OrderReturnRequested
    | OrderReturnRefused
    | OrderReturned
)

AFTER: Mapping[type[Value], Status] = {
    OrderPlaced: Status.CREATED,
    OrderConfirmed: Status.CONFIRMED,
    OrderPacked: Status.PACKED,
    OrderDispatched: Status.DISPATCHED,
    OrderDelivered: Status.DELIVERED,
    OrderCancelled: Status.CANCELLED,
}
"""The status that an event leaves behind; other events leave it as it was."""

"""What can be asked of carts, discount codes and orders."""

from datetime import datetime
from uuid import UUID

from domain.orders.carts.events import CartItem
from domain.orders.codes.events import CodeTerms
from domain.orders.events import (
    Part,
    Reason,
)
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
    vat_number: str = ""
    reverse_charge: bool = False


class ConfirmOrder(Value, frozen=True):
    """By the service once the payment is captured; staff confirm what was paid in another way, by no payment of ours."""

    order_id: UUID
    payment_id: UUID | None
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


class PutItem(Value, frozen=True):
    """What is put in was looked up: `item` has the price that holds for so many."""

    cart_id: UUID
    item: CartItem
    now: datetime


class RemoveItem(Value, frozen=True):
    """Without a `sku`, all variants of the listing."""

    cart_id: UUID
    listing_id: UUID
    sku: str | None
    now: datetime


class EmptyCart(Value, frozen=True):
    cart_id: UUID
    now: datetime


class FillCart(Value, frozen=True):
    """Put several articles in at once, as reordering does; pieces of those that are in it already are added up."""

    cart_id: UUID
    items: tuple[CartItem, ...]
    now: datetime


class MergeCart(Value, frozen=True):
    """Goes with `GiveOverCart` for the guest's cart, in one append."""

    cart_id: UUID
    guest_cart_id: UUID
    items: tuple[CartItem, ...]
    now: datetime


class GiveOverCart(Value, frozen=True):
    """`items` is what was found in it: where that has changed meanwhile, nothing is merged."""

    cart_id: UUID
    user_id: UUID
    items: tuple[CartItem, ...]
    now: datetime


class CheckOutCart(Value, frozen=True):
    """`items` is what was priced: where the cart holds something else by now, nothing is bought."""

    cart_id: UUID
    checkout_id: UUID
    items: tuple[CartItem, ...]
    now: datetime


CartCommand = PutItem | RemoveItem | EmptyCart | FillCart | MergeCart | GiveOverCart | CheckOutCart


class DeclareCode(Value, frozen=True):
    code_id: UUID
    code: str
    terms: CodeTerms
    by: Actor
    now: datetime


class WithdrawCode(Value, frozen=True):
    code_id: UUID
    by: Actor
    now: datetime


class UseCode(Value, frozen=True):
    """`goods` is what the goods of the checkout cost before any discount."""

    code_id: UUID
    checkout_id: UUID
    orders: tuple[UUID, ...]
    user_id: UUID
    guest: bool
    currency: str
    goods: int
    now: datetime


class GiveBackCode(Value, frozen=True):
    code_id: UUID
    order_id: UUID
    now: datetime


CodeCommand = DeclareCode | WithdrawCode | UseCode | GiveBackCode

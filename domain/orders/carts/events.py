"""What has happened to carts."""

from datetime import datetime
from uuid import UUID

from domain.values import Money, Value


class CartItem(Value, frozen=True):
    """So many pieces of one article; `price` is what one of them cost when it was put in."""

    listing_id: UUID
    sku: str
    seller_id: UUID
    quantity: int
    price: Money


class CartItemPut(Value, frozen=True):
    """From now on so many of this article, in place of any before."""

    cart_id: UUID
    item: CartItem
    at: datetime


class CartItemRemoved(Value, frozen=True):
    cart_id: UUID
    listing_id: UUID
    sku: str
    at: datetime


class CartEmptied(Value, frozen=True):
    cart_id: UUID
    at: datetime


class CartMerged(Value, frozen=True):
    """What was in a guest's cart has been added; `items` is all that is in this one now."""

    cart_id: UUID
    guest_cart_id: UUID
    items: tuple[CartItem, ...]
    at: datetime


class CartGivenOver(Value, frozen=True):
    """A guest's cart has become part of a user's, and is no more."""

    cart_id: UUID
    user_id: UUID
    at: datetime


class CartCheckedOut(Value, frozen=True):
    """What was in it has been bought; it is empty."""

    cart_id: UUID
    checkout_id: UUID
    at: datetime


CartEvent = CartItemPut | CartItemRemoved | CartEmptied | CartMerged | CartGivenOver | CartCheckedOut

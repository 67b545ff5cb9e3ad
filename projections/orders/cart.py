"""What is in each cart; what it costs is looked up when it is shown, since prices change."""

from datetime import datetime
from uuid import UUID

from domain.orders.carts.events import (
    CartCheckedOut,
    CartEmptied,
    CartEvent,
    CartGivenOver,
    CartItem,
    CartItemPut,
    CartItemRemoved,
    CartMerged,
)
from domain.orders.contents import after
from domain.values import Value
from projections.view import View


class CartContents(Value, frozen=True):
    id: UUID
    items: tuple[CartItem, ...]
    changed_at: datetime


def evolve(cart: CartContents | None, event: CartEvent) -> CartContents:
    return CartContents(event.cart_id, after(cart.items if cart else (), event), event.at)


def cart_of(event: CartEvent) -> UUID:
    return event.cart_id


EVENTS = (CartItemPut, CartItemRemoved, CartEmptied, CartMerged, CartGivenOver, CartCheckedOut)

view = View("carts", CartContents, key=cart_of, evolve=evolve, events=EVENTS)

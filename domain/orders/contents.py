"""What is in a cart after each of its events, for its decider and every read model alike."""

from collections.abc import Iterable, Mapping
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

Article = tuple[UUID, str]


def article(item: CartItem) -> Article:
    return item.listing_id, item.sku


def articles(items: Iterable[CartItem]) -> Mapping[Article, CartItem]:
    return {article(each): each for each in items}


def after(items: tuple[CartItem, ...], event: CartEvent) -> tuple[CartItem, ...]:
    match event:
        case CartItemPut(item=item):
            return tuple({**articles(items), article(item): item}.values())
        case CartItemRemoved(listing_id=listing, sku=sku):
            return tuple(each for each in items if article(each) != (listing, sku))
        case CartMerged(items=merged):
            return merged
        case CartEmptied() | CartCheckedOut() | CartGivenOver():
            return ()

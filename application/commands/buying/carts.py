"""Filling carts: what an article costs, and what is in other carts and orders, has to be looked up first."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import structlog
from msgspec.structs import replace

from application.handler import Appended, Handler
from application.ports import CommandReused, Conflict, Meta, Unavailable
from domain.decider import Rejected
from domain.goods import Variant, unit_price, variant_of
from domain.listings.events import Status
from domain.listings.goods.products import PRODUCT, WHOLESALE
from domain.listings.listing import Written, listings
from domain.orders.carts.cart import Cart, cart_id, carts
from domain.orders.carts.events import CartItem
from domain.orders.commands import FillCart, GiveOverCart, MergeCart, PutItem
from domain.orders.lifecycle import relations
from domain.orders.order import orders
from domain.orders.placed import Placed
from domain.values import Actor, Money

logger = structlog.get_logger(__name__)


def on_sale(listing: Any, sku: str | None, pointer: str | None = None) -> tuple[Written, Variant]:
    """The listing and its variant; `not_on_sale` where it cannot be bought, `sku_required` where it has several and none is named.

    Wholesale goods are bought by groups only: `not_for_kind`.
    """
    if isinstance(listing, Written) and listing.kind == WHOLESALE:
        raise Rejected("not_for_kind", "Wholesale goods are bought by groups.", pointer=pointer)
    if not isinstance(listing, Written) or listing.kind != PRODUCT or listing.status is not Status.PUBLISHED:
        raise Rejected("not_on_sale", "This cannot be bought.", pointer=pointer)
    if sku is None and len(listing.variants) > 1:
        raise Rejected("sku_required", "Say which of its variants.", pointer="/sku")
    found = listing.variants[0] if sku is None and listing.variants else variant_of(listing.variants, sku or "")
    if found is None:
        raise Rejected("not_on_sale", "This variant cannot be bought.", pointer=pointer)
    return listing, found


def item(listing: Written, variant: Variant, quantity: int) -> CartItem:
    price = Money(unit_price(variant, quantity), variant.price.currency)
    return CartItem(listing.listing_id, variant.sku, listing.seller_id, quantity, price)


class PutInCart:
    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(
        self, cart: UUID, listing_id: UUID, sku: str | None, quantity: int, now: datetime, meta: Meta, expected: int | None = None
    ) -> Appended:
        """`not_on_sale`, `not_for_kind`, `sku_required`, and what the cart refuses."""
        listing, variant = on_sale(self.handle.state(listing_id, listings), sku)
        return self.handle(cart, PutItem(cart, item(listing, variant, quantity), now), meta, expected)


class MergeCarts:
    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, user_id: UUID, guest_cart: UUID, now: datetime, meta: Meta) -> Appended:
        """A guest's cart into the user's own; a second time changes nothing."""
        own = cart_id(user_id)
        found: Mapping[UUID, Cart] = self.handle.states([(own, carts), (guest_cart, carts)])
        items = found[guest_cart].items
        commands = [(own, MergeCart(own, guest_cart, items, now)), (guest_cart, GiveOverCart(guest_cart, user_id, items, now))]
        return self.handle.together(commands, meta)[0]


class TakeUpCart:
    """What somebody filled as a guest is his when he signs in; `read` says whose a guest's token is."""

    def __init__(self, merge: MergeCarts, read: Callable[[str], UUID | None]) -> None:
        self.merge = merge
        self.read = read

    def __call__(self, shown: str | None, user_id: UUID, session_id: UUID, now: datetime, meta: Meta) -> None:
        """Nobody is kept from signing in by his cart: where it cannot be taken up, it stays the guest's, and `MergeCarts` says why."""
        guest_cart = self.read(shown) if shown else None
        if guest_cart is None:
            return
        meta = replace(meta, command_id=uuid5(session_id, "cart"), actor=user_id, fingerprint=b"")
        try:
            self.merge(user_id, guest_cart, now, meta)
        except (Rejected, Conflict, CommandReused, Unavailable) as reason:
            logger.info("a guest's cart was not taken up", reason=str(reason) or type(reason).__name__)


class Reorder:
    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, order_id: UUID, cart: UUID, by: Actor, now: datetime, meta: Meta) -> Appended:
        """What an order held, as far as it can still be bought, at today's prices; `not_on_sale` where nothing of it can."""
        order = self.handle.state(order_id, orders)
        if not isinstance(order, Placed):
            raise Rejected("order_not_found")
        if not relations(order.buyer_id, order.seller_id, by):
            raise Rejected("not_yours")
        found = self.handle.states([(each.listing_id, listings) for each in order.lines])
        items: list[CartItem] = []
        for line in order.lines:
            try:
                listing, variant = on_sale(found[line.listing_id], line.sku)
            except Rejected:
                continue  # what is no longer sold is left out, and seen to be missing
            items.append(item(listing, variant, line.quantity))
        if not items:
            raise Rejected("not_on_sale", "Nothing of this order can still be bought.")
        return self.handle(cart, FillCart(cart, tuple(items), now), meta)

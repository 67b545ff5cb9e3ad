"""Carts: what is in them, with prices and stock as they are now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response
from msgspec.structs import replace

from domain.goods import Variant, unit_price, variant_of
from domain.listings.events import Status
from domain.orders.carts.events import CartItem
from domain.stock.stock import stock_id
from domain.values import Money, Value
from interfaces.http.caller import anyone
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.shopper import Shopper
from projections.listings import page as listings
from projections.orders.cart import CartContents, view
from projections.ports import Documents, Found
from projections.sql import among
from projections.stock import levels


class ShownItem(Value, frozen=True):
    """`priceThen` is what one piece cost when it was put in, `price` what it costs now; null where it is no longer sold.

    `available` says whether there are as many at this moment.
    """

    listing_id: UUID
    sku: str
    seller_id: UUID
    title: str
    quantity: int
    price_then: Money
    price: Money | None
    price_changed: bool
    available: bool


class ShownCart(Value, frozen=True):
    """`goods` is what all that can be bought costs, before taxes that are not in the prices, discounts and delivery."""

    id: UUID | None
    items: list[ShownItem]
    goods: Money | None
    changed_at: datetime | None


class Sold(Value, frozen=True):
    """What of a listing's page a cart shows."""

    id: UUID
    title: str
    status: Status
    variants: tuple[Variant, ...] = ()


class CartQueries(Controller):
    path = "/v1/cart"
    tags = ("cart",)

    @get("/", guards=[anyone], sync_to_thread=True, opt={"projection": view.name})
    def one(self, shopper: Given[Shopper], documents: Given[Documents]) -> Response[ShownCart]:
        """One's own cart, or the one that the `Cart-Token` names; empty where there is none yet."""
        found = documents.one(view, shopper.cart) if shopper.known else None
        if found is None:
            return Response(ShownCart(shopper.cart if shopper.known else None, [], None, None), headers={"ETag": '"0"'})
        cart = msgspec.json.decode(found.document, type=CartContents)
        return Response(shown(cart, documents), headers={"ETag": f'"{found.version}"'})


def shown(cart: CartContents, documents: Documents) -> ShownCart:
    """Two more statements for the whole cart."""
    sold = listings_of(cart.items, documents)
    left = left_of(cart.items, documents)
    items = [item(each, sold.get(each.listing_id), left.get(stock_id(each.seller_id, each.sku), 0)) for each in cart.items]
    priced = [each.price.amount * each.quantity for each in items if each.price is not None]
    currency = cart.items[0].price.currency if cart.items else ""
    return ShownCart(cart.id, items, Money(sum(priced), currency) if priced else None, cart.changed_at)


def item(each: CartItem, sold: Sold | None, left: int) -> ShownItem:
    shown = ShownItem(
        each.listing_id,
        each.sku,
        each.seller_id,
        sold.title if sold else "",
        each.quantity,
        each.price,
        None,
        price_changed=False,
        available=left >= each.quantity,
    )
    variant = variant_of(sold.variants, each.sku) if sold and sold.status is Status.PUBLISHED else None
    if sold is None or variant is None:
        return replace(shown, price_changed=True, available=False)
    price = Money(unit_price(variant, each.quantity), variant.price.currency)
    title = f"{sold.title}, {variant.title}" if variant.title else sold.title
    return replace(shown, title=title, price=price, price_changed=price != each.price)


def listings_of(items: Sequence[CartItem], documents: Documents) -> Mapping[UUID, Sold]:
    if not items:
        return {}
    ids = list({each.listing_id for each in items})
    found = documents.page(listings.view, among(listings.view, ids), limit=len(ids))
    return {each.id: each for each in map(sold_as, found.items)}


def sold_as(found: Found) -> Sold:
    return msgspec.json.decode(found.document, type=Sold)


def left_of(items: Sequence[CartItem], documents: Documents) -> Mapping[Any, int]:
    """Pieces available, by stock; not here where nothing was ever received."""
    if not items:
        return {}
    ids = list({stock_id(each.seller_id, each.sku) for each in items})
    found = documents.page(levels.view, among(levels.view, ids), limit=len(ids))
    stocks = (msgspec.json.decode(each.document, type=levels.StockLevel) for each in found.items)
    return {each.id: each.available for each in stocks}

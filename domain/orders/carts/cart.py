"""A cart: what somebody means to buy, in one currency; a guest's becomes the user's once."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.decider import Decider, Rejected
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
from domain.orders.commands import CartCommand, CheckOutCart, EmptyCart, FillCart, GiveOverCart, MergeCart, PutItem, RemoveItem
from domain.orders.contents import after, article, articles
from domain.values import Value

CARTS = UUID("0c9d6e55-3b9b-5e4e-8d43-9f7b1d0c7a31")
"""The namespace of the streams' ids."""

MOST_PIECES = 1_000_000
MOST_ITEMS = 100


def cart_id(user_id: UUID) -> UUID:
    """Everyone has one cart; a guest's has an id of its own, which is the guest's too."""
    return uuid5(CARTS, str(user_id))


class Cart(Value, frozen=True, tag=True):
    """`given_to` is the user whose cart has taken this one up; `merged` are the guests' carts that this one has taken up."""

    items: tuple[CartItem, ...] = ()
    given_to: UUID | None = None
    merged: tuple[UUID, ...] = ()


def decide(command: CartCommand, cart: Cart) -> list[CartEvent]:
    if cart.given_to is not None:
        if isinstance(command, GiveOverCart) and command.user_id == cart.given_to:
            return []  # asked twice: already so
        raise Rejected("cart_given_over", "What was in this cart is in its owner's: sign in.")
    match command:
        case PutItem(cart_id=id, item=item, now=now):
            return [CartItemPut(id, each, now) for each in put(cart, item)]
        case RemoveItem(cart_id=id, listing_id=listing, sku=sku, now=now):
            gone = [each.sku for each in cart.items if each.listing_id == listing and sku in {None, each.sku}]
            return [CartItemRemoved(id, listing, each, now) for each in gone]
        case EmptyCart(cart_id=id, now=now):
            return [CartEmptied(id, now)] if cart.items else []
        case FillCart(cart_id=id, items=items, now=now):
            before = articles(cart.items)
            filled = checked(added(cart.items, items))
            return [CartItemPut(id, each, now) for each in filled if before.get(article(each)) != each]
        case MergeCart():
            return merge(command, cart)
        case GiveOverCart(cart_id=id, user_id=user, items=items, now=now):
            require_unchanged(cart, items)
            return [CartGivenOver(id, user, now)]
        case CheckOutCart(cart_id=id, checkout_id=checkout, items=items, now=now):
            if not cart.items:
                raise Rejected("cart_empty")
            require_unchanged(cart, items)
            return [CartCheckedOut(id, checkout, now)]


def put(cart: Cart, item: CartItem) -> list[CartItem]:
    if not 1 <= item.quantity <= MOST_PIECES:
        raise Rejected("quantity_invalid", f"From 1 to {MOST_PIECES}.", pointer="/quantity")
    others = [each for each in cart.items if article(each) != article(item)]
    checked([*others, item])
    return [] if item in cart.items else [item]


def merge(command: MergeCart, cart: Cart) -> list[CartEvent]:
    if command.guest_cart_id in cart.merged:
        return []  # each guest's cart once
    items = checked(added(cart.items, command.items))
    return [CartMerged(command.cart_id, command.guest_cart_id, tuple(items), command.now)]


def added(items: Iterable[CartItem], more: Iterable[CartItem]) -> list[CartItem]:
    """Both, pieces of the same article added up; the price is the one seen last."""
    found = dict(articles(items))
    for each in more:
        known = found.get(article(each))
        quantity = min(each.quantity + (known.quantity if known else 0), MOST_PIECES)
        found[article(each)] = replace(each, quantity=quantity)
    return list(found.values())


def checked(items: list[CartItem]) -> list[CartItem]:
    if len({each.price.currency for each in items}) > 1:
        raise Rejected("currency_mixed", f"What is in the cart costs {items[0].price.currency}: buy or remove it first.")
    if len(items) > MOST_ITEMS:
        raise Rejected("cart_full", f"At most {MOST_ITEMS} articles.")
    return items


def require_unchanged(cart: Cart, items: tuple[CartItem, ...]) -> None:
    if cart.items != items:
        raise Rejected("cart_changed", "Something was put in or taken out meanwhile: look again.")


def evolve(cart: Cart, event: CartEvent) -> Cart:
    items = after(cart.items, event)
    match event:
        case CartMerged(guest_cart_id=guest):
            return replace(cart, items=items, merged=(*cart.merged, guest))
        case CartGivenOver(user_id=user):
            return replace(cart, items=items, given_to=user)
        case CartItemPut() | CartItemRemoved() | CartEmptied() | CartCheckedOut():
            return replace(cart, items=items)


carts = Decider("cart", Cart(), decide, evolve, snapshot_every=20)

"""What may be in a cart, and how a guest's becomes a user's."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.orders import commands as c
from domain.orders.carts import events as e
from domain.orders.carts.cart import MOST_ITEMS, MOST_PIECES, carts
from domain.orders.carts.events import CartItem
from domain.values import Money
from tests.bdd import Given
from tests.domain.orders.shop import ANA, BREAD, CARA, CHECKOUT, MILK, NOON

CART, GUEST = UUID(int=0xCA), UUID(int=0x6E)
MILK_ITEM = CartItem(MILK, "MILK", ANA.id, 2, Money(180, "CHF"))
BREAD_ITEM = CartItem(BREAD, "LOAF", ANA.id, 1, Money(450, "CHF"))
milk_put = e.CartItemPut(CART, MILK_ITEM, NOON)
bread_put = e.CartItemPut(CART, BREAD_ITEM, NOON)
given_over = e.CartGivenOver(GUEST, CARA.id, NOON)


def test_an_article_has_one_number_of_pieces_in_a_cart():
    Given(carts).when(c.PutItem(CART, MILK_ITEM, NOON)).then(milk_put)
    Given(carts, milk_put).when(c.PutItem(CART, MILK_ITEM, NOON)).then()
    more = replace(MILK_ITEM, quantity=5)
    Given(carts, milk_put).when(c.PutItem(CART, more, NOON)).then(e.CartItemPut(CART, more, NOON))
    assert carts.fold([milk_put, bread_put, e.CartItemPut(CART, more, NOON)]).items == (more, BREAD_ITEM)


@pytest.mark.parametrize("quantity", [0, -1, MOST_PIECES + 1, 10**12])
def test_a_number_of_pieces_has_its_limits(quantity: int):
    Given(carts).when(c.PutItem(CART, replace(MILK_ITEM, quantity=quantity), NOON)).rejected("quantity_invalid", pointer="/quantity")


def test_a_cart_is_in_one_currency_and_holds_so_many_articles():
    euros = replace(BREAD_ITEM, price=Money(450, "EUR"))
    Given(carts, milk_put).when(c.PutItem(CART, euros, NOON)).rejected("currency_mixed")
    Given(carts, milk_put, e.CartEmptied(CART, NOON)).when(c.PutItem(CART, euros, NOON)).then(e.CartItemPut(CART, euros, NOON))
    full = [e.CartItemPut(CART, replace(MILK_ITEM, sku=str(number)), NOON) for number in range(MOST_ITEMS)]
    Given(carts, *full).when(c.PutItem(CART, BREAD_ITEM, NOON)).rejected("cart_full")


def test_what_is_taken_out_is_out():
    gone = e.CartItemRemoved(CART, MILK, "MILK", NOON)
    Given(carts, milk_put).when(c.RemoveItem(CART, MILK, "MILK", NOON)).then(gone)
    Given(carts, milk_put).when(c.RemoveItem(CART, MILK, None, NOON)).then(gone)
    Given(carts, milk_put).when(c.RemoveItem(CART, MILK, "OTHER", NOON)).then()
    Given(carts, milk_put, gone).when(c.EmptyCart(CART, NOON)).then()
    Given(carts, milk_put).when(c.EmptyCart(CART, NOON)).then(e.CartEmptied(CART, NOON))


def test_a_guests_cart_becomes_the_users_once():
    both = (replace(MILK_ITEM, quantity=4), BREAD_ITEM)
    merge = c.MergeCart(CART, GUEST, (MILK_ITEM, BREAD_ITEM), NOON)
    merged = e.CartMerged(CART, GUEST, both, NOON)
    Given(carts, milk_put).when(merge).then(merged)
    Given(carts, milk_put, merged).when(merge).then()
    hand_over = c.GiveOverCart(GUEST, CARA.id, (MILK_ITEM,), NOON)
    Given(carts, milk_put).when(hand_over).then(given_over)
    Given(carts, milk_put, given_over).when(hand_over).then()
    Given(carts, milk_put, given_over).when(replace(hand_over, user_id=ANA.id)).rejected("cart_given_over")
    Given(carts, milk_put, given_over).when(c.PutItem(GUEST, BREAD_ITEM, NOON)).rejected("cart_given_over")
    Given(carts, milk_put, bread_put).when(hand_over).rejected("cart_changed")
    euros = replace(merge, items=(replace(BREAD_ITEM, price=Money(1, "EUR")),))
    Given(carts, milk_put).when(euros).rejected("currency_mixed")


def test_what_was_priced_is_what_is_bought():
    buy = c.CheckOutCart(CART, CHECKOUT, (MILK_ITEM,), NOON)
    Given(carts, milk_put).when(buy).then(e.CartCheckedOut(CART, CHECKOUT, NOON))
    Given(carts, milk_put, bread_put).when(buy).rejected("cart_changed")
    Given(carts, milk_put, e.CartCheckedOut(CART, CHECKOUT, NOON)).when(buy).rejected("cart_empty")


def test_filling_adds_to_what_is_there():
    fill = c.FillCart(CART, (MILK_ITEM, BREAD_ITEM), NOON)
    Given(carts, milk_put).when(fill).then(e.CartItemPut(CART, replace(MILK_ITEM, quantity=4), NOON), bread_put)

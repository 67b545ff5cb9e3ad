"""Carts: what somebody means to buy, who need not be signed in for it."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody, QueryParameter

from application.commands.buying.carts import MergeCarts, PutInCart
from domain.orders import commands as c
from interfaces.http.answers import Accepted
from interfaces.http.caller import anyone, signed_in
from interfaces.http.commands.orders.bodies import Pieces
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import delete, post, put
from interfaces.http.shopper import HEADER, Shopper

Sku = Annotated[str | None, QueryParameter(max_length=64, description="Only this variant.")]


class CartCommands(Controller):
    path = "/v1/cart"
    tags = ("cart",)

    @put(
        "/items/{listing_id:uuid}",
        guards=[anyone],
        sync_to_thread=True,
        responses=problems(
            "listing_not_found",
            "not_on_sale",
            "not_for_kind",
            "sku_required",
            "quantity_invalid",
            "currency_mixed",
            "cart_full",
            "cart_given_over",
        ),
    )
    def put_item(
        self,
        listing_id: FromPath[UUID],
        data: JSONBody[Pieces],
        shopper: Given[Shopper],
        run: Given[Dispatch],
        put_in_cart: Given[PutInCart],
    ) -> Response[Accepted]:
        """Have so many pieces of an article in the cart, in place of any before.

        Who is not signed in and shows no token gets a new cart each time, and its token in `Cart-Token`: nobody comes by another's
        by sending the same `Idempotency-Key`.
        """
        who = shopper if shopper.known else shopper.named(run.new_id())
        given = run.acting(who.actor)
        done = put_in_cart(who.cart, listing_id, data.sku, data.quantity, run.now, given.meta, run.expected)
        return who.told(given.answer(done))

    @delete("/items/{listing_id:uuid}", status_code=200, guards=[anyone], sync_to_thread=True, responses=problems("cart_given_over"))
    def remove_item(self, listing_id: FromPath[UUID], shopper: Given[Shopper], run: Given[Dispatch], sku: Sku = None) -> Response[Accepted]:
        """Take an article out of the cart; again changes nothing."""
        who = known(shopper)
        return who.told(run.acting(who.actor)(who.cart, c.RemoveItem(who.cart, listing_id, sku, run.now)))

    @delete("/", status_code=200, guards=[anyone], sync_to_thread=True, responses=problems("cart_given_over"))
    def empty(self, shopper: Given[Shopper], run: Given[Dispatch]) -> Response[Accepted]:
        """Take everything out of the cart; again changes nothing."""
        who = known(shopper)
        return who.told(run.acting(who.actor)(who.cart, c.EmptyCart(who.cart, run.now)))

    @post(
        "/merge",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("currency_mixed", "cart_full", "cart_changed", "cart_given_over"),
    )
    def merge(self, shopper: Given[Shopper], run: Given[Dispatch], merge_carts: Given[MergeCarts]) -> Response[Accepted]:
        """After signing in: add what is in the cart of the `Cart-Token` to one's own; each guest's cart once."""
        if shopper.token is None:
            raise Problem(401, "cart_token_invalid", "Send the guest's token.", parameter=HEADER)
        return run.answer(merge_carts(run.by.id, shopper.token, run.now, run.meta))


def known(shopper: Any) -> Shopper:
    """401 `unauthenticated` for who neither is signed in nor shows a token."""
    if not shopper.known:
        raise Problem(401, "unauthenticated", "Sign in, or show the token of a cart.")
    return shopper

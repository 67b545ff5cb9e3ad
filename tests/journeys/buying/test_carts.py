"""M3: a cart before and after signing in; what it costs is known before anything is bought, and a checkout is whole or none."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.listings.test_products import published
from tests.journeys.market import BEA, CARA, LITRE, Basket, Market
from tests.journeys.town import PASSWORD, answered


def quantities(cart: Basket) -> list[tuple[str, int]]:
    return [(each["sku"], each["quantity"]) for each in cart.shown()["items"]]


def test_a_guests_cart_becomes_the_users_when_he_signs_in(market: Market):
    guest, own = Basket(market.guest()), Basket(market.cara)
    guest.put(market.milk, 2)
    guest.put(market.bread, 1)
    own.put(market.milk, 3)
    assert quantities(guest) == [("MILK-1L", 2), ("LOAF", 1)]
    merged = market.cara.ask("POST", "/v1/cart/merge", **guest.headers)
    assert merged.status_code == 200
    assert quantities(own) == [("MILK-1L", 5), ("LOAF", 1)]
    assert market.cara.ask("POST", "/v1/cart/merge", **guest.headers).status_code == 200
    assert quantities(own) == [("MILK-1L", 5), ("LOAF", 1)]
    assert guest.put(market.milk, 1, 409) == ("cart_given_over", None)
    assert answered(market.bea.ask("POST", "/v1/cart/merge", **guest.headers), 409) == ("cart_given_over", None)
    assert answered(market.cara.ask("POST", "/v1/cart/merge"), 401) == ("cart_token_invalid", None)


def test_signing_in_with_the_token_of_a_cart_takes_it_up_once(market: Market):
    guest, own = Basket(market.guest()), Basket(market.cara)
    guest.put(market.milk, 2)
    guest.put(market.bread, 1)
    own.put(market.milk, 3)
    for _ in range(2):
        signed_in = market.guest().ask("POST", "/v1/sessions", {"email": CARA, "password": PASSWORD}, **guest.headers)
        assert signed_in.status_code == 201
        assert quantities(own) == [("MILK-1L", 5), ("LOAF", 1)]
    assert guest.put(market.milk, 1, 409) == ("cart_given_over", None)


def test_no_cart_keeps_anybody_from_signing_in(market: Market):
    guest = Basket(market.guest())
    guest.put(market.milk, 2)
    wrong = market.guest().ask("POST", "/v1/sessions", {"email": CARA, "password": "wrong"}, **guest.headers)
    assert answered(wrong, 401) == ("wrong_credentials", None)
    assert quantities(guest) == [("MILK-1L", 2)]  # who only guesses a password gets no cart
    market.cara.ask("POST", "/v1/cart/merge", **guest.headers)
    for token in ("made up", guest.headers["Cart_Token"]):
        signed_in = market.guest().ask("POST", "/v1/sessions", {"email": BEA, "password": PASSWORD}, Cart_Token=token)
        assert signed_in.status_code == 201
    assert (quantities(Basket(market.cara)), quantities(Basket(market.bea))) == ([("MILK-1L", 2)], [])


def test_a_guest_is_known_by_a_token_that_nobody_can_make(market: Market):
    guest = Basket(market.guest())
    assert guest.shown() == {"id": None, "items": [], "goods": None, "changedAt": None}
    guest.put(market.milk, 2)
    forged = guest.headers["Cart_Token"][:-4] + "AAA="
    assert answered(market.guest().ask("GET", "/v1/cart", Cart_Token=forged), 401) == ("cart_token_invalid", None)
    assert answered(market.guest().ask("DELETE", "/v1/cart"), 401) == ("unauthenticated", None)
    key = str(uuid4())
    both = [market.guest().ask("PUT", f"/v1/cart/items/{market.milk}", {"quantity": 1}, Idempotency_Key=key) for _ in range(2)]
    assert both[0].headers["Cart-Token"] != both[1].headers["Cart-Token"]  # whoever guesses a key gets no cart but his own


def test_a_cart_shows_what_has_changed_since_it_was_filled(market: Market):
    cart = Basket(market.cara)
    cart.put(market.milk, 25)
    assert [(each["available"], each["priceChanged"]) for each in cart.shown()["items"]] == [(False, False)]
    assert cart.preview()["troubles"] == [{"item": 0, "code": "out_of_stock", "detail": "24 left."}]
    cart.put(market.milk, 6)
    shown = cart.preview()
    market.ana.put(f"/v1/listings/{market.milk}/variants", {"variants": [{**LITRE, "tiers": []}]})
    line = cart.shown()["items"][0]
    assert (line["priceThen"]["amount"], line["price"]["amount"], line["priceChanged"]) == (170, 180, True)
    refused = cart.ask("POST", "/v1/checkouts", cart.body(shown["total"]["amount"]), Idempotency_Key=str(uuid4()))
    assert answered(refused, 409) == ("prices_changed", None)
    assert refused.json()["total"] == cart.preview()["total"] == {"amount": 1080, "currency": "CHF"}
    assert cart.buy(1080)["total"]["amount"] == 1080
    market.ana.post(f"/v1/listings/{market.milk}/pause")
    cart.put(market.bread, 1)
    assert cart.put(market.milk, 1, 409) == ("not_on_sale", None)


def test_what_is_put_in_by_mistake_is_taken_out(market: Market):
    cart = Basket(market.cara)
    cart.put(market.milk, 2)
    cart.put(market.bread, 1)
    cart.by.delete(f"/v1/cart/items/{market.milk}")
    assert quantities(cart) == [("LOAF", 1)]
    cart.by.delete("/v1/cart")
    assert quantities(cart) == []
    assert cart.preview(409) == ("cart_empty", None)
    assert cart.buy(0, 409) == ("cart_empty", None)


@pytest.mark.parametrize("quantity", [0, -1, 1.5, 10**12, "2"])
def test_a_number_of_pieces_that_is_none_is_refused(market: Market, quantity: Any):
    assert Basket(market.cara).put(market.milk, quantity, 400) == ("invalid_body", "/quantity")


def test_a_cart_is_in_one_currency_and_there_has_to_be_such(market: Market):
    euros = published(market.ana, market.mo, {**LITRE, "sku": "MILK-EU", "price": {"amount": 180, "currency": "EUR"}})
    nowhere = {"variants": [{**LITRE, "sku": "MILK-X", "price": {"amount": 180, "currency": "XXX"}}]}
    assert market.ana.put(f"/v1/listings/{euros}/variants", nowhere, 422) == ("price_invalid", "/variants/0/price/currency")
    cart = Basket(market.cara)
    cart.put(market.milk, 1)
    assert cart.put(euros, 1, 409) == ("currency_mixed", None)
    assert [each["listingId"] for each in cart.shown()["items"]] == [market.milk]


def test_a_slot_that_closes_while_one_thinks_it_over_is_not_taken(market: Market):
    cart, slot = Basket(market.guest()), market.slot
    cart.put(market.milk, 1)
    assert cart.preview(slot=slot)["total"]["amount"] == 570
    market.later(timedelta(days=3))
    assert cart.buy(570, 409, slot=slot, contact="guest@example.org") == ("slot_closed", "/slot")
    assert market.left() == (24, 0)


def test_a_checkout_that_cannot_be_whole_is_none(market: Market):
    cart = Basket(market.cara)
    cart.put(market.milk, 6)
    cart.put(market.bread, 11)
    assert cart.buy(5970, 409) == ("out_of_stock", "/items/1")
    assert (market.left(), market.left("LOAF")) == ((24, 0), (10, 0))
    cart.put(market.bread, 1)
    assert len(cart.shown()["items"]) == 2
    assert cart.buy(1470, 409, slot=market.slot) == ("prices_changed", None)
    assert cart.buy(1470, 409, slot={**market.slot, "day": "2020-01-01"}) == ("slot_closed", "/slot")
    assert cart.buy(1470, 422, slot={**market.slot, "start": "06:00"}) == ("slot_not_found", "/slot")
    assert cart.buy(1470, 422, code="NOSUCH") == ("discount_code_not_found", "/code")
    far = {"name": "Cara", "lines": ["Rue 1"], "locality": "Genève", "postalCode": "1200", "country": "CH"}
    assert cart.buy(1860, 409, slot=market.slot, address=far) == ("outside_zone", "/address")
    assert cart.buy(1470, 422, address={**far, "postalCode": "12"}) == ("address_invalid", "/address/postalCode")
    unkeyed = market.cara.ask("POST", "/v1/checkouts", cart.body(1470))
    assert answered(unkeyed, 400) == ("idempotency_key_required", None)
    assert cart.by.get("/v1/orders?side=bought")["items"] == []


def test_a_checkout_told_twice_happens_once(market: Market):
    cart, key = Basket(market.cara), str(uuid4())
    cart.put(market.milk, 6)
    first = cart.buy(1020, key=key)
    again = cart.ask("POST", "/v1/checkouts", cart.body(1020), Idempotency_Key=key)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first, "true")
    assert answered(cart.ask("POST", "/v1/checkouts", cart.body(1), Idempotency_Key=key), 422) == ("idempotency_key_reused", None)
    assert market.left() == (24, 6)
    checkout = market.cara.get(f"/v1/checkouts/{first['id']}")
    assert [each["id"] for each in checkout["items"]] == [each["id"] for each in first["orders"]]
    assert market.bea.get(f"/v1/checkouts/{first['id']}", 404) == ("checkout_not_found", None)


def test_guests_buy_too_and_keep_their_orders_by_their_token(market: Market):
    cart, other = Basket(market.guest()), Basket(market.guest())
    cart.put(market.milk, 6)
    other.put(market.milk, 1)
    assert cart.buy(1020, 422) == ("contact_required", "/contact")
    assert cart.buy(1020, 422, contact="nobody") == ("email_invalid", "/contact")
    order = cart.buy(1020, contact="guest@example.org")["orders"][0]["id"]
    market.settle()
    shown = cart.order(order)
    assert (shown["status"], shown["guest"], shown["contact"]) == ("CONFIRMED", True, "guest@example.org")
    assert "cancel" in shown["actions"]
    assert answered(other.ask("GET", f"/v1/orders/{order}"), 404) == ("order_not_found", None)
    assert answered(market.guest().ask("GET", f"/v1/orders/{order}"), 404) == ("order_not_found", None)
    assert other.step(order, "cancel", {}, 403) == ("not_yours", None)
    cart.step(order, "cancel", {"reason": "changed_mind"})
    market.settle()
    assert market.left() == (24, 0)


def test_a_seller_does_not_buy_from_himself(market: Market):
    cart = Basket(market.ana)
    cart.put(market.milk, 1)
    assert cart.buy(180, 409) == ("own_listing", "/items/0")

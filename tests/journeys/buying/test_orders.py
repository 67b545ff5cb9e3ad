"""M4: Cara buys milk from Ana and bread from Bea in one checkout; what is paid is packed, and what is not is given back."""

from datetime import timedelta

from tests.journeys.market import HOME, Basket, Market, statuses


def test_one_checkout_is_an_order_for_each_seller_paid_at_once(market: Market):
    cart = Basket(market.cara)
    cart.put(market.milk, 6)
    cart.put(market.bread, 1)
    shown = cart.preview(slot=market.slot)
    assert [shown[each]["amount"] for each in ("goods", "discount", "deliveryFee", "total")] == [1470, 0, 390, 1860]
    assert (len(shown["orders"]), shown["troubles"]) == (2, [])
    done = cart.buy(1860, slot=market.slot)
    assert [each["total"]["amount"] for each in done["orders"]] == [1020 + 271, 450 + 119]
    assert market.left() == (24, 6)
    assert cart.shown()["items"] == []
    order = cart.order(done["orders"][0]["id"])
    assert (order["status"], order["actions"]) == ("CREATED", ["change-address", "cancel"])
    assert 890 < order["paySecondsLeft"] <= 900
    market.settle()
    assert statuses(market.cara, done["orders"]) == ["CONFIRMED", "CONFIRMED"]
    assert (market.left(), market.left("LOAF")) == ((18, 0), (9, 0))
    milk = done["orders"][0]["id"]
    assert market.bea.get(f"/v1/orders/{milk}", 404) == ("order_not_found", None)
    assert [each["id"] for each in market.ana.get("/v1/orders?side=sold")["items"]] == [milk]
    market.ana.post(f"/v1/orders/{milk}/pack")
    assert cart.order(milk)["status"] == "PACKED"
    assert [each["what"] for each in market.cara.get(f"/v1/orders/{milk}/timeline")["entries"]] == ["placed", "confirmed", "packed"]


def test_what_is_not_paid_in_time_is_given_back_once(market: Market):
    cart = Basket(market.cara)
    cart.put(market.milk, 6)
    done = cart.buy(1410, slot=market.slot, payment={"provider": "sandbox", "method": "4000000000000002"})
    market.later(timedelta(minutes=14))
    assert market.left() == (24, 6)
    assert 50 < cart.order(done["orders"][0]["id"])["paySecondsLeft"] <= 60
    market.later(timedelta(minutes=2))
    market.later(timedelta(minutes=2))
    assert market.left() == (24, 0)
    order = cart.order(done["orders"][0]["id"])
    assert (order["status"], order["cancelled"], order["refunded"]["amount"]) == ("CANCELLED", "unpaid", 0)
    slots = market.guest().get(f"/v1/delivery-slots?date={market.day}&place=CH 8712")["items"]
    assert [each["left"] for each in slots] == [2]


def bought(market: Market, cart: Basket, milk: int = 6) -> str:
    """An order of milk with delivery tomorrow morning, paid."""
    cart.put(market.milk, milk)
    price = milk * (170 if milk >= 6 else 180)
    order: str = cart.buy(price + 390, slot=market.slot)["orders"][0]["id"]
    market.settle()
    return order


def test_a_paid_order_that_is_cancelled_gives_everything_back(market: Market):
    cart = Basket(market.cara)
    order = bought(market, cart)
    assert cart.step(order, "pack", status=403) == ("not_yours", None)
    assert cart.by.post(f"/v1/orders/{order}/cancel", {}, 400) == ("idempotency_key_required", None)
    cart.step(order, "cancel", {"reason": "changed_mind", "note": "Sorry."})
    market.settle()
    shown = cart.order(order)
    assert (shown["status"], shown["cancelled"], shown["refunded"]) == ("CANCELLED", "changed_mind", shown["total"])
    assert market.left() == (24, 0)
    assert market.cara.get(f"/v1/payments/{shown['paymentId']}")["status"] == "refunded"
    assert cart.step(order, "cancel", {}, 409) == ("order_not_cancellable", None)


def test_part_of_an_order_is_cancelled_and_part_of_it_returned(market: Market):
    cart, seller = Basket(market.cara), Basket(market.ana)
    order = bought(market, cart)
    seller.step(order, "cancel-lines", {"parts": [{"line": 1, "quantity": 1}], "reason": "out_of_stock"})
    market.settle()
    shown = cart.order(order)
    assert (shown["status"], shown["refunded"]["amount"], shown["lines"][0]["gone"]) == ("CONFIRMED", 170, 1)
    assert market.left() == (19, 0)
    for name in ("pack", "dispatch", "deliver"):
        seller.step(order, name)
    assert cart.order(order)["actions"] == ["return"]
    cart.step(order, "return", {"reason": "damaged", "parts": [{"line": 1, "quantity": 2}], "note": "Leaking."})
    asked = market.ana.get(f"/v1/orders/{order}")
    assert (asked["stage"], asked["returning"]["note"], asked["actions"]) == ("RETURNING", "Leaking.", ["accept-return", "refuse-return"])
    seller.step(order, "accept-return", {"restock": False})
    market.settle()
    shown = cart.order(order)
    assert (shown["stage"], shown["refunded"]["amount"], shown["lines"][0]["gone"]) == ("DELIVERED", 510, 3)
    assert market.left() == (19, 0)
    assert [each["what"] for each in market.cara.get(f"/v1/orders/{order}/timeline")["entries"]] == [
        "placed",
        "confirmed",
        "lines_cancelled",
        "packed",
        "dispatched",
        "delivered",
        "return_requested",
        "returned",
    ]


def test_an_order_goes_elsewhere_before_it_is_packed(market: Market):
    cart = Basket(market.cara)
    order = bought(market, cart)
    there = {"address": {**HOME, "lines": ["Bahnhofstrasse 2"], "locality": "Zürich", "postalCode": "8001"}}
    cart.by.put(f"/v1/orders/{order}/address", there)
    assert cart.order(order)["address"]["postalCode"] == "8001"
    far = {"address": {**HOME, "postalCode": "1200"}}
    assert cart.by.put(f"/v1/orders/{order}/address", far, 409) == ("outside_zone", "/address")
    Basket(market.ana).step(order, "pack")
    assert cart.by.put(f"/v1/orders/{order}/address", there, 409) == ("address_is_final", None)


def test_what_was_bought_once_is_ordered_again(market: Market):
    cart = Basket(market.cara)
    order = bought(market, cart, 2)
    assert cart.shown()["items"] == []
    cart.step(order, "reorder")
    cart.step(order, "reorder")
    assert [(each["sku"], each["quantity"]) for each in cart.shown()["items"]] == [("MILK-1L", 4)]
    assert Basket(market.bea).step(order, "reorder", status=403) == ("not_yours", None)


def test_a_code_takes_off_what_it_says_once_for_each(market: Market):
    stan = market.staff()
    terms = {"code": "milk10", "basisPoints": 1_000, "minimum": 500, "currency": "CHF", "oncePerUser": True, "limit": 2}
    code = stan.post("/v1/discount-codes", terms, 201)["id"]
    assert market.cara.post("/v1/discount-codes", terms, 403) == ("role_missing", None)
    cart, guest = Basket(market.cara), Basket(market.guest())
    cart.put(market.milk, 2)
    assert cart.preview(409, code="MILK10") == ("code_minimum", "/code")
    cart.put(market.milk, 6)
    assert cart.preview(code="MILK10")["total"]["amount"] == 918
    order = cart.buy(918, code="Milk10")["orders"][0]["id"]
    assert stan.get(f"/v1/discount-codes/{code}")["uses"] == 1
    cart.put(market.milk, 6)
    assert cart.buy(918, 409, code="MILK10") == ("code_used", "/code")
    guest.put(market.milk, 6)
    assert guest.buy(918, 409, code="MILK10", contact="guest@example.org") == ("code_needs_account", "/code")
    cart.step(order, "cancel", {})
    market.settle()
    assert stan.get("/v1/discount-codes")["items"][0]["uses"] == 0
    assert cart.buy(918, code="MILK10")["total"]["amount"] == 918
    stan.post(f"/v1/discount-codes/{code}/withdraw")
    assert guest.preview(422, code="MILK10") == ("discount_code_not_found", "/code")


def test_slots_fill_up_and_are_free_again(market: Market):
    day = f"/v1/delivery-slots?date={market.day}"
    (slot,) = market.guest().get(f"{day}&place=CH 8712")["items"]
    assert (slot["left"], slot["open"], slot["fee"], slot["timezone"]) == (2, True, {"amount": 390, "currency": "CHF"}, "Europe/Zurich")
    assert market.guest().get(f"{day}&place=CH 1200")["items"] == []
    assert market.guest().get(f"{day}&place=nowhere", 422) == ("place_invalid", None)
    first, second = (Basket(each) for each in (market.cara, market.bea))
    orders = [bought(market, each, 1) for each in (first, second)]
    (slot,) = market.guest().get(f"{day}&place=CH-8712")["items"]
    assert (slot["left"], slot["open"]) == (0, False)
    third = Basket(market.guest())
    third.put(market.milk, 1)
    assert third.buy(570, 409, slot=market.slot, contact="guest@example.org") == ("slot_full", "/slot")
    first.step(orders[0], "cancel", {})
    market.settle()
    assert third.buy(570, slot=market.slot, contact="guest@example.org")["total"]["amount"] == 570
    market.admin().post(f"/v1/zones/{market.zone}/close")
    assert market.guest().get(f"{day}&place=CH 8712")["items"] == []


def test_staff_answer_for_what_was_paid_at_the_door(market: Market):
    cart, stan = Basket(market.cara), market.staff()
    cart.put(market.milk, 6)
    order = cart.buy(1020, payment={"provider": "sandbox", "method": "4000000000000002"})["orders"][0]["id"]
    assert cart.step(order, "confirm", status=403) == ("not_yours", None)
    stan.post(f"/v1/orders/{order}/confirm")
    market.later(timedelta(minutes=20))
    assert (cart.order(order)["status"], market.left()) == ("CONFIRMED", (18, 0))
    assert [each["id"] for each in stan.get("/v1/orders?status=CONFIRMED")["items"]] == [order]

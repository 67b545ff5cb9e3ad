"""Cara buys milk from Ana and bread from Bea in one checkout; what is paid is packed, and what is not is given back."""

from collections.abc import Generator
from datetime import timedelta

import pytest

from tests.journeys.market import Basket, Market, opened, statuses


@pytest.fixture
def market(database: str) -> Generator[Market]:
    with opened(database) as town:
        yield town


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
    slots = market.guest().get(f"/v1/delivery-slots?date={market.tomorrow}&place=CH 8712")["items"]
    assert [each["left"] for each in slots] == [2]

"""Whoever follows the feeds of the shop sees a standing order become an order, its payment and its stock, and never its buyer."""

import json
from typing import Any

from tests.journeys.buying.test_recurring import started, until_due, wish
from tests.journeys.market import CARA, HOME, Market
from tests.journeys.town import Person


def told(reader: Person, feed: str) -> list[dict[str, Any]]:
    return reader.get(f"/v1/feeds/{feed}?limit=100")["items"]


def data(events: list[dict[str, Any]], type: str) -> dict[str, Any]:
    """Of the one event of the type."""
    (found,) = [each["data"] for each in events if each["type"] == type]
    return found


def test_the_feeds_tell_one_story_by_ids_and_amounts(market: Market):
    reader, cara = market.admin(), market.cara
    recurring = started(cara, wish(market, market.milk, market.zone, address=HOME))["id"]
    until_due(market, cara, recurring)
    market.settle()
    feeds = {name: told(reader, name) for name in ("recurring-orders", "orders", "payments", "stock", "deliveries")}
    day = data(feeds["recurring-orders"], "recurring-orders.OccurrencePlaced")
    order = data(feeds["orders"], "orders.OrderPlaced")
    paid = data(feeds["payments"], "payments.PaymentCaptured")
    assert day["orderIds"] == [order["orderId"]]
    assert (order["recurringId"], order["checkoutId"], order["paymentId"]) == (recurring, day["checkoutId"], paid["paymentId"])
    assert (paid["amount"], paid["currency"]) == (order["total"], order["currency"])
    assert data(feeds["orders"], "orders.OrderConfirmed") == {"orderId": order["orderId"], "paymentId": paid["paymentId"]}
    moved = [(each["data"]["cause"], each["data"]["available"]) for each in feeds["stock"] if each["data"]["sku"] == "MILK-1L"]
    assert moved == [("received", 24), ("reserved", 22), ("sold", 22)]
    said = json.dumps(feeds, ensure_ascii=False)
    assert [each for each in (cara.id, CARA, "Seestrasse", "8712", "4242") if each in said] == []


def test_a_delivery_is_told_from_the_packed_order_on(market: Market):
    reader, cara = market.admin(), market.cara
    recurring = started(cara, wish(market, market.milk, market.zone, address=HOME))["id"]
    until_due(market, cara, recurring)
    order = data(told(reader, "orders"), "orders.OrderPlaced")["orderId"]
    reader.post(f"/v1/orders/{order}/pack", {})
    market.settle()
    opened = data(told(reader, "deliveries"), "deliveries.DeliveryOpened")
    assert (opened["orderId"], opened["zoneId"]) == (order, market.zone)

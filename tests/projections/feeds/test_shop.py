"""What the shop's feeds tell of orders, deliveries, payments, stock and recurring orders, and of whom they never speak."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from domain.values import Value
from projections.feeds.deliveries import deliveries
from projections.feeds.orders import orders
from projections.feeds.payments import payments
from projections.feeds.recurring import recurring_orders
from projections.feeds.stock import Cause, StockMoved, stock
from projections.view import Feed
from tests.bdd import erased
from tests.domain.deliveries import parcels
from tests.domain.orders import shop
from tests.domain.payments import purse
from tests.domain.stock import shelf
from tests.domain.subscriptions import milk
from tests.projections.feeds.test_public import heard

HISTORIES: dict[str, tuple[Feed[Any], Sequence[Value]]] = {
    "orders": (orders, (*shop.arrived, shop.cancelled())),
    "deliveries": (
        deliveries,
        (*parcels.on_its_way, parcels.located, parcels.failed(), parcels.retried, parcels.delivered(received_by="Eve")),
    ),
    "payments": (payments, (purse.asked, purse.declined, purse.again, purse.authorised, purse.captured, purse.refund_paid())),
    "stock": (stock, (shelf.watched(3), shelf.ten, shelf.three_for_ben, shelf.three_sold)),
    "recurring-orders": (
        recurring_orders,
        (*milk.running, milk.placed(milk.MONDAY), milk.failed(milk.WEDNESDAY), milk.skipped(milk.NEXT_MONDAY), milk.paused, milk.ended),
    ),
}
WEEK = (
    "RecurringOrderStarted OccurrenceScheduled OccurrencePlaced OccurrenceFailed OccurrenceSkipped RecurringOrderPaused RecurringOrderEnded"
)

PRIVATE: dict[str, Sequence[object]] = {
    "orders": (shop.CARA.id, shop.STAN.id, "Seestrasse", "cara@", "Cara"),
    "deliveries": (parcels.ANA.id, parcels.CLEO.id, parcels.SAM.id, "Rua da Rosa", "Ana", "38.71", "Eve"),
    "payments": (purse.CLEO.id, purse.STAN.id, purse.VISA, "ref-1"),
    "stock": (shelf.BENS,),
    "recurring-orders": (milk.CARA.id,),
}
"""People, their words and the orders that stock moved for."""


@pytest.mark.parametrize("name", HISTORIES)
def test_nobody_is_named_and_a_feed_reads_the_same_when_everyone_is_forgotten(name: str):
    feed, history = HISTORIES[name]
    told = heard(feed, *history)
    text = msgspec.json.encode(told).decode()
    assert [each for each in PRIVATE[name] if str(each) in text] == []
    assert heard(feed, *map(erased, history)) == told
    assert {type(each) for each in told} <= set(feed.payloads)


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("orders", "OrderPlaced OrderConfirmed OrderPacked OrderDispatched OrderDelivered OrderCancelled"),
        (
            "deliveries",
            "DeliveryOpened DeliveryAssigned DeliveryPickedUp DeliveryInTransit DeliveryFailed DeliveryRetried DeliveryDelivered",
        ),
        ("payments", "PaymentRequested PaymentFailed PaymentAuthorised PaymentCaptured RefundPaid"),
        ("stock", "StockMoved StockMoved StockMoved"),
        ("recurring-orders", WEEK),
    ],
)
def test_each_step_is_told_once_and_in_its_order(name: str, types: str):
    assert [type(each).__name__ for each in heard(HISTORIES[name][0], *HISTORIES[name][1])] == types.split()


def test_every_movement_of_stock_says_of_what_and_how_much_there_is_now():
    feed, history = HISTORIES["stock"]
    ids = (shelf.MILK, shelf.ANA.id, "MILK-1L", shelf.MAIN)
    assert heard(feed, *history) == [
        StockMoved(*ids, 1, Cause.RECEIVED, 10, 0, 10),
        StockMoved(*ids, 2, Cause.RESERVED, 10, 3, 7),
        StockMoved(*ids, 3, Cause.SOLD, 7, 0, 7),
    ]


def test_an_order_is_told_with_what_it_brings_and_costs():
    placed = heard(orders, shop.placed())[0]
    said = msgspec.to_builtins(placed)
    assert (said["total"], said["tax"], said["deliveryFee"], said["currency"]) == (shop.TOTAL, 54, 390, "CHF")
    assert [(each["sku"], each["quantity"], each["total"]) for each in said["lines"]] == [("MILK", 3, 540), ("LOAF", 1, 450)]

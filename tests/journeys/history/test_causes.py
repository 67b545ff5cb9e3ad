"""Why something happened is read from any event of it: up to the one command that it all began with, and down to what followed."""

from typing import Any

import pytest

from tests.journeys.market import Basket, Market
from tests.journeys.town import Person


@pytest.fixture
def town(market: Market) -> Market:
    return market


def first(auditor: Person, type_: str) -> dict[str, Any]:
    return auditor.get(f"/v1/audit/events?type={type_}")["items"][0]


def told(causes: list[dict[str, Any]]) -> list[tuple[int, str, str | None, str | None]]:
    return [(each["depth"], each["type"].split(".")[1], each["command"], each["through"]) for each in causes]


def bought(market: Market) -> str:
    basket = Basket(market.cara)
    basket.put(market.milk, 2)
    order = basket.buy(basket.preview()["total"]["amount"])["orders"][0]["id"]
    market.settle()
    return order


def test_what_a_purchase_led_to_is_read_from_its_end_and_from_its_beginning(market: Market, auditor: Person):
    bought(market)
    sold = auditor.get(f"/v1/audit/events/{first(auditor, 'stock.StockCommitted')['eventId']}/causes")
    way = [
        (1, "PaymentCaptured", None, "job begin_attempt"),
        (2, "OrderConfirmed", "ConfirmOrder", "confirm_orders"),
        (3, "StockCommitted", "CommitStock", "sell_stock"),
    ]
    assert told(sold["up"]) == [(0, "PaymentRequested", None, None), *way[:2]]
    assert told([sold["event"]]) == way[2:]
    request = sold["up"][0]
    assert (request["actor"], request["causedBy"]) == (market.cara.id, None)
    assert [each["causedBy"] for each in (*sold["up"][1:], sold["event"])] == [each["eventId"] for each in sold["up"]]
    begun = auditor.get(f"/v1/audit/events/{request['eventId']}/causes")
    assert {each["type"] for each in begun["together"]} == {"orders.OrderPlaced", "stock.StockReserved", "orders.CartCheckedOut"}
    assert {each["commandId"] for each in begun["together"]} == {request["commandId"]}
    assert told(begun["down"])[:3] == way
    assert {each["type"] for each in begun["down"][3:]} == {"invoices.NumberTaken", "invoices.InvoiceIssued"}
    assert (begun["correlationId"], begun["up"], begun["cut"]) == (sold["correlationId"], [], False)


def test_a_cause_says_nobodys_private_words(market: Market, auditor: Person):
    bought(market)
    for type_ in ("users.UserRegistered", "orders.OrderPlaced", "invoices.InvoiceIssued"):
        answer = auditor.ask("GET", f"/v1/audit/events/{first(auditor, type_)['eventId']}/causes")
        assert answer.status_code == 200
        assert "Seestrasse" not in answer.text
        assert "Sousa" not in answer.text


def test_what_nobody_recorded_has_no_causes(auditor: Person):
    for unknown in ("01979c5e-7c00-7000-8000-00000000dead", "6f1f7a3e-2f7c-4f0e-9a80-0d3a1c1f2b11"):
        assert auditor.get(f"/v1/audit/events/{unknown}/causes", 404) == ("event_not_found", None)

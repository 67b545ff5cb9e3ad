"""M9: what the market comes to: sellers see what they sold, those who run it also how full, how punctual and how faithful it is."""

import csv
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from tests.journeys.buying.test_recurring import until_due
from tests.journeys.market import APPROVED, HOME, Basket, Market
from tests.journeys.town import Person


def report(by: Person, name: str) -> list[dict[str, Any]]:
    return by.get(f"/v1/reports/{name}")["items"]


def sums(lines: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(each[name] for name in columns) for each in lines]


def bought(market: Market) -> list[dict[str, Any]]:
    """Six litres and a loaf, one order from each seller, with delivery."""
    cart = Basket(market.cara)
    cart.put(market.milk, 6)
    cart.put(market.bread, 1)
    orders = cart.buy(1860, slot=market.slot)["orders"]
    market.settle()
    return orders


def test_sales_are_told_by_day_product_category_and_seller(market: Market):
    bought(market)
    admin = market.admin()
    (day,) = report(admin, "sales-by-day")
    today = str(market.clock().date())
    assert (day["day"], day["currency"], day["orders"], day["pieces"], day["total"], day["delivery"]) == (today, "CHF", 2, 7, 1470, 390)
    assert day["net"] + day["tax"] == day["total"]
    products = report(admin, "sales-by-product")
    assert sums(products, "listingId", "sku", "pieces", "total") == [(market.milk, "MILK-1L", 6, 1020), (market.bread, "LOAF", 1, 450)]
    assert sums(report(admin, "sales-by-category"), "category", "total") == [("dairy-eggs", 1020), ("bakery", 450)]
    sellers = report(admin, "sales-by-seller")
    assert sums(sellers, "sellerId", "total", "orders") == [(market.ana.id, 1020, 1), (market.bea.id, 450, 1)]


def test_what_is_cancelled_is_taken_off_on_the_day_it_was(market: Market):
    admin = market.admin()
    _, bread = bought(market)
    market.later(timedelta(days=1))
    Basket(market.cara).step(bread["id"], "cancel", {"reason": "changed_mind"})
    market.settle()
    first, second = report(admin, "sales-by-day")
    assert (first["total"], first["orders"]) == (1470, 2)
    assert (second["total"], second["orders"], second["pieces"], second["delivery"]) == (-450, -1, -1, -119)
    assert report(admin, f"sales-by-seller?from={first['day']}&to={first['day']}") != report(admin, "sales-by-seller")
    assert sums(report(admin, "sales-by-product"), "sku", "total") == [("MILK-1L", 1020), ("LOAF", 0)]


def test_a_seller_sees_his_own_sales_and_nothing_of_the_market(market: Market):
    bought(market)
    assert sums(report(market.ana, "sales-by-seller"), "sellerId", "total") == [(market.ana.id, 1020)]
    assert sums(report(market.ana, "sales-by-product"), "sku") == [("MILK-1L",)]
    assert report(market.ana, f"sales-by-day?seller={market.bea.id}") == []
    assert report(market.cara, "sales-by-day") == []
    names = {each["name"] for each in market.ana.get("/v1/reports")["items"]}
    assert names == {
        "sales-by-day",
        "sales-by-product",
        "sales-by-category",
        "sales-by-seller",
        "deliveries-by-day",
        "deliveries-by-zone",
        "groups-by-day",
        "groups-by-category",
        "groups-by-supplier",
        "supplier-performance",
    }
    assert market.ana.get("/v1/reports/slot-utilisation", 404) == ("report_not_found", None)
    assert market.guest().get("/v1/reports/sales-by-day", 401) == ("unauthenticated", None)


def test_a_report_is_a_file_and_comes_in_pages_that_fit_it_only(market: Market):
    bought(market)
    admin = market.admin()
    answer = admin.ask("GET", "/v1/reports/sales-by-product?limit=1", Accept="text/csv")
    lines = list(csv.DictReader(answer.text.splitlines()))
    columns = next(each["columns"] for each in admin.get("/v1/reports")["items"] if each["name"] == "sales-by-product")
    assert list(lines[0]) == [each["name"] for each in columns]
    assert [each["total"] for each in lines] == ["1020", "450"]
    first = admin.get("/v1/reports/sales-by-product?limit=1")
    second = admin.get(f"/v1/reports/sales-by-product?limit=1&cursor={first['next']}")
    assert [*sums(first["items"], "sku"), *sums(second["items"], "sku"), second["next"]] == [("MILK-1L",), ("LOAF",), None]
    assert admin.get(f"/v1/reports/sales-by-category?cursor={first['next']}", 400) == ("bad_cursor", None)
    assert admin.get("/v1/reports/slot-utilisation?currency=CHF", 422) == ("filter_unsuited", None)
    assert admin.get("/v1/reports/beauty", 404) == ("report_not_found", None)


def test_slots_are_as_full_as_they_are_booked(market: Market):
    bought(market)
    admin = market.admin()
    days = {each["day"]: each for each in report(admin, "slot-utilisation")}
    slot = days.pop(market.day)
    assert (slot["zoneId"], slot["start"]) == (market.zone, "07:00")
    assert (slot["slots"], slot["places"], slot["taken"], slot["utilisation"]) == (1, 2, 2, 10_000)
    assert len(days) > 10  # every morning until a fortnight from now
    assert {(each["places"], each["taken"], each["utilisation"]) for each in days.values()} == {(2, 0, 0)}
    assert report(admin, f"slot-utilisation?zone={uuid4()}") == []
    asked = f"/v1/reports/slot-utilisation?from={market.day}&to=2100-01-01"
    assert admin.get(asked, 422) == ("range_too_long", None)


def test_slots_come_in_pages_and_as_a_file_too(market: Market):
    bought(market)
    admin, until = market.admin(), market.clock().date() + timedelta(days=6)
    asked = f"/v1/reports/slot-utilisation?to={until}"
    whole = admin.get(asked)["items"]
    paged, cursor = list[Any](), ""
    while cursor is not None:
        found = admin.get(f"{asked}&limit=2&cursor={cursor}" if cursor else f"{asked}&limit=2")
        paged += found["items"]
        cursor = found["next"]
    assert (paged, [each["taken"] for each in paged].count(2)) == (whole, 1)
    lines = list(csv.DictReader(admin.ask("GET", asked, Accept="text/csv").text.splitlines()))
    assert [(each["day"], each["taken"]) for each in lines] == [(each["day"], str(each["taken"])) for each in whole]
    other = admin.get(f"{asked}&limit=2")["next"]
    assert admin.get(f"/v1/reports/slot-utilisation?cursor={other}", 400) == ("bad_cursor", None)


def test_deliveries_succeed_and_are_punctual_or_not(market: Market):
    milk, _ = bought(market)
    market.admin().post(f"/v1/users/{market.cara.id}/roles", {"role": "courier"})
    cara = market.sign_in("cara@example.org")
    cara.post("/v1/couriers", {"vehicle": "bicycle", "speed": 15, "capacity": 2, "zones": [market.zone]})
    cara.put("/v1/couriers/me", {"onDuty": True})
    market.ana.post(f"/v1/orders/{milk['id']}/pack")
    market.settle()
    (parcel,) = market.ana.get(f"/v1/deliveries?order={milk['id']}")["items"]
    path = f"/v1/deliveries/{parcel['id']}"
    if parcel["status"] == "OPEN":
        market.admin().post(f"{path}/assign", {"courierId": cara.id})
    for step in ("pick-up", "in-transit"):
        cara.post(f"{path}/{step}")
    cara.post(f"{path}/deliver", {"receivedBy": "Mrs Lima", "photo": "media/1"})
    (day,) = report(market.ana, "deliveries-by-day")
    assert (day["attempts"], day["delivered"], day["success"], day["firstTime"]) == (1, 1, 10_000, 10_000)
    assert (day["promised"], day["early"], day["punctuality"]) == (1, 1, 0)
    assert sums(report(market.admin(), "deliveries-by-courier"), "courierId", "delivered") == [(cara.id, 1)]
    assert report(market.bea, "deliveries-by-zone") == []


def test_recurring_orders_are_told_by_the_month_in_which_they_began(market: Market):
    wish = {
        "lines": [{"listingId": market.milk, "quantity": 2}],
        "rule": "FREQ=DAILY;INTERVAL=28",
        "beginsOn": market.day,
        "address": HOME,
        "payment": APPROVED,
    }
    admin = market.admin()
    began = market.clock().date()
    id = market.cara.post("/v1/recurring-orders", wish, 201, Idempotency_Key=str(uuid4()))["id"]
    brought = [until_due(market, market.cara, id) for _ in range(3)]
    months = {12 * (day.year - began.year) + day.month - began.month for day in map(date.fromisoformat, brought)}
    market.cara.post(f"/v1/recurring-orders/{id}/end")
    (month,) = report(admin, "recurring-retention")
    assert month["day"] == str(began.replace(day=1))
    assert (month["started"], month["ended"], month["occurrences"]) == (1, 1, 3)
    assert [month[f"after{number}"] for number in (1, 2, 3)] == [int(number in months) for number in (1, 2, 3)]
    assert [month[f"kept{number}"] for number in (1, 2, 3)] == [10_000 * month[f"after{number}"] for number in (1, 2, 3)]

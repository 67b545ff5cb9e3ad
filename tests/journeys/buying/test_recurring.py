"""M5: Cara has milk brought on weekday mornings: each day becomes an order of its own, and one that fails stops no other."""

import datetime as dt
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.listings.test_listings import ANA, BEN, moderator
from tests.journeys.listings.test_products import LITRE, published
from tests.journeys.town import Person, Town

CARA, STAN = "cara@example.org", "stan@example.org"
WINDOWS = [
    {"weekday": day, "start": "07:00", "end": "09:00", "capacity": 20, "cutoff": 9 * 60, "fee": 300} for day in (1, 2, 3, 4, 5, 6, 7)
]
ZURICH = {"name": "Zürich", "timezone": "Europe/Zurich", "currency": "CHF", "areas": [{"country": "CH", "prefixes": ["80"]}]}
HOME = {"name": "Cara", "lines": ["Seestrasse 1"], "locality": "Zürich", "postalCode": "8001", "country": "CH"}
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def milk(town: Town) -> str:
    """There are five litres."""
    ana = town.registered(ANA)
    listing = published(ana, moderator(town), LITRE)
    ana.post("/v1/stock/MILK-1L/receive", {"quantity": 5})
    return listing


@pytest.fixture
def zone(town: Town) -> str:
    return town.admin().post("/v1/zones", {**ZURICH, "windows": WINDOWS}, 201)["id"]


def wish(town: Town, milk: str, zone: str, **changed: Any) -> dict[str, Any]:
    tomorrow = (town.clock() + dt.timedelta(days=1)).date()
    return {
        "lines": [{"listingId": milk, "quantity": 2}],
        "rule": "FREQ=DAILY",
        "beginsOn": str(tomorrow),
        "address": HOME,
        "payment": {"provider": "sandbox", "method": "4242424242424242"},
        "delivery": {"zoneId": zone, "window": "07:00"},
        **changed,
    }


def started(cara: Person, wanted: dict[str, Any]) -> dict[str, Any]:
    id = cara.post("/v1/recurring-orders", wanted, 201, Idempotency_Key=str(uuid4()))["id"]
    return cara.get(f"/v1/recurring-orders/{id}")


def until_due(town: Town, cara: Person, id: str) -> str:
    """Let time pass until the next day's order is due, and that bit more; says which day that was."""
    order = cara.get(f"/v1/recurring-orders/{id}")
    town.later(dt.datetime.fromisoformat(order["dueAt"]) - town.clock() + MINUTE)
    return order["nextDate"]


def days(cara: Person, id: str) -> list[tuple[str, str, str | None]]:
    items = cara.get(f"/v1/recurring-orders/{id}/occurrences")["items"]
    return [(each["date"], each["outcome"], each["code"]) for each in items]


def test_each_day_becomes_an_order_and_a_failure_stops_no_other(town: Town, milk: str, zone: str):
    cara, ana, stan = town.registered(CARA), town.sign_in(ANA), staff(town)
    order = started(cara, wish(town, milk, zone))
    id = order["id"]
    assert (order["status"], order["currency"], order["schedule"]["rule"]) == ("active", "CHF", "FREQ=DAILY")
    assert order["lines"] == [{"listingId": milk, "sku": "MILK-1L", "quantity": 2}]
    assert (order["address"]["lines"], order["contact"], order["provider"]) == (["Seestrasse 1"], CARA, "sandbox")
    assert order["nextDates"][0] == order["nextDate"]
    assert len(order["nextDates"]) == 10
    assert order["actions"] == ["pause", "skip", "change", "end"]

    first, second = until_due(town, cara, id), until_due(town, cara, id)
    assert days(cara, id) == [(second, "placed", None), (first, "placed", None)]
    placed = cara.get(f"/v1/recurring-orders/{id}/occurrences")["items"][1]
    bought = cara.get(f"/v1/orders/{placed['orderIds'][0]}")
    assert (bought["status"], bought["recurringId"], bought["occurrence"]) == ("CONFIRMED", id, first)

    third = until_due(town, cara, id)  # one litre is left
    assert days(cara, id)[0] == (third, "failed", "out_of_stock")
    assert any("could not be placed" in mail.subject for mail in town.container.mailbox.newest(10, to=CARA))
    (failure,) = stan.get("/v1/recurring-orders/failures")["items"]
    assert (failure["recurringId"], failure["date"], failure["actions"]) == (id, third, ["retry"])

    ana.post("/v1/stock/MILK-1L/receive", {"quantity": 10})
    stan.post(f"/v1/recurring-orders/{id}/occurrences/{third}/retry")
    town.settle()
    assert days(cara, id)[0] == (third, "placed", None)
    assert stan.get("/v1/recurring-orders/failures")["items"] == []
    assert stan.post(f"/v1/recurring-orders/{id}/occurrences/{third}/retry", status=409) == ("occurrence_not_failed", None)
    assert days(cara, id)[0][0] == third
    assert until_due(town, cara, id) > third


def test_it_is_skipped_paused_resumed_changed_and_ended(town: Town, milk: str, zone: str):
    cara = town.registered(CARA)
    order = started(cara, wish(town, milk, zone))
    id, (first, second, third, *_) = order["id"], order["nextDates"]
    cara.post(f"/v1/recurring-orders/{id}/skip", {"date": first})
    cara.post(f"/v1/recurring-orders/{id}/skip", {"date": third})
    page = cara.get(f"/v1/recurring-orders/{id}")
    assert (page["nextDate"], page["nextDates"][:2]) == (second, [second, str(dt.date.fromisoformat(third) + dt.timedelta(days=1))])
    assert cara.post(f"/v1/recurring-orders/{id}/skip", {"date": "2020-01-01"}, 422) == ("date_invalid", "/date")

    cara.post(f"/v1/recurring-orders/{id}/pause")
    paused = cara.get(f"/v1/recurring-orders/{id}")
    assert (paused["status"], paused["nextDate"], paused["actions"]) == ("paused", None, ["resume", "skip", "change", "end"])
    assert cara.post(f"/v1/recurring-orders/{id}/pause", status=409) == ("recurring_order_not_active", None)
    town.later(dt.timedelta(days=4))
    assert days(cara, id) == []
    cara.post(f"/v1/recurring-orders/{id}/resume")
    cara.post(f"/v1/recurring-orders/{id}/change", {"lines": [{"listingId": milk, "sku": "MILK-1L", "quantity": 3}]})
    day = until_due(town, cara, id)
    (placed,) = cara.get(f"/v1/recurring-orders/{id}/occurrences")["items"]
    assert placed["date"] == day
    assert cara.get(f"/v1/orders/{placed['orderIds'][0]}")["lines"][0]["quantity"] == 3

    cara.post(f"/v1/recurring-orders/{id}/end")
    assert cara.get(f"/v1/recurring-orders/{id}")["nextDates"] == []
    town.later(dt.timedelta(days=2))
    assert len(days(cara, id)) == 1
    assert cara.post(f"/v1/recurring-orders/{id}/resume", status=409) == ("recurring_order_not_paused", None)


def test_a_card_that_is_declined_fails_its_day(town: Town, milk: str, zone: str):
    cara, ben = town.registered(CARA), town.registered(BEN)
    id = started(cara, wish(town, milk, zone, payment={"provider": "sandbox", "method": "4000000000000002"}))["id"]
    day = until_due(town, cara, id)
    assert days(cara, id) == [(day, "failed", "payment_failed")]
    assert cara.get(f"/v1/recurring-orders/{id}")["nextDate"] > day

    moved = {"address": {**HOME, "lines": ["Seestrasse 2"]}, "payment": {"provider": "sandbox", "method": "4242424242424242"}}
    put = partial(cara.ask, "PUT", f"/v1/recurring-orders/{id}/details", Idempotency_Key="a new card")
    assert put(moved).status_code == 200
    assert ben.ask("PUT", f"/v1/recurring-orders/{id}/details", moved, Idempotency_Key="theft").status_code == 403
    assert cara.get(f"/v1/recurring-orders/{id}")["address"]["lines"] == ["Seestrasse 2"]
    again = until_due(town, cara, id)
    assert days(cara, id)[0] == (again, "placed", None)


def test_it_is_its_customers_and_the_staffs(town: Town, milk: str, zone: str):
    cara, ben, stan = town.registered(CARA), town.registered(BEN), staff(town)
    id = started(cara, wish(town, milk, zone))["id"]
    assert ben.get(f"/v1/recurring-orders/{id}", 404) == ("recurring_order_not_found", None)
    assert ben.get(f"/v1/recurring-orders/{id}/occurrences", 404) == ("recurring_order_not_found", None)
    assert ben.post(f"/v1/recurring-orders/{id}/pause", status=403) == ("not_yours", None)
    assert ben.get("/v1/recurring-orders/failures", 403) == ("role_missing", None)
    assert ben.get("/v1/recurring-orders")["items"] == []
    assert [each["id"] for each in stan.get("/v1/recurring-orders?status=active")["items"]] == [id]
    assert [each["id"] for each in cara.get("/v1/recurring-orders")["items"]] == [id]
    assert cara.get("/v1/recurring-orders?status=paused")["items"] == []


def test_what_cannot_be_is_refused_by_code_and_field(town: Town, milk: str, zone: str):
    cara = town.registered(CARA)

    def refused(status: int, code: str, pointer: str | None, **changed: Any) -> None:
        assert cara.post("/v1/recurring-orders", wish(town, milk, zone, **changed), status, Idempotency_Key=str(uuid4())) == (code, pointer)

    assert cara.post("/v1/recurring-orders", wish(town, milk, zone), 400) == ("idempotency_key_required", None)
    refused(422, "rule_invalid", "/rule", rule="FREQ=SECONDLY")
    refused(422, "schedule_invalid", "/beginsOn", beginsOn="2020-01-01")
    refused(422, "rule_without_dates", "/rule", rule="FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", beginsOn="2031-02-01")
    refused(409, "not_on_sale", "/lines/0/listingId", lines=[{"listingId": str(uuid4()), "quantity": 1}])
    refused(404, "listing_not_found", None, lines=[{"listingId": zone, "quantity": 1}])
    refused(400, "invalid_body", "/lines/0/quantity", lines=[{"listingId": milk, "quantity": 0}])
    refused(409, "outside_zone", "/address", address={**HOME, "postalCode": "3000"})
    round_about = {**ZURICH, "areas": [], "circle": {"latitude": 47.37, "longitude": 8.54, "kilometres": 10}, "windows": WINDOWS}
    circle = town.admin().post("/v1/zones", round_about, 201)["id"]
    refused(409, "zone_needs_point", None, delivery={"zoneId": circle, "window": "07:00"})
    refused(422, "window_invalid", "/delivery/window", delivery={"zoneId": zone, "window": "12:00"})
    refused(422, "timezone_unknown", "/timezone", delivery=None, timezone="Europe/Nowhere", time="07:00")
    refused(422, "window_invalid", "/time", time="07:00")
    refused(400, "invalid_body", "/time", delivery=None, time="25:00")


def staff(town: Town) -> Person:
    stan = town.registered(STAN, "Stan")
    town.admin().post(f"/v1/users/{stan.id}/roles", {"role": "staff"})
    return town.sign_in(STAN)

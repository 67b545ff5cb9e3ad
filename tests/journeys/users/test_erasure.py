"""Asking to be forgotten over HTTP: what the answer says, taking it back, and what is left when the day has come."""

from collections.abc import Generator
from datetime import timedelta

import pytest

from tests.journeys.market import Basket, Market
from tests.journeys.town import PASSWORD, Person

CARA = "cara@example.org"
MONTH = timedelta(days=30)


@pytest.fixture
def market(database: str) -> Generator[Market]:
    market = Market(database)
    market.settle()
    yield market
    market.close()


def test_a_person_asks_to_be_forgotten_and_takes_it_back(market: Market):
    asked = market.cara.delete("/v1/me")
    profile = market.cara.get("/v1/me")
    assert profile["status"] == "leaving"
    assert profile["erasureDueAt"] == asked["dueAt"]
    assert (asked["blocking"], asked["kept"]) == ([], [])
    assert asked["actions"][-1] == "restore"
    market.cara.post("/v1/me/restore")
    assert market.cara.get("/v1/me")["status"] == "registered"
    assert market.cara.post("/v1/me/restore", status=409) == ("erasure_not_requested", None)
    market.later(MONTH)
    assert market.cara.get("/v1/me")["email"] == CARA


def test_both_are_told_by_mail(market: Market):
    market.cara.delete("/v1/me")
    market.settle()
    market.cara.post("/v1/me/restore")
    market.settle()
    subjects = [each.subject for each in market.container.mailbox.newest(2, to=CARA)]
    assert subjects == ["Your account stays", "Your account will be erased"]


def test_after_the_time_of_grace_nobody_signs_in_and_the_address_is_free(market: Market):
    admin = market.admin()
    market.cara.delete("/v1/me")
    market.later(MONTH)
    assert market.cara.get("/v1/me", 401)
    assert market.guest().post("/v1/sessions", {"email": CARA, "password": PASSWORD}, 401) == ("wrong_credentials", None)
    seen = admin.get(f"/v1/users/{market.cara.id}")
    assert (seen["status"], seen["name"], seen["email"], seen["actions"]) == ("erased", "", "", [])
    again = market.guest().post("/v1/users", {"email": CARA, "name": "Cara Again", "password": PASSWORD}, 201)
    assert again["id"] != market.cara.id


def test_orders_in_flight_are_named_and_put_it_off(market: Market):
    admin, basket = market.admin(), Basket(market.cara)
    basket.put(market.milk, 2)
    order = basket.buy(360 + 390, slot=market.slot)["orders"][0]["id"]
    market.settle()
    market.runner.catch_up()
    asked = market.cara.delete("/v1/me")
    assert {"kind": "order", "id": order} in asked["blocking"]
    market.later(MONTH)
    assert admin.get(f"/v1/users/{market.cara.id}")["status"] == "leaving"
    for step in ("pack", "dispatch", "deliver"):
        Basket(market.ana).step(order, step)
    market.later(timedelta(days=1))
    assert admin.get(f"/v1/users/{market.cara.id}")["status"] == "erased"


def test_an_admin_has_another_person_forgotten_at_once(market: Market):
    admin = market.admin()
    assert admin.post(f"/v1/admin/users/{market.bea.id}/erase", {"graceDays": 0})["blocking"] == []
    market.later(timedelta(minutes=1))
    assert admin.get(f"/v1/users/{market.bea.id}")["status"] == "erased"
    assert market.guest().get(f"/v1/listings/{market.bread}", 404) == ("listing_not_found", None)
    assert admin.post(f"/v1/admin/users/{market.bea.id}/erase", {}, 404) == ("user_not_found", None)
    assert market.cara.post(f"/v1/admin/users/{market.ana.id}/erase", {}, 403) == ("role_missing", None)


def test_the_last_admin_stays(market: Market):
    admin: Person = market.admin()
    assert admin.delete("/v1/me")["blocking"] == [{"kind": "last_admin", "id": admin.id}]
    market.later(MONTH)
    assert admin.get("/v1/me")["status"] == "leaving"

"""C4: groups over HTTP: opened for wholesale goods, joined and left in turn, put off, locked, called off, and closed by the clock."""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.groups.bazaar import SKU, Bazaar, offered, opened, verified
from tests.journeys.groups.till import contribute, gathering, joined, paid, pickup
from tests.journeys.town import Person


@pytest.fixture
def bazaar(database: str) -> Generator[Bazaar]:
    with opened(database) as found:
        yield found


def terms(bazaar: Bazaar, **changed: Any) -> dict[str, Any]:
    at = bazaar.clock()
    window = {"opensAt": (at + timedelta(days=9)).isoformat(), "closesAt": (at + timedelta(days=10)).isoformat()}
    return {
        "listingId": bazaar.maize,
        "minimum": 50,
        "maximum": 200,
        "deadline": (at + timedelta(days=1)).isoformat(),
        "pickups": [{"name": "Gate 2", **window}],
        **changed,
    }


def status(by: Person, group: str) -> str:
    return by.get(f"/v1/groups/{group}")["status"]


def step(by: Person, group: str, name: str, body: Any = None, status: int = 200) -> Any:
    return by.post(f"/v1/groups/{group}/{name}", body, status, Idempotency_Key=str(uuid4()))


def test_a_trader_opens_a_group_for_a_wholesale_listing(bazaar: Bazaar):
    made = bazaar.farai.post("/v1/groups", terms(bazaar, sku=SKU.lower()), 201)
    assert made["actions"] == ["join", "extend", "cancel"]
    shown = bazaar.guest().get(f"/v1/groups/{made['id']}")
    assert (shown["sku"], shown["minimum"], shown["maximum"], shown["status"]) == (SKU, 50, 200, "gathering")


def test_opened_again_by_the_same_key_it_is_the_same_group_whatever_became_of_the_listing(bazaar: Bazaar):
    wanted = terms(bazaar)
    made = bazaar.farai.post("/v1/groups", wanted, 201, Idempotency_Key="once")
    bazaar.tariro.post(f"/v1/listings/{bazaar.maize}/pause")
    assert bazaar.farai.post("/v1/groups", wanted, 201, Idempotency_Key="once") == made
    assert bazaar.farai.post("/v1/groups", wanted, 409, Idempotency_Key="another") == ("not_on_sale", None)


REFUSED: tuple[tuple[dict[str, Any], int, tuple[str, str | None]], ...] = (
    ({"minimum": 49}, 422, ("minimum_below_order", "/minimum")),
    ({"maximum": 49}, 422, ("maximum_invalid", "/maximum")),
    ({"most": 201}, 422, ("limits_invalid", "/most")),
    ({"deadline": "2020-01-01T00:00:00Z"}, 422, ("deadline_invalid", "/deadline")),
    ({"sku": "RICE"}, 409, ("not_on_sale", None)),
    ({"listingId": str(uuid4())}, 404, ("listing_not_found", None)),
    ({"minimum": 0}, 400, ("invalid_body", "/minimum")),
)


def test_terms_that_do_not_fit_are_refused(bazaar: Bazaar):
    for changed, status, refusal in REFUSED:
        assert bazaar.farai.post("/v1/groups", terms(bazaar, **changed), status) == refusal


def test_only_what_is_on_sale_in_bulk_and_not_one_s_own_is_gathered_for(bazaar: Bazaar):
    assert bazaar.tariro.post("/v1/groups", terms(bazaar), 409) == ("own_listing", None)
    other = bazaar.registered("nyasha@bazaar.example")
    verified(other, bazaar.stan, registration="77/2020")
    beans = offered(bazaar.sign_in("nyasha@bazaar.example"), bazaar.mo, title="Beans")
    bazaar.sign_in("nyasha@bazaar.example").post(f"/v1/listings/{beans}/pause")
    assert bazaar.farai.post("/v1/groups", terms(bazaar, listingId=beans), 409) == ("not_on_sale", None)


def test_members_join_change_and_leave_and_who_waits_gets_the_place(bazaar: Bazaar):
    group = gathering(bazaar, maximum=50, most=50)
    joined(bazaar.rudo, group, 40)
    joined(bazaar.chipo, group, 20)
    gate = pickup(bazaar.farai, group)
    assert step(bazaar.rudo, group, "join", {"quantity": 1, "pickupId": gate}, 409) == ("already_joined", None)
    assert step(bazaar.farai, group, "join", {"quantity": 51, "pickupId": gate}, 422) == ("over_limit", "/quantity")
    assert step(bazaar.farai, group, "leave", {}, 409) == ("not_a_member", None)
    assert step(bazaar.rudo, group, "quantity", {"quantity": 51}, 422) == ("over_limit", "/quantity")
    assert step(bazaar.rudo, group, "quantity", {"quantity": 30})["actions"] == ["contributions", "quantity", "leave"]
    shown = bazaar.farai.get(f"/v1/groups/{group}")
    assert shown["progress"]["reserved"] == 50
    step(bazaar.rudo, group, "leave", {})
    assert bazaar.farai.get(f"/v1/groups/{group}")["progress"]["reserved"] == 20
    assert step(bazaar.farai, group, "leave", {"memberId": bazaar.chipo.id})["actions"] == ["join", "extend", "cancel"]
    assert step(bazaar.chipo, group, "join", {"quantity": 1, "pickupId": gate}, 409) == ("not_invited", None)


def test_a_place_that_is_not_paid_for_lapses_after_half_an_hour(bazaar: Bazaar):
    group = gathering(bazaar, maximum=50)
    joined(bazaar.rudo, group, 50)
    joined(bazaar.chipo, group, 50)
    bazaar.later(timedelta(minutes=31))
    assert bazaar.chipo.get(f"/v1/groups/{group}")["progress"]["reserved"] == 50
    bazaar.later(timedelta(minutes=31))
    assert bazaar.chipo.get(f"/v1/groups/{group}")["progress"]["reserved"] == 0


def test_who_gets_a_place_late_has_his_half_hour_from_then_on(bazaar: Bazaar):
    group = gathering(bazaar, maximum=50)
    joined(bazaar.rudo, group, 50)
    joined(bazaar.chipo, group, 50)
    away = timedelta(hours=3)
    bazaar.later(away)
    membership = bazaar.chipo.get(f"/v1/groups/{group}")["membership"]
    left = datetime.fromisoformat(membership["payBy"]) - bazaar.clock()
    assert (membership["standing"], timedelta(minutes=29) < left <= timedelta(minutes=30)) == ("reserved", True)
    bazaar.later(timedelta(minutes=29))
    contribute(bazaar.chipo, group)
    bazaar.settle()
    assert bazaar.chipo.get(f"/v1/groups/{group}")["membership"]["standing"] == "paid"


def test_who_gets_a_place_shortly_before_the_deadline_has_until_then(bazaar: Bazaar):
    group = gathering(bazaar, maximum=50)
    joined(bazaar.rudo, group, 50)
    joined(bazaar.chipo, group, 50)
    shown = bazaar.chipo.get(f"/v1/groups/{group}")
    bazaar.later(datetime.fromisoformat(shown["deadline"]) - bazaar.clock() - timedelta(minutes=10))
    assert bazaar.chipo.get(f"/v1/groups/{group}")["membership"]["payBy"] == shown["deadline"]


def test_the_organiser_locks_once_the_minimum_is_paid_and_others_do_not(bazaar: Bazaar):
    group = gathering(bazaar)
    assert step(bazaar.farai, group, "lock", status=409) == ("minimum_not_reached", None)
    paid(bazaar.rudo, group, 60)
    assert step(bazaar.rudo, group, "lock", status=403) == ("not_yours", None)
    assert "lock" in bazaar.farai.get(f"/v1/groups/{group}")["actions"]
    step(bazaar.farai, group, "lock")
    bazaar.settle()
    assert status(bazaar.farai, group) == "supplier_notified"
    assert step(bazaar.chipo, group, "join", {"quantity": 1, "pickupId": pickup(bazaar.farai, group)}, 409) == ("group_not_gathering", None)


def test_the_deadline_is_put_off_once_and_then_closes_what_nobody_joined(bazaar: Bazaar):
    group = gathering(bazaar)
    later = (bazaar.clock() + timedelta(days=3)).isoformat()
    step(bazaar.farai, group, "extend", {"deadline": later})
    again = (bazaar.clock() + timedelta(days=4)).isoformat()
    assert step(bazaar.farai, group, "extend", {"deadline": again}, 409) == ("deadline_extended_already", None)
    bazaar.later(timedelta(days=2))
    assert status(bazaar.farai, group) == "gathering"
    bazaar.later(timedelta(days=2))
    assert status(bazaar.farai, group) == "closed"


def test_what_is_called_off_is_paid_back(bazaar: Bazaar):
    group = gathering(bazaar)
    paid(bazaar.rudo, group, 10)
    assert step(bazaar.chipo, group, "cancel", status=403) == ("not_yours", None)
    step(bazaar.mo, group, "cancel")
    bazaar.settle()
    assert status(bazaar.farai, group) == "closed"
    assert step(bazaar.farai, group, "cancel", status=409) == ("group_not_cancellable", None)
    assert step(bazaar.stan, group, "retry-refund", {"refundId": str(uuid4())}, 404) == ("refund_not_found", None)

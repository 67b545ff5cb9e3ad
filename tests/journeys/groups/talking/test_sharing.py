"""C7: goods bought together, from signing up to picking up or to the last refund; nobody's money is ever unaccounted for."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest

from application.ports import Unavailable
from tests.journeys.groups.bazaar import Bazaar, opened
from tests.journeys.groups.mill import agreed, answer, arrive, collect, delivered, locked, quote, quote_of, send, shipment_of
from tests.journeys.groups.till import amounts, balanced, gathering, money, paid, status
from tests.journeys.town import Person

HELD = 60 * 550 + 60 * 550
"""What 120 sacks cost at 5.50."""


@pytest.fixture
def bazaar(database: str) -> Generator[Bazaar]:
    with opened(database) as found:
        yield found


@pytest.fixture
def admin(bazaar: Bazaar) -> Person:
    return bazaar.admin()


def papers(by: Person, group: str, kind: str = "invoice") -> list[dict[str, Any]]:
    return by.get(f"/v1/invoices?order={group}&kind={kind}")["items"]


def test_from_signing_up_to_picking_up_and_paying_out(bazaar: Bazaar, admin: Person):
    group = locked(bazaar)
    assert status(bazaar.rudo, group) == "supplier_notified"
    assert amounts(money(bazaar.stan, group)[0])["held"] == HELD

    [asked] = bazaar.tariro.get("/v1/quotes?side=supplier&status=requested")["items"]
    assert (asked["id"], asked["quantity"], asked["held"]["amount"], asked["actions"]) == (quote_of(group), 120, 550, ["submit", "reject"])
    quote(bazaar.tariro, group, 540, note="Of this year's harvest.")
    assert status(bazaar.rudo, group) == "quoted"
    [named] = bazaar.farai.get("/v1/quotes?side=organiser")["items"]
    assert (named["offers"][0]["price"]["amount"], named["actions"]) == (540, ["counter", "accept", "reject"])
    answer(bazaar.farai, group, "accept")
    assert status(bazaar.rudo, group) == "invoiced"
    assert amounts(money(bazaar.stan, group)[0])["held"] == 120 * 540

    [invoice] = papers(bazaar.farai, group)
    assert (invoice["total"]["amount"], invoice["buyerId"], invoice["sellerId"]) == (64_800, bazaar.farai.id, bazaar.tariro.id)
    assert (invoice["seller"]["name"], invoice["seller"]["registration"]) == ("Mbare Millers (Pvt) Ltd", "1234/2019")
    assert bazaar.farai.ask("GET", f"/v1/invoices/{invoice['id']}/pdf").content.startswith(b"%PDF")

    send(bazaar.tariro, group, 70)
    assert status(bazaar.rudo, group) == "invoiced"
    send(bazaar.tariro, group, 50)
    assert status(bazaar.rudo, group) == "shipped"
    arrive(bazaar.farai, group, 2)
    assert bazaar.rudo.get(f"/v1/shipments/{shipment_of(group)}")["underWay"] == 70
    assert arrive(bazaar.tariro, group, 1, 422) == ("proof_required", "/receivedBy")
    arrive(bazaar.tariro, group, 1, receivedBy="Farai, gate 2")
    assert status(bazaar.rudo, group) == "picking_up"

    collect(bazaar, bazaar.rudo, bazaar.chipo)
    assert status(bazaar.rudo, group) == "completed"
    settled = amounts(money(bazaar.tariro, group)[0])
    assert (settled["settled"], settled["fee"], settled.get("held", 0)) == (58_320, 6_480, 0)
    assert balanced(admin)
    assert papers(bazaar.farai, group)[0]["settledAt"]
    bazaar.later(timedelta(days=60))
    assert papers(bazaar.farai, group)[0]["reminders"] == 0
    assert balanced(admin)


def test_a_silent_supplier_costs_nobody_anything(bazaar: Bazaar, admin: Person):
    group = locked(bazaar)
    bazaar.later(timedelta(days=3, minutes=1))
    everything_is_back(bazaar, group, admin, "no_answer")
    assert bazaar.tariro.get(f"/v1/quotes/{quote_of(group)}")["status"] == "lapsed"
    quote(bazaar.tariro, group, 500, 409)


def test_a_supplier_who_refuses_says_why(bazaar: Bazaar, admin: Person):
    group = locked(bazaar)
    answer(bazaar.tariro, group, "reject", {"reason": "The harvest is lost."})
    everything_is_back(bazaar, group, admin, "supplier_refused")
    assert bazaar.farai.get(f"/v1/quotes/{quote_of(group)}")["reason"] == "The harvest is lost."


def test_a_quote_beyond_what_is_held_is_countered_once(bazaar: Bazaar, admin: Person):
    group = locked(bazaar)
    quote(bazaar.tariro, group, 600)
    assert answer(bazaar.farai, group, "accept", status=409) == ("quote_above_held", None)
    answer(bazaar.farai, group, "counter", {"price": 530})
    assert answer(bazaar.farai, group, "counter", {"price": 520}, 409) == ("counter_not_possible", None)
    assert answer(bazaar.tariro, group, "accept")["actions"] == []
    assert status(bazaar.rudo, group) == "invoiced"
    assert amounts(money(bazaar.stan, group)[0])["held"] == 120 * 530
    assert balanced(admin)


def test_an_organiser_who_does_not_answer_a_quote_lets_it_lapse(bazaar: Bazaar, admin: Person):
    group = locked(bazaar)
    quote(bazaar.tariro, group, 550)
    bazaar.later(timedelta(days=4))
    assert status(bazaar.rudo, group) == "quoted"
    bazaar.later(timedelta(days=1, minutes=1))
    everything_is_back(bazaar, group, admin, "no_answer")


def test_goods_that_are_not_all_under_way_in_time_are_paid_back_and_the_invoice_is_taken_back(bazaar: Bazaar, admin: Person):
    group = agreed(bazaar)
    send(bazaar.tariro, group, 119)
    bazaar.later(timedelta(days=7 + 14, minutes=1))
    everything_is_back(bazaar, group, admin, "not_shipped")
    [invoice], [note] = papers(bazaar.farai, group), papers(bazaar.farai, group, "credit_note")
    assert (note["invoiceId"], note["total"], note["reason"]) == (invoice["id"], invoice["total"], "group_failed")
    send(bazaar.tariro, group, 1, 409)
    bazaar.later(timedelta(days=60))
    assert papers(bazaar.farai, group)[0]["reminders"] == 0


def test_goods_that_never_arrive_are_paid_back(bazaar: Bazaar, admin: Person):
    group = agreed(bazaar)
    send(bazaar.tariro, group, 120)
    bazaar.later(timedelta(days=31))
    assert status(bazaar.rudo, group) == "shipped"
    bazaar.later(timedelta(days=2))
    everything_is_back(bazaar, group, admin, "not_shipped")


def test_what_is_wrong_with_the_goods_is_paid_back_by_parts_or_replaced(bazaar: Bazaar, admin: Person):
    group = delivered(bazaar, rudo=70, chipo=50)
    shipment = f"/v1/shipments/{shipment_of(group)}"
    assert bazaar.farai.post(f"{shipment}/issue", {"quantity": 5, "description": "Wet."}, 403) == ("role_missing", None)
    for quantity in (5, 3):
        bazaar.stan.post(f"{shipment}/issue", {"quantity": quantity, "description": "Wet sacks."})
    first, second = bazaar.stan.get(shipment)["issues"]
    refund = {"issueId": first["id"], "way": "refund", "amount": 2_751}
    assert bazaar.stan.post(f"{shipment}/resolve", {**refund, "amount": 70_000}, 422, Idempotency_Key="1") == ("amount_invalid", "/amount")
    bazaar.stan.post(f"{shipment}/resolve", refund, Idempotency_Key="2")
    bazaar.stan.post(f"{shipment}/resolve", refund, Idempotency_Key="2")
    bazaar.stan.post(f"{shipment}/resolve", {"issueId": second["id"], "way": "replacement"}, Idempotency_Key="3")
    bazaar.settle()
    back = [by.get("/v1/me/payments")["items"][0]["returned"] for by in (bazaar.rudo, bazaar.chipo)]
    assert back == [70 * 50 + 1_605, 1_146]
    assert amounts(money(bazaar.stan, group)[0])["held"] == HELD - 2_751
    [note] = papers(bazaar.farai, group, "credit_note")
    assert (note["total"]["amount"], note["reason"]) == (2_751, "quality")
    assert send(bazaar.tariro, group, 3, replaces=second["id"])["actions"] == ["arrive"]
    arrive(bazaar.farai, group, 2)
    assert status(bazaar.rudo, group) == "picking_up"
    collect(bazaar, bazaar.rudo, bazaar.chipo)
    assert amounts(money(bazaar.tariro, group)[0])["settled"] == HELD - 2_751 - 6_325
    late = bazaar.stan.get(shipment)
    assert (late["refunded"]["amount"], late["openIssues"]) == (2_751, 0)
    assert balanced(admin)


def test_once_the_seller_has_the_money_no_complaint_is_paid_from_it(bazaar: Bazaar, admin: Person):
    group = delivered(bazaar)
    shipment = f"/v1/shipments/{shipment_of(group)}"
    bazaar.stan.post(f"{shipment}/issue", {"quantity": 5, "description": "Wet sacks."})
    collect(bazaar, bazaar.rudo, bazaar.chipo)
    refund = {"issueId": bazaar.stan.get(shipment)["issues"][0]["id"], "way": "refund", "amount": 100}
    assert bazaar.stan.post(f"{shipment}/resolve", refund, 409, Idempotency_Key="1") == ("group_settled", None)
    assert bazaar.stan.get(shipment)["refunded"]["amount"] == 0
    assert balanced(admin)


def test_what_nobody_fetches_is_the_sellers_all_the_same_and_the_invoice_is_reminded_of_until_then(bazaar: Bazaar, admin: Person):
    at = bazaar.clock()
    far = {"opensAt": (at + timedelta(days=29)).isoformat(), "closesAt": (at + timedelta(days=30)).isoformat()}
    group = delivered(bazaar, pickups=[{"name": "Gate 2", **far}])
    collect(bazaar, bazaar.rudo)
    bazaar.later(timedelta(days=34))
    assert papers(bazaar.farai, group)[0]["reminders"] == 2
    subjects = [each.subject for each in bazaar.container.mailbox.newest(20, to="farai@bazaar.example")]
    assert sum("is due on" in each for each in subjects) == sum("was due on" in each for each in subjects) == 1
    bazaar.later(timedelta(days=5))
    assert status(bazaar.rudo, group) == "completed"
    bazaar.later(timedelta(days=30))
    assert papers(bazaar.farai, group)[0]["reminders"] == 2
    assert amounts(money(bazaar.tariro, group)[0])["settled"] == HELD - 6_600
    assert balanced(admin)


def test_a_provider_that_is_down_at_the_deadline_pays_everybody_back_once_it_is_up(
    bazaar: Bazaar, admin: Person, monkeypatch: pytest.MonkeyPatch
):
    def down(_back: Any) -> Any:
        raise Unavailable("sandbox")

    group = gathering(bazaar)
    paid(bazaar.rudo, group, 30)
    monkeypatch.setattr(bazaar.container.paying.providers["sandbox"], "refund", down)
    bazaar.later(timedelta(days=1, minutes=1))
    assert status(bazaar.rudo, group) == "refunding"
    assert amounts(money(bazaar.stan, group)[0]) == {"received": 18_000, "returning": 18_000}
    assert balanced(admin)
    monkeypatch.undo()
    bazaar.later(timedelta(hours=2))
    everything_is_back(bazaar, group, admin, "minimum_missed")


def test_a_supplier_has_no_hand_in_anothers_quotes_and_shipments(bazaar: Bazaar):
    group = agreed(bazaar)
    other = bazaar.registered("other@bazaar.example")
    for step in ("submit", "accept", "reject"):
        body = {"price": 1, "quantity": 1, "leadDays": 1, "validUntil": "2030-01-01T00:00:00Z"} if step == "submit" else None
        answer(other, group, step, {"reason": "Mine."} if step == "reject" else body, 403)
    assert send(other, group, 120, 403) == ("not_yours", None)
    assert other.get(f"/v1/quotes/{quote_of(group)}", 404) == ("quote_not_found", None)
    assert other.get(f"/v1/shipments/{shipment_of(group)}", 404) == ("shipment_not_found", None)
    assert other.get("/v1/quotes")["items"] == []


def test_a_clerk_of_the_supplier_quotes_and_ships_for_it(bazaar: Bazaar):
    group = locked(bazaar)
    clerk = bazaar.registered("clerk@bazaar.example")
    assert clerk.get("/v1/quotes")["items"] == []
    bazaar.tariro.post(f"/v1/suppliers/{bazaar.supplier}/members", {"userId": clerk.id, "role": "clerk"})
    clerk.post(f"/v1/suppliers/{bazaar.supplier}/members/accept")
    assert clerk.get(f"/v1/quotes/{quote_of(group)}")["actions"] == ["submit", "reject"]
    assert quote(clerk, group, 550)["actions"] == ["reject"]
    answer(bazaar.farai, group, "accept")
    assert send(clerk, group, 100)["actions"] == ["ship", "arrive"]


def test_whoever_acts_for_the_supplier_sees_what_is_gathered_from_it_by_invitation(bazaar: Bazaar):
    group = gathering(bazaar, visibility="invited", invited=[bazaar.rudo.id])
    clerk = bazaar.registered("clerk@bazaar.example")
    assert clerk.get(f"/v1/groups/{group}", 404) == ("group_not_found", None)
    bazaar.tariro.post(f"/v1/suppliers/{bazaar.supplier}/members", {"userId": clerk.id, "role": "clerk"})
    clerk.post(f"/v1/suppliers/{bazaar.supplier}/members/accept")
    for each in (bazaar.tariro, clerk):
        assert [found["id"] for found in each.get("/v1/me/groups?side=supplied")["items"]] == [group]
        assert each.get(f"/v1/groups/{group}")["actions"] == []
        for part in ("timeline", "live", "members"):
            each.get(f"/v1/groups/{group}/{part}")
    assert bazaar.chipo.get(f"/v1/groups/{group}/live", 404) == ("group_not_found", None)


def everything_is_back(bazaar: Bazaar, group: str, admin: Person, reason: str) -> None:
    """The group is closed, and every cent that came has gone back."""
    assert status(bazaar.farai, group) == "closed"
    assert bazaar.farai.get(f"/v1/groups/{group}")["outcome"]["failed"] == reason
    for each in money(bazaar.stan, group):
        left = amounts(each)
        assert left["received"] == left["returned"]
        assert left.keys() == {"received", "returned"}
    assert balanced(admin)

"""M8: everyone concerned is told of orders and deliveries, by mail and by text as he likes it, and once for each cause."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from projections.mailbox import Received
from tests.journeys.listings.test_listings import moderator
from tests.journeys.listings.test_products import LITRE, offered, published
from tests.journeys.town import Person, Town
from tests.journeys.trade import confirmed

ANA, BEN, CLEO, GUS = (f"{name}@example.org" for name in ("ana", "ben", "cleo", "gus"))
NUMBER = "+351910000001"


def with_role(town: Town, email: str, role: str) -> Person:
    someone = town.registered(email)
    town.admin().post(f"/v1/users/{someone.id}/roles", {"role": role})
    return town.sign_in(email)


def delivered(town: Town, ben: Person, cleo: Person, order: UUID) -> None:
    """From the packing to the door, with everything told that is to be told."""
    town.settle()
    ben.post(f"/v1/orders/{order}/pack")
    town.settle()
    (parcel,) = [each["id"] for each in ben.get(f"/v1/deliveries?order={order}")["items"]]
    ben.post(f"/v1/deliveries/{parcel}/assign", {"courierId": cleo.id})
    for step in ("pick-up", "in-transit"):
        cleo.post(f"/v1/deliveries/{parcel}/{step}")
        town.settle()
    cleo.post(f"/v1/deliveries/{parcel}/deliver", {"receivedBy": "Ana"})
    town.settle()


def on_duty(town: Town) -> Person:
    cleo = with_role(town, CLEO, "courier")
    cleo.post("/v1/couriers", {"vehicle": "bicycle", "speed": 15, "capacity": 5, "zones": []})
    cleo.put("/v1/couriers/me", {"onDuty": True})
    return cleo


def mails(town: Town, to: str) -> list[Received]:
    """About orders, in the order of their arrival."""
    found = town.container.mailbox.newest(50, to=to)[::-1]
    return [each for each in found if each.subject.startswith("Order ")]


def texts(town: Town, to: str) -> list[str]:
    return [each.text for each in town.container.messaging.textbox.newest(50, to=to)[::-1]]


def test_a_buyer_hears_of_each_step_once_and_the_code_reaches_him_in_time(town: Town):
    ana, ben, cleo = town.registered(ANA), with_role(town, BEN, "seller"), on_duty(town)
    order = confirmed(town, ben, UUID(ana.id), ANA)
    delivered(town, ben, cleo, order)
    name = f"Order {order.hex[-8:].upper()}"
    assert [each.subject for each in mails(town, ANA)] == [
        f"{name} is confirmed",
        f"{name} is packed",
        f"{name} was dispatched",
        f"{name} is on its way to you",
        f"{name} was delivered",
    ]
    (delivery,) = ana.get(f"/v1/deliveries?order={order}")["items"]
    assert "2 x Fresh milk" in mails(town, ANA)[0].text
    assert town.container.carrying.codes.of(UUID(delivery["id"])) in mails(town, ANA)[3].text
    town.settle()
    town.later(timedelta(days=1))
    assert len(mails(town, ANA)) == 5
    assert texts(town, NUMBER) == []


def test_who_prefers_texts_gets_texts_of_that_kind_and_no_letters(town: Town):
    ana, ben, cleo = town.registered(ANA), with_role(town, BEN, "seller"), on_duty(town)
    ana.patch("/v1/me/profile", {"phone": NUMBER})
    ana.put("/v1/me/preferences", {"notices": {"deliveries": ["sms"], "orders": []}})
    order = confirmed(town, ben, UUID(ana.id), ANA)
    delivered(town, ben, cleo, order)
    name = order.hex[-8:].upper()
    (delivery,) = ana.get(f"/v1/deliveries?order={order}")["items"]
    code = town.container.carrying.codes.of(UUID(delivery["id"]))
    assert texts(town, NUMBER) == [f"Tradewind: order {name} is on its way. Code for the door: {code}. Tell it when you have the goods."]
    assert mails(town, ANA) == []
    page = town.admin().ask("GET", "/dev/mail/texts")
    assert (page.status_code, code in page.text) == (200, True)


def test_a_guest_is_written_to_and_finds_the_order_by_the_link(town: Town):
    ben, cleo = with_role(town, BEN, "seller"), on_duty(town)
    order = confirmed(town, ben, uuid4(), GUS, guest=True)
    delivered(town, ben, cleo, order)
    letters = mails(town, GUS)
    assert len(letters) == 5
    (link,) = set(letters[0].links)
    assert link.startswith(f"https://tradewind.example/v1/orders/{order}?token=")
    address = link.removeprefix("https://tradewind.example")
    assert town.guest().get(address)["status"] == "DELIVERED"
    assert town.guest().get(f"/v1/orders/{order}", 404) == ("order_not_found", None)
    assert town.guest().get(f"{address}x", 401) == ("cart_token_invalid", None)
    token = address.partition("?")[2]
    (parcel,) = [each["id"] for each in ben.get(f"/v1/deliveries?order={order}")["items"]]
    assert town.guest().get(f"/v1/deliveries/{parcel}?{token}")["status"] == "DELIVERED"
    assert town.guest().get(f"/v1/deliveries/{parcel}/track?{token}")["status"] == "DELIVERED"


def test_a_cancelled_order_says_why_and_that_the_money_comes_back(town: Town):
    ana, ben = town.registered(ANA), with_role(town, BEN, "seller")
    order = confirmed(town, ben, UUID(ana.id), ANA)
    town.settle()
    ben.post(f"/v1/orders/{order}/cancel", {"reason": "out_of_stock"}, Idempotency_Key=str(uuid4()))
    town.settle()
    last = mails(town, ANA)[-1]
    assert last.subject == f"Order {order.hex[-8:].upper()} was cancelled"
    assert "the seller has run out of it" in last.text
    assert "You get 3.20 EUR back" in last.text


def proven(town: Town, email: str, role: str | None = None) -> Person:
    """Somebody whose address is proven: letters of trade go to no other."""
    town.registered(email)
    town.guest().post("/v1/email-verifications/redeem", {"token": town.mail(email, "account/verify-email")})
    if role is not None:
        someone = town.sign_in(email)
        town.admin().post(f"/v1/users/{someone.id}/roles", {"role": role})
    return town.sign_in(email)


def subjects(town: Town, to: str) -> list[str]:
    return [each.subject for each in town.container.mailbox.newest(50, to=to)[::-1]]


def test_who_waits_for_a_product_is_told_once_when_it_is_back_and_its_seller_when_it_runs_low(town: Town):
    ana, ben, mo = proven(town, ANA), proven(town, BEN, "seller"), moderator(town)
    milk = published(ben, mo, {**LITRE, "sku": "Milk-1l", "lowAt": 5})
    draft = offered(ben, {**LITRE, "sku": "OTHER"})
    assert ana.ask("PUT", f"/v1/me/stock-alerts/{draft}").json()["code"] == "listing_not_found"
    for _ in range(2):
        ana.put(f"/v1/me/stock-alerts/{milk}", None)
    assert [each["listingId"] for each in ana.get("/v1/me/stock-alerts")["items"]] == [milk]
    town.settle()
    assert subjects(town, ANA)[-1] == "Welcome to Tradewind"

    ben.post("/v1/stock/mILK-1L/receive", {"quantity": 24})
    town.settle()
    assert subjects(town, ANA)[-1] == "Back in stock: Whole milk"
    assert ana.get("/v1/me/stock-alerts")["items"] == []
    ben.post("/v1/stock/Milk-1l/adjust", {"difference": -20, "reason": "damaged"})
    town.settle()
    assert subjects(town, BEN)[-1].startswith("Running low: ")
    ben.post("/v1/stock/Milk-1l/adjust", {"difference": -4, "reason": "damaged"})
    ben.post("/v1/stock/Milk-1l/receive", {"quantity": 3})
    town.settle()
    assert subjects(town, ANA).count("Back in stock: Whole milk") == 1

    ana.put(f"/v1/me/stock-alerts/{milk}", None)
    ana.delete(f"/v1/me/stock-alerts/{milk}")
    assert ana.get("/v1/me/stock-alerts")["items"] == []


@pytest.mark.parametrize("box", ["/dev/mail", "/dev/mail/messages", "/dev/mail/texts", "/dev/mail/texts/messages"])
def test_in_production_letters_and_texts_that_went_nowhere_are_shown_to_admins_alone(town: Town, box: str):
    staff = with_role(town, "stan@example.org", "staff")
    asked = [each.ask("GET", box).status_code for each in (town.guest(), staff, town.admin())]
    assert asked == [401, 403, 200]
    town.settle()
    letter = town.admin().get("/dev/mail/messages")["items"][0]["id"]
    for part in ("", "/html", "/files/0"):
        assert town.guest().ask("GET", f"/dev/mail/{letter}{part}").status_code == 401

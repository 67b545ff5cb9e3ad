"""M6: Cara pays by every kind of card; whatever the provider says, twice, late or not at all, money is neither lost nor taken twice."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.journeys.market import Basket, Market
from tests.journeys.town import Person, answered

GOOD, DECLINED, SECURE, DELAYED, LATE = "4242424242424242", "4000000000000002", "4000000000003220", "4000000000000077", "4000000000000085"
TIMES_OUT, DOWN, SHORT, TWICE, CHARGED_BACK = (
    "4000000000000036",
    "4000000000000051",
    "4000000000000093",
    "4000000000000127",
    "4000000000000259",
)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Purchase:
    """Six litres of milk for 10.20, paid by the card of this number."""

    def __init__(self, market: Market, number: str) -> None:
        self.market = market
        cart = Basket(market.cara)
        cart.put(market.milk, 6)
        bought = cart.buy(1020, payment={"provider": "sandbox", "method": number})
        self.order_id = bought["orders"][0]["id"]
        self.path = f"/v1/payments/{bought['paymentId']}"
        self.url = urlsplit(bought["checkoutUrl"]).path

    @property
    def payment(self) -> dict[str, Any]:
        return self.market.cara.get(self.path)

    @property
    def order(self) -> str:
        return self.market.cara.get(f"/v1/orders/{self.order_id}")["status"]

    def goes(self) -> str:
        """Where the address leads that the checkout was answered with; to the words of its own page, if nowhere else."""
        answer = self.market.http.get(self.url, follow_redirects=False)
        if answer.status_code == 303:
            return answer.headers["Location"]
        assert answer.status_code == 200
        return "again" if "Refresh" in answer.headers else answer.text.partition("<main>")[2]

    def do(self, by: Person, verb: str, body: Any = None, status: int = 200) -> Any:
        return answered(by.ask("POST", f"{self.path}/{verb}", body, Idempotency_Key=str(uuid4())), status)

    def stands(self, status: str, order: str) -> None:
        assert (self.payment["status"], self.order) == (status, order)


def test_a_card_that_is_approved_pays_the_order_and_is_shown_to_those_who_have_a_part_in_it(market: Market):
    bought = Purchase(market, GOOD)
    assert (bought.payment["status"], bought.payment["outcome"], bought.payment["actions"]) == ("pending", "PENDING", ["cancel"])
    market.settle()
    bought.stands("captured", "CONFIRMED")
    assert (bought.payment["outcome"], bought.payment["received"]) == ("SUCCESS", 1020)
    assert "4242" not in json.dumps(bought.payment)
    assert market.ana.get(bought.path)["actions"] == ["refund"]
    assert market.bea.get(bought.path, 404) == ("payment_not_found", None)
    assert market.guest().get(bought.path, 404) == ("payment_not_found", None)
    assert [each["id"] for each in market.cara.get("/v1/me/payments")["items"]] == [bought.payment["id"]]
    assert market.ana.get("/v1/me/payments")["items"] == []
    assert [each["id"] for each in market.ana.get("/v1/payments?status=captured")["items"]] == [bought.payment["id"]]


def test_a_declined_card_is_followed_by_another_while_the_order_waits(market: Market):
    bought = Purchase(market, DECLINED)
    market.settle()
    bought.stands("failed", "CREATED")
    assert bought.payment["actions"] == ["retry", "cancel"]
    assert bought.do(market.cara, "retry", {"provider": "nobody", "method": GOOD}, 422) == ("provider_unknown", "/provider")
    assert bought.do(market.cara, "retry", {"provider": "sandbox", "method": "4111"}, 422) == ("method_unknown", "/method")
    assert bought.do(market.bea, "retry", {"provider": "sandbox", "method": GOOD}, 403) == ("not_yours", None)
    bought.do(market.cara, "retry", {"provider": "sandbox", "method": GOOD})
    market.settle()
    bought.stands("captured", "CONFIRMED")
    assert bought.do(market.cara, "retry", {"provider": "sandbox", "method": GOOD}, 409) == ("payment_not_retryable", None)


def test_nothing_moves_without_a_key(market: Market):
    bought = Purchase(market, GOOD)
    market.settle()
    for verb, body in (("refund", {"amount": 1}), ("cancel", None), ("capture", {}), ("retry", {"provider": "sandbox", "method": GOOD})):
        assert market.admin().post(f"{bought.path}/{verb}", body, 400) == ("idempotency_key_required", None)


def test_3d_secure_is_approved_on_the_banks_page(market: Market):
    bought = Purchase(market, SECURE)
    market.settle()
    bought.stands("action_required", "CREATED")
    page = bought.payment["actionUrl"].removeprefix("https://tradewind.example")
    assert market.admin().get(bought.path)["actionUrl"] is None
    assert "Approve" in market.http.get(page).text
    assert "captured" in market.http.post(f"{page}/approve").text
    market.settle()
    bought.stands("captured", "CONFIRMED")
    assert bought.payment["actionUrl"] is None
    assert market.http.get("/dev/sandbox/sb_none").status_code == 404


def test_3d_secure_that_is_refused_on_the_banks_page_fails(market: Market):
    bought = Purchase(market, SECURE)
    market.settle()
    page = bought.payment["actionUrl"].removeprefix("https://tradewind.example")
    market.http.post(f"{page}/decline")
    market.settle()
    bought.stands("failed", "CREATED")


def test_the_address_of_a_checkout_leads_to_the_bank_as_soon_as_it_asks(market: Market):
    market.settle()  # so that there is a read model
    bought = Purchase(market, SECURE)
    assert bought.goes() == "again"
    market.settle()
    bank = bought.goes()
    assert bank == bought.payment["actionUrl"]
    market.http.post(f"{urlsplit(bank).path}/decline")
    market.settle()
    assert "came to nothing" in bought.goes()
    bought.do(market.cara, "retry", {"provider": "sandbox", "method": GOOD})
    market.settle()
    assert "Paid." in bought.goes()


@pytest.mark.parametrize("token", ["x", "A" * 64])
def test_nobody_comes_to_a_payment_by_guessing(market: Market, token: str):
    bought = Purchase(market, SECURE)
    assert market.http.get(f"/pay/{token}").status_code == 404
    assert market.http.get(f"/pay/{bought.payment['id']}").status_code == 404
    market.settle()
    changed = bought.url[:-2] + ("A" if bought.url[-2] != "A" else "B") + bought.url[-1]
    assert market.http.get(changed).status_code == 404


def test_a_payer_is_told_that_another_amount_came(market: Market):
    bought = Purchase(market, SHORT)
    market.settle()
    assert "not the amount" in bought.goes()


def test_what_is_approved_a_minute_later_pays_a_minute_later(market: Market):
    bought = Purchase(market, DELAYED)
    market.settle()
    bought.stands("pending", "CREATED")
    market.later(2 * MINUTE)
    bought.stands("captured", "CONFIRMED")


def test_a_call_that_times_out_is_found_and_charged_once(market: Market):
    market.deaf = True
    bought = Purchase(market, TIMES_OUT)
    market.later(MINUTE)
    bought.stands("captured", "CONFIRMED")
    assert bought.payment["received"] == 1020
    assert len(bought.payment["attempts"]) == 1


def test_a_message_that_comes_twice_is_received_once(market: Market):
    bought = Purchase(market, TWICE)
    market.settle()
    bought.stands("captured", "CONFIRMED")
    assert [each["handling"] for each in market.admin().get("/v1/webhooks")["items"]] == ["done"]


def test_a_forged_message_is_refused_and_an_unknown_provider_is_not_there(market: Market):
    bought = Purchase(market, SECURE)
    market.settle()
    (kept,) = market.admin().get("/v1/webhooks")["items"]
    body = {"id": "evt_f", "type": "charge.captured", "data": {"charge": f"sb_{bought.payment['id']}_1"}}
    for headers in ({}, {"Sandbox_Signature": "t=1,v1=00"}):
        answer = market.guest().ask("POST", "/v1/webhooks/sandbox", body, **headers)
        assert answered(answer, 401) == ("signature_invalid", None)
    assert answered(market.guest().ask("POST", "/v1/webhooks/stripe", body), 404) == ("provider_not_found", None)
    large = market.http.post("/v1/webhooks/sandbox", content=b" " * 300_000, headers={"Content-Type": "application/json"})
    assert large.status_code == 413
    assert market.admin().get("/v1/webhooks")["items"] == [kept]
    bought.stands("action_required", "CREATED")


def test_staff_sees_what_providers_have_sent_and_has_it_dealt_with_again(market: Market):
    bought = Purchase(market, GOOD)
    market.settle()
    staff = market.staff()
    (message,) = staff.get("/v1/webhooks?provider=sandbox&handling=done")["items"]
    assert message["paymentId"] == bought.payment["id"]
    assert staff.get(f"/v1/webhooks/{message['id']}")["type"] == "charge.captured"
    assert staff.post(f"/v1/webhooks/{message['id']}/replay", None, 202) == {"due": True}
    market.settle()
    assert bought.payment["received"] == 1020
    assert staff.post(f"/v1/webhooks/{uuid4()}/replay", None, 404) == ("message_not_found", None)
    assert market.cara.get("/v1/webhooks", 403) == ("role_missing", None)
    assert staff.get("/v1/webhooks?cursor=x", 400) == ("bad_cursor", None)


def test_money_that_comes_a_month_late_goes_back(market: Market):
    bought = Purchase(market, LATE)
    market.later(16 * MINUTE)
    bought.stands("cancelled", "CANCELLED")
    market.later(31 * DAY)
    bought.stands("cancelled", "CANCELLED")
    (refund,) = bought.payment["refunds"].values()
    assert (refund["amount"], refund["reason"], refund["state"]) == (1020, "late", "paid")


def test_while_the_provider_is_down_for_an_hour_the_order_is_let_go_and_nothing_is_taken(market: Market):
    bought = Purchase(market, DOWN)
    for _ in range(8):
        market.later(15 * MINUTE)
    bought.stands("cancelled", "CANCELLED")
    assert (bought.payment["received"], bought.payment["attempts"][0]["stage"]) == (0, "begun")


def test_a_wrong_amount_is_held_and_given_back_by_staff(market: Market):
    bought = Purchase(market, SHORT)
    market.settle()
    bought.stands("held", "CREATED")
    assert bought.do(market.ana, "refund", {"amount": 1019}, 403) == ("not_yours", None)
    bought.do(market.staff(), "refund", {"amount": 1019, "reason": "Wrong amount."})
    market.settle()
    bought.stands("failed", "CREATED")


def test_a_seller_gives_part_back_and_no_more_than_came(market: Market):
    bought = Purchase(market, GOOD)
    market.settle()
    key = str(uuid4())
    body = {"amount": 300, "orderId": bought.order_id, "reason": "Two were sour."}
    for _ in range(2):
        answered(market.ana.ask("POST", f"{bought.path}/refund", body, Idempotency_Key=key), 200)
    market.settle()
    assert (bought.payment["status"], bought.payment["returned"]) == ("partially_refunded", 300)
    more = {"amount": 721, "orderId": bought.order_id}
    assert bought.do(market.ana, "refund", more, 422) == ("refund_exceeds_captured", "/amount")
    assert bought.do(market.cara, "refund", more, 403) == ("not_yours", None)
    bought.do(market.ana, "refund", {"amount": 720, "orderId": bought.order_id})
    market.settle()
    assert (bought.payment["status"], bought.payment["outcome"]) == ("refunded", "SUCCESS")


def test_a_paid_order_that_is_cancelled_is_given_back(market: Market):
    bought = Purchase(market, GOOD)
    market.settle()
    Basket(market.cara).step(bought.order_id, "cancel", {"reason": "changed_mind"})
    market.settle()
    bought.stands("refunded", "CANCELLED")
    assert market.left() == (24, 0)


def test_a_bank_that_takes_the_money_back_is_shown(market: Market):
    bought = Purchase(market, CHARGED_BACK)
    market.later(2 * MINUTE)
    assert bought.payment["status"] == "disputed"
    market.later(2 * DAY)
    assert bought.payment["status"] == "charged_back"
    assert [each["state"] for each in bought.payment["disputes"].values()] == ["lost"]


def test_what_a_lost_message_would_have_said_is_found_by_the_daily_comparison(market: Market):
    admin = market.admin()
    market.deaf = True
    bought = Purchase(market, DELAYED)
    market.later(2 * MINUTE)
    bought.stands("pending", "CREATED")
    market.container.paying.compare("sandbox", uuid4())
    market.settle()
    bought.stands("captured", "CONFIRMED")
    found = admin.get("/v1/payments/reconciliations?provider=sandbox&limit=1")
    assert [(each["code"], each["repaired"]) for each in found["items"][0]["differences"]] == [("missed_captured", True)]
    assert market.cara.get("/v1/payments/reconciliations", 403) == ("role_missing", None)


def test_a_payer_may_give_a_payment_up(market: Market):
    bought = Purchase(market, SECURE)
    market.settle()
    page = bought.payment["actionUrl"].removeprefix("https://tradewind.example")
    bought.do(market.cara, "cancel")
    market.settle()
    assert bought.payment["status"] == "cancelled"
    assert "failed" in market.http.get(page).text
    assert bought.do(market.cara, "cancel", status=409) == ("payment_not_cancellable", None)


def test_a_guest_whose_card_is_declined_tries_another_by_the_token_of_his_cart(market: Market):
    cart = Basket(market.guest())
    cart.put(market.milk, 6)
    bought = cart.buy(1020, contact="gus@example.org", payment={"provider": "sandbox", "method": DECLINED})
    market.settle()
    path = f"/v1/payments/{bought['paymentId']}"
    assert answered(cart.ask("GET", path), 200)["actions"] == ["retry", "cancel"]
    body, key = {"provider": "sandbox", "method": GOOD}, str(uuid4())
    assert answered(market.guest().ask("POST", f"{path}/retry", body, Idempotency_Key=key), 401)[0] == "unauthenticated"
    answered(cart.ask("POST", f"{path}/retry", body, Idempotency_Key=key), 200)
    market.settle()
    assert answered(cart.ask("GET", path), 200)["status"] == "captured"


def test_a_checkout_is_refused_for_a_way_to_pay_that_nobody_has(market: Market):
    cart = Basket(market.cara)
    cart.put(market.milk, 6)
    assert cart.buy(1020, 422, payment={"provider": "nobody", "method": GOOD}) == ("provider_unknown", "/payment/provider")
    assert cart.buy(1020, 422, payment={"provider": "sandbox", "method": "4111"}) == ("method_unknown", "/payment/method")
    assert market.left() == (24, 0)

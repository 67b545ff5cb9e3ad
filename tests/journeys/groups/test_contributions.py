"""C5: traders pay for their part of a group purchase: what comes is held for the group, settled with the seller, or goes back whole."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from infrastructure.payments.sandbox.numbers import CARDS, Card
from tests.journeys.groups.bazaar import CHIPO, RUDO, Bazaar, opened
from tests.journeys.groups.till import VISA, amounts, balanced, contribute, gathering, handed_out, joined, money, paid, status
from tests.journeys.town import Person

SLOW, UNREFUNDABLE, TWICE, TOO_LITTLE = "4000000000000077", "4000000000005126", "4000000000000127", "4000000000000093"
CHARGED_BACK, DISPUTED_AND_WON = "4000000000000259", "4000000000001976"


@pytest.fixture
def bazaar(database: str) -> Generator[Bazaar]:
    with opened(database) as found:
        yield found


@pytest.fixture
def group(bazaar: Bazaar) -> str:
    return gathering(bazaar)


@pytest.fixture
def admin(bazaar: Bazaar) -> Person:
    return bazaar.admin()


def test_what_members_pay_is_held_for_the_group(bazaar: Bazaar, group: str, admin: Person):
    joined(bazaar.rudo, group, 40)
    asked = contribute(bazaar.rudo, group)
    assert (asked["amount"], asked["fee"]) == ({"amount": 24_000, "currency": "USD"}, {"amount": 2_400, "currency": "USD"})
    assert (asked["status"], asked["id"]) == ("pending", asked["paymentId"])
    bazaar.settle()
    led = bazaar.http.get(urlsplit(asked["checkoutUrl"]).path).text
    assert "Paid." in led
    assert f'href="/g/{group}"' in led
    shown = bazaar.rudo.get(f"/v1/payments/{asked['paymentId']}")
    assert (shown["status"], shown["purpose"], shown["actions"]) == ("captured", "contribution", [])
    assert amounts(money(bazaar.farai, group)[0]) == {"received": 24_000, "held": 24_000}
    entries = admin.get(f"/v1/ledger/entries?group={group}")["items"]
    assert {each["account"] for each in entries} == {f"group:{group}:held", "provider:sandbox:receivable", "provider:fees"}
    assert balanced(admin)
    assert bazaar.rudo.post(f"/v1/groups/{group}/leave", {}, 409) == ("already_paid", None)


def test_the_money_of_a_group_is_nobody_elses_business(bazaar: Bazaar, group: str):
    assert money(bazaar.tariro, group) == money(bazaar.stan, group) == []
    assert bazaar.chipo.get(f"/v1/groups/{group}/money", 404) == ("group_not_found", None)


def test_asked_twice_by_one_key_it_is_one_payment(bazaar: Bazaar, group: str):
    joined(bazaar.rudo, group, 10)
    first = contribute(bazaar.rudo, group, key="once")
    bazaar.settle()
    assert contribute(bazaar.rudo, group, key="once")["paymentId"] == first["paymentId"]
    assert contribute(bazaar.rudo, group, status=409) == ("already_paid", None)
    answer = bazaar.rudo.ask("POST", f"/v1/groups/{group}/contributions", {"provider": "sandbox", "method": VISA})
    assert answer.json()["code"] == "idempotency_key_required"


def test_an_earlier_payment_is_given_up_for_a_later_one(bazaar: Bazaar, group: str):
    joined(bazaar.rudo, group, 10)
    first = contribute(bazaar.rudo, group, SLOW)["paymentId"]
    second = contribute(bazaar.rudo, group)["paymentId"]
    bazaar.later(timedelta(minutes=2))
    assert [bazaar.rudo.get(f"/v1/payments/{each}")["status"] for each in (first, second)] == ["cancelled", "captured"]
    assert amounts(money(bazaar.farai, group)[0])["held"] == 6_000


def test_what_is_not_paid_in_time_lapses_and_what_comes_late_goes_back(bazaar: Bazaar, group: str, admin: Person):
    joined(bazaar.rudo, group, 10)
    payment = contribute(bazaar.rudo, group, "4000000000000085")["paymentId"]
    bazaar.later(timedelta(minutes=31))
    assert bazaar.rudo.get(f"/v1/payments/{payment}")["status"] == "cancelled"
    assert contribute(bazaar.rudo, group, status=409) == ("reservation_lapsed", None)
    bazaar.later(timedelta(days=31))
    [usd] = money(bazaar.stan, group)
    assert amounts(usd) == {"received": 6_000, "returned": 6_000}
    assert balanced(admin)


def test_who_has_not_joined_or_has_no_way_to_pay_is_told(bazaar: Bazaar, group: str):
    assert contribute(bazaar.chipo, group, status=409) == ("not_a_member", None)
    joined(bazaar.chipo, group, 10)
    assert contribute(bazaar.chipo, group, "4111", status=422) == ("method_unknown", "/method")
    assert contribute(bazaar.chipo, group, currency="ZWG", status=422) == ("unknown_rate", "/currency")
    assert contribute(bazaar.chipo, str(uuid4()), status=404) == ("group_not_found", None)


def test_finalising_asks_the_provider_and_agrees_with_its_message_in_any_order(bazaar: Bazaar, group: str):
    bazaar.deaf = True
    joined(bazaar.rudo, group, 10)
    payment = contribute(bazaar.rudo, group, SLOW)["paymentId"]
    bazaar.settle()
    bazaar.clock.ahead += timedelta(minutes=2)
    told = bazaar.rudo.post(f"/v1/payments/{payment}/finalize", {}, 202)
    assert (told["id"], told["status"], told["outcome"]) == (payment, "pending", "PENDING")
    bazaar.settle()
    assert bazaar.rudo.get(f"/v1/payments/{payment}")["status"] == "captured"
    bazaar.deaf = False
    bazaar.later(timedelta(hours=1))
    bazaar.rudo.post(f"/v1/payments/{payment}/finalize", {}, 202)
    bazaar.settle()
    assert amounts(money(bazaar.farai, group)[0]) == {"received": 6_000, "held": 6_000}
    assert bazaar.chipo.post(f"/v1/payments/{payment}/finalize", {}, 403) == ("not_yours", None)
    assert bazaar.stan.post(f"/v1/payments/{uuid4()}/finalize", {}, 404) == ("payment_not_found", None)


def test_a_group_that_fails_gives_everything_back_also_in_other_currencies(bazaar: Bazaar, group: str, admin: Person):
    paid(bazaar.rudo, group, 20)
    paid(bazaar.chipo, group, 10, TWICE, currency="EUR")
    asked = {each["currency"]: amounts(each["received"] and {"of": each["received"]})["of"] for each in by_currency(bazaar, group)}
    assert asked["USD"] == 12_000
    assert asked["EUR"] == round(6_000 / 1.0411)
    bazaar.later(timedelta(days=1, minutes=1))
    assert status(bazaar.farai, group) == "closed"
    for each in money(bazaar.stan, group):
        assert each["held"]["amount"] == each["returning"]["amount"] == 0
        assert each["received"] == each["returned"]
    assert balanced(admin)


def by_currency(bazaar: Bazaar, group: str) -> list[dict[str, Any]]:
    return [{"currency": each["held"]["currency"], **each} for each in money(bazaar.stan, group)]


def test_a_refund_that_fails_is_shown_and_keeps_the_money_for_its_member_until_staff_pay_it_again(
    bazaar: Bazaar, group: str, admin: Person, monkeypatch: pytest.MonkeyPatch
):
    payment = paid(bazaar.rudo, group, 20, UNREFUNDABLE)
    paid(bazaar.chipo, group, 10)
    bazaar.farai.post(f"/v1/groups/{group}/cancel", {}, Idempotency_Key="off")
    bazaar.later(timedelta(minutes=1))
    assert status(bazaar.farai, group) == "refunding"
    assert amounts(money(bazaar.stan, group)[0]) == {"received": 18_000, "held": 12_000, "returned": 6_000}
    assert balanced(admin)
    [(failed, told)] = bazaar.stan.get(f"/v1/payments/{payment}")["refunds"].items()
    assert told["state"] == "failed"
    monkeypatch.setitem(CARDS, UNREFUNDABLE, Card("approved"))
    bazaar.stan.post(f"/v1/groups/{group}/retry-refund", {"refundId": failed}, Idempotency_Key="again")
    bazaar.later(timedelta(minutes=1))
    assert status(bazaar.farai, group) == "closed"
    assert amounts(money(bazaar.stan, group)[0]) == {"received": 18_000, "returned": 18_000}
    assert balanced(admin)


def test_nobody_but_the_group_gives_a_contribution_back(bazaar: Bazaar, group: str):
    payment = paid(bazaar.rudo, group, 20)
    for by in (bazaar.tariro, bazaar.stan):
        refused = by.post(f"/v1/payments/{payment}/refund", {"amount": 100}, 409 if by is bazaar.stan else 403, Idempotency_Key="back")
        assert refused[0] in {"not_yours", "payment_not_refundable"}
    assert amounts(money(bazaar.stan, group)[0])["held"] == 12_000


def test_a_wrong_amount_counts_for_nobody_until_staff_give_it_back(bazaar: Bazaar, group: str, admin: Person):
    payment = paid(bazaar.rudo, group, 20, TOO_LITTLE)
    assert bazaar.rudo.get(f"/v1/payments/{payment}")["status"] == "held"
    assert bazaar.farai.get(f"/v1/groups/{group}")["progress"]["paid"] == 0
    bazaar.stan.post(f"/v1/payments/{payment}/refund", {"amount": 11_999, "attempt": 1}, Idempotency_Key="back")
    bazaar.settle()
    assert amounts(money(bazaar.stan, group)[0]) == {"received": 11_999, "returned": 11_999}
    assert balanced(admin)


def test_what_is_held_is_settled_with_seller_and_platform_when_the_goods_are_out(bazaar: Bazaar, group: str, admin: Person):
    paid(bazaar.rudo, group, 60)
    paid(bazaar.chipo, group, 60)
    bazaar.farai.post(f"/v1/groups/{group}/lock", {})
    bazaar.settle()
    # 5.50 a sack from 100 on: Rudo paid 6.00, and has the difference back.
    assert amounts(money(bazaar.stan, group)[0]) == {"received": 69_000, "held": 66_000, "returned": 3_000}
    handed_out(bazaar, group, 550)
    assert status(bazaar.farai, group) == "completed"
    assert amounts(money(bazaar.tariro, group)[0]) == {"received": 69_000, "returned": 3_000, "fee": 6_600, "settled": 59_400}
    assert balanced(admin)


def test_what_a_bank_took_back_counts_as_returned_and_the_group_that_failed_closes_by_itself(bazaar: Bazaar, admin: Person):
    """One member's bank decides while the group gives everything back, after it had begun to look into it."""
    group = gathering(bazaar, deadline=(bazaar.clock() + timedelta(days=4)).isoformat())
    paid(bazaar.rudo, group, 20, CHARGED_BACK)
    paid(bazaar.chipo, group, 10)
    bazaar.later(timedelta(minutes=2))
    bazaar.farai.post(f"/v1/groups/{group}/cancel", {}, Idempotency_Key="off")
    bazaar.settle()
    assert status(bazaar.farai, group) == "refunding"
    assert amounts(money(bazaar.stan, group)[0]) == {"received": 18_000, "held": 12_000, "returned": 6_000}
    bazaar.later(timedelta(days=1, minutes=5))
    assert status(bazaar.farai, group) == "closed"
    assert amounts(money(bazaar.stan, group)[0]) == {"received": 18_000, "returned": 18_000}
    accounts = {each["account"]: each["balance"] for each in admin.get("/v1/ledger/accounts?currency=USD")["items"]}
    assert (accounts[f"group:{group}:held"], accounts["refunds"], accounts["disputes"], accounts["platform:losses"]) == (0, 0, 0, 0)
    assert balanced(admin)
    told = {to: [each.subject for each in bazaar.container.mailbox.newest(20, to=to)] for to in (RUDO, CHIPO)}
    assert [any(each.startswith("Paid back") for each in told[to]) for to in (RUDO, CHIPO)] == [False, True]
    with bazaar.container.pool.connection() as connection:
        assert connection.execute("SELECT count(*), sum(amount) FROM sandbox_refunds").fetchone() == (1, 6_000)


def test_where_the_payers_bank_decides_for_the_group_the_money_goes_back_by_us(bazaar: Bazaar, admin: Person):
    group = gathering(bazaar, deadline=(bazaar.clock() + timedelta(days=4)).isoformat())
    payment = paid(bazaar.rudo, group, 20, DISPUTED_AND_WON)
    bazaar.later(timedelta(minutes=2))
    bazaar.farai.post(f"/v1/groups/{group}/cancel", {}, Idempotency_Key="off")
    bazaar.settle()
    assert bazaar.rudo.get(f"/v1/payments/{payment}")["status"] == "disputed"
    bazaar.later(timedelta(days=1, minutes=5))
    assert (status(bazaar.farai, group), bazaar.rudo.get(f"/v1/payments/{payment}")["status"]) == ("closed", "refunded")
    assert amounts(money(bazaar.stan, group)[0]) == {"received": 12_000, "returned": 12_000}
    assert balanced(admin)

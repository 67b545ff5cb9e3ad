"""C5: traders pay their part by Flutterwave, by card or mobile money, and the seller of a settled group is paid by it: each cent once."""

import json
from collections.abc import Generator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from infrastructure.environ import Flutterwave as Settings
from infrastructure.environ import Secret
from infrastructure.payments.flutterwave.provider import SIGNATURE, Flutterwave
from tests.fakes.flutterwave import Flutterwave as Books
from tests.fakes.flutterwave import standing_in
from tests.journeys.groups.bazaar import ACCOUNT, SACK, Bazaar, offered, opened
from tests.journeys.groups.till import amounts, balanced, contribute, gathering, handed_out, joined, money, paid, status

PART, FEE = 60 * 600, 3_600
DUE = PART - FEE
HASH = "a secret hash"


@pytest.fixture
def world(database: str) -> Generator[tuple[Bazaar, Books]]:
    """The traders may pay by the sandbox; sellers are paid by Flutterwave."""
    with ExitStack() as closing:
        books, url = closing.enter_context(standing_in())
        bazaar = closing.enter_context(opened(database))
        provider = Flutterwave(Settings(Secret("FLWSECK_TEST"), Secret(HASH), url))
        closing.callback(provider.close)
        paying: Any = bazaar.container.paying
        paying.providers["flutterwave"] = provider
        paying.payout_providers.clear()
        paying.payout_providers["flutterwave"] = provider.transfers
        yield bazaar, books


def settled(bazaar: Bazaar) -> None:
    group = gathering(bazaar)
    paid(bazaar.rudo, group, 60)
    bazaar.farai.post(f"/v1/groups/{group}/lock", {})
    bazaar.settle()
    handed_out(bazaar, group, 600)


def told(bazaar: Bazaar, data: dict[str, Any], event: str = "transfer.completed", hash: str = HASH, status: int = 200) -> None:
    body = json.dumps({"event": event, "data": data}).encode()
    headers = {SIGNATURE: hash, "Content-Type": "application/json"}
    assert bazaar.http.post("/v1/webhooks/flutterwave", content=body, headers=headers).status_code == status
    bazaar.settle()


def asked(bazaar: Bazaar, method: str, **terms: Any) -> tuple[str, str, str]:
    """The group, the payment of Rudo's part of sixty sacks, and the reference under which Flutterwave has it."""
    group = gathering(bazaar, **terms)
    joined(bazaar.rudo, group, 60)
    part = contribute(bazaar.rudo, group, method, provider="flutterwave")
    assert (part["amount"]["amount"], part["fee"]["amount"]) == (PART, FEE)
    bazaar.settle()
    return group, part["paymentId"], f"{part['paymentId']}.1"


@pytest.mark.parametrize("method", ["card", "mobile_money"])
def test_a_trader_pays_on_its_page_and_message_and_finalising_agree_in_any_order(world: tuple[Bazaar, Books], method: str):
    bazaar, books = world
    group, payment, reference = asked(bazaar, method)
    shown = bazaar.rudo.get(f"/v1/payments/{payment}")
    assert (shown["status"], shown["actionUrl"]) == ("action_required", f"https://checkout.example/{reference}")
    assert (books.links[reference]["amount"], books.links[reference]["currency"]) == ("360.00", "USD")

    came = books.pay(reference)
    told(bazaar, came, "charge.completed", "somebody else's", 401)
    assert bazaar.rudo.get(f"/v1/payments/{payment}")["status"] == "action_required"
    bazaar.rudo.post(f"/v1/payments/{payment}/finalize", {}, 202)
    bazaar.settle()
    for _ in range(2):
        told(bazaar, came, "charge.completed")
    assert bazaar.rudo.get(f"/v1/payments/{payment}")["status"] == "captured"
    assert amounts(money(bazaar.farai, group)[0]) == {"received": PART, "held": PART}
    assert balanced(bazaar.admin())


def test_a_group_that_reckons_in_zimbabwean_dollars_is_paid_in_them_and_given_back_in_them(world: tuple[Bazaar, Books]):
    bazaar, books = world
    admin = bazaar.admin()
    listing = offered(bazaar.tariro, bazaar.mo, {**SACK, "sku": "MAIZE-ZWL", "price": {"amount": 600, "currency": "ZWL"}, "tiers": []})
    bazaar.tariro.post("/v1/stock/MAIZE-ZWL/receive", {"quantity": 1000})
    group, payment, reference = asked(bazaar, "mobile_money", listingId=listing)
    assert (books.links[reference]["currency"], "payment_options" in books.links[reference]) == ("ZWL", False)
    told(bazaar, books.pay(reference), "charge.completed")
    assert bazaar.rudo.get(f"/v1/payments/{payment}")["status"] == "captured"
    bazaar.farai.post(f"/v1/groups/{group}/cancel", {}, Idempotency_Key="off")
    bazaar.later(timedelta(hours=2))
    assert status(bazaar.rudo, group) == "closed"
    assert [(each["tx_id"], each["amount_refunded"]) for each in books.refunds] == [(1000, 360.0)]
    assert amounts(money(bazaar.stan, group)[0]) == {"received": PART, "returned": PART}
    assert balanced(admin)


def payout(bazaar: Bazaar) -> dict[str, Any]:
    [found] = bazaar.tariro.get("/v1/payouts")["items"]
    return found


def test_a_seller_is_paid_by_flutterwave_and_its_message_says_when(world: tuple[Bazaar, Books]):
    bazaar, books = world
    admin = bazaar.admin()
    settled(bazaar)
    assert payout(bazaar)["status"] == "sent"
    [sent] = books.transfers
    assert (sent["amount"], sent["currency"], sent["account_number"], sent["bank_code"]) == (DUE / 100, "USD", "9140001234567", "STBLZWHX")
    told(bazaar, books.arrive())
    assert payout(bazaar)["status"] == "paid"
    assert balanced(admin)


def test_a_lost_answer_is_found_by_its_reference_and_what_fails_stays_due(world: tuple[Bazaar, Books]):
    bazaar, books = world
    admin = bazaar.admin()
    books.lose = True
    settled(bazaar)
    bazaar.later(timedelta(minutes=30))
    assert (payout(bazaar)["status"], len(books.transfers)) == ("sent", 1)
    books.arrive("FAILED", "Account resolve failed")
    bazaar.later(timedelta(hours=5))
    failed = payout(bazaar)
    assert (failed["status"], failed["code"]) == ("failed", "account_resolve_failed")
    bazaar.stan.post(f"/v1/payouts/{failed['id']}/retry", {}, Idempotency_Key="again")
    bazaar.settle()
    told(bazaar, books.arrive())
    assert (payout(bazaar)["status"], payout(bazaar)["attempt"], len(books.transfers)) == ("paid", 2, 2)
    assert balanced(admin)


def test_an_account_in_the_united_states_is_paid_with_what_its_bank_wants_to_know(world: tuple[Bazaar, Books]):
    bazaar, books = world
    path = f"/v1/suppliers/{bazaar.supplier}/bank-details"
    foreign = {**ACCOUNT, "bank": "ABJGUS33", "country": "US", "accountType": "checking"}
    assert bazaar.tariro.ask("PUT", path, {**foreign, "country": "XX"}).json()["pointer"] == "/country"
    bazaar.tariro.put(path, foreign)
    settled(bazaar)
    failed = payout(bazaar)
    assert (failed["status"], failed["code"], books.transfers) == ("failed", "routing_number_missing", [])
    bazaar.tariro.put(path, {**foreign, "branch": "026009593", "bankName": "Bank of the Bay"})
    bazaar.tariro.post("/v1/payouts", {"currency": "USD"}, 201, Idempotency_Key="to another account")
    bazaar.settle()
    [sent] = books.transfers
    [told_of_it] = sent["meta"]
    assert (told_of_it["routing_number"], told_of_it["bank_name"], told_of_it["account_type"]) == (
        "026009593",
        "Bank of the Bay",
        "checking",
    )
    assert (told_of_it["beneficiary_name"], told_of_it["beneficiary_country"]) == ("Mbare Millers", "US")
    assert told_of_it["email"]
    assert told_of_it["beneficiary_address"]

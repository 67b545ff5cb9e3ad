"""The seller of a settled group is paid by Flutterwave: sent once, told by its message, and found where an answer was lost."""

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
from tests.journeys.groups.bazaar import ACCOUNT, Bazaar, opened
from tests.journeys.groups.till import balanced, gathering, handed_out, paid

DUE = 60 * 600 - 3_600
HASH = "a secret hash"


@pytest.fixture
def world(database: str) -> Generator[tuple[Bazaar, Books]]:
    """The traders pay by the sandbox; sellers are paid by Flutterwave."""
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


def told(bazaar: Bazaar, sent: dict[str, Any]) -> None:
    body = json.dumps({"event": "transfer.completed", "event.type": "Transfer", "data": sent}).encode()
    headers = {SIGNATURE: HASH, "Content-Type": "application/json"}
    assert bazaar.http.post("/v1/webhooks/flutterwave", content=body, headers=headers).status_code == 200
    bazaar.settle()


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

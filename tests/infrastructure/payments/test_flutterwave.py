"""Flutterwave by our own client, against a stand-in that answers as its documentation says."""

import json
from collections.abc import Generator
from contextlib import closing
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from application.payments.ports import Back, Charge, Forged, Repaid, Seen, State
from application.ports import Unavailable
from infrastructure.clock import now
from infrastructure.environ import Flutterwave as Settings
from infrastructure.environ import Secret
from infrastructure.payments.flutterwave.provider import SIGNATURE, Flutterwave
from tests.fakes import flutterwave
from tests.fakes.flutterwave import standing_in

HASH = "a secret hash"


@pytest.fixture
def books() -> Generator[tuple[flutterwave.Flutterwave, str]]:
    with standing_in() as found:
        yield found


@pytest.fixture
def theirs(books: tuple[flutterwave.Flutterwave, str]) -> flutterwave.Flutterwave:
    return books[0]


@pytest.fixture
def provider(books: tuple[flutterwave.Flutterwave, str]) -> Generator[Flutterwave]:
    with closing(Flutterwave(Settings(Secret("FLWSECK_TEST"), Secret(HASH), books[1]))) as provider:
        yield provider


def charge(method: str = "card", currency: str = "USD", amount: int = 1050) -> Charge:
    payment = uuid4()
    return Charge(f"{payment}:1", payment, 1, uuid4(), currency, amount, method, False, "https://tw.example/payments/1")


def back(seen: Seen, amount: int = 400) -> Back:
    id = uuid4()
    return Back(seen.payment_id, id, seen.reference, seen.currency, amount)


def message(paid: dict[str, Any], event: str = "charge.completed") -> bytes:
    return json.dumps({"event": event, "data": paid}).encode()


def test_the_payer_is_sent_to_its_page_and_what_he_paid_is_verified(provider: Flutterwave, theirs: flutterwave.Flutterwave):
    asked = charge()
    sent = provider.begin(asked)
    assert (sent.state, sent.action_url) == (State.ACTION_REQUIRED, f"https://checkout.example/{asked.payment_id}.1")
    assert theirs.links[sent.reference]["amount"] == "10.50"
    assert provider.find(asked, now()) is None
    assert provider.look(sent.reference).state is State.PENDING
    paid = theirs.pay(sent.reference)
    expected = Seen(asked.payment_id, 1, sent.reference, State.CAPTURED, "USD", 1050, 140)
    assert provider.find(asked, now()) == provider.look(sent.reference) == provider.understand(message(paid)) == expected


def test_mobile_money_is_asked_for_by_its_name_in_each_currency(provider: Flutterwave, theirs: flutterwave.Flutterwave):
    sent = provider.begin(charge("mobile_money", "ZMW"))
    assert theirs.links[sent.reference]["payment_options"] == "mobilemoneyzambia"
    ugandan = provider.begin(charge("mobile_money", "UGX", 5000))
    assert theirs.links[ugandan.reference]["amount"] == "5000"
    assert [provider.accepts(*each) for each in (("card", "USD"), ("card", "ZWG"), ("mobile_money", "EUR"), ("pm_x", "USD"))] == [
        True,
        True,
        False,
        False,
    ]


def test_where_no_mobile_money_is_documented_its_page_offers_what_the_account_has_or_an_operator_names_it(
    books: tuple[flutterwave.Flutterwave, str], provider: Flutterwave
):
    theirs, url = books
    for currency in ("USD", "ZWG", "ZWL"):
        assert provider.accepts("mobile_money", currency)
        asked = theirs.links[provider.begin(charge("mobile_money", currency)).reference]
        assert ("payment_options" in asked, asked["amount"], asked["currency"]) == (False, "10.50", currency)
    named = Settings(Secret("FLWSECK_TEST"), Secret(HASH), url, {"USD": "mobilemoneyafrica", "EUR": "wallet"})
    with closing(Flutterwave(named)) as other:
        options = [theirs.links[other.begin(charge("mobile_money", each)).reference]["payment_options"] for each in ("USD", "EUR", "KES")]
    assert options == ["mobilemoneyafrica", "wallet", "mpesa"]


def test_what_failed_says_why_and_what_was_paid_otherwise_is_told_as_it_came(provider: Flutterwave, theirs: flutterwave.Flutterwave):
    failed, short = provider.begin(charge()), provider.begin(charge())
    theirs.pay(failed.reference, "failed")
    theirs.pay(short.reference, amount=10.49)
    assert (provider.look(failed.reference).state, provider.look(failed.reference).code) == (State.FAILED, "Insufficient Funds")
    assert provider.look(short.reference).amount == 1049


def test_what_it_refuses_fails_and_what_it_cannot_answer_is_asked_again(provider: Flutterwave, theirs: flutterwave.Flutterwave):
    assert provider.begin(charge(amount=0)).code == "amount_must_be_greater_than_0"
    for status in (401, 429, 500, 502):
        theirs.fail = status
        with pytest.raises(Unavailable):
            provider.begin(charge())
    nowhere = Flutterwave(Settings(Secret("FLWSECK_TEST"), Secret(HASH), "http://127.0.0.1:1/v3"))
    with closing(nowhere), pytest.raises(Unavailable):
        nowhere.begin(charge())


def test_a_refund_is_found_by_its_comment_before_it_is_asked_again(provider: Flutterwave, theirs: flutterwave.Flutterwave):
    sent = provider.begin(charge())
    theirs.pay(sent.reference)
    wanted = back(sent)
    assert provider.find_refund(wanted) is None
    paid = provider.refund(wanted)
    assert paid.state is Repaid.PAID
    provider.refund(back(sent, 100))
    assert provider.find_refund(wanted) == paid
    assert provider.find_refund(replace(wanted, asking=2)) is None
    assert provider.refund(back(sent, 5000)).code == "refund_amount_exceeds_transaction_amount"
    assert provider.refund(back(provider.begin(charge()))).code == "transaction_not_found"


def test_only_messages_with_the_secret_hash_are_believed_and_each_status_once(provider: Flutterwave, theirs: flutterwave.Flutterwave):
    paid = theirs.pay(provider.begin(charge()).reference)
    announced = provider.verify({SIGNATURE: HASH}, message(paid))
    assert announced == provider.verify({SIGNATURE: HASH}, message(paid))
    assert announced != provider.verify({SIGNATURE: HASH}, message({**paid, "status": "pending"}))
    for headers, body in (({}, message(paid)), ({SIGNATURE: "other"}, message(paid)), ({SIGNATURE: HASH}, b"{}")):
        with pytest.raises(Forged):
            provider.verify(headers, body)


def test_a_message_is_a_hint_and_what_it_claims_is_asked_for(provider: Flutterwave, theirs: flutterwave.Flutterwave):
    paid = theirs.pay(provider.begin(charge()).reference, "failed")
    told = provider.understand(message({**paid, "status": "successful"}))
    assert isinstance(told, Seen)
    assert told.state is State.FAILED
    assert provider.understand(message({**paid, "id": 999_999})) is None
    assert provider.understand(message(paid, "subscription.cancelled")) is None


def test_all_pages_of_a_time_are_compared_but_not_what_others_began(provider: Flutterwave, theirs: flutterwave.Flutterwave):
    sent = [provider.begin(charge()).reference for _ in range(3)]
    for each in sent:
        theirs.pay(each)
    theirs.links["by-hand"] = {"amount": "1", "currency": "USD"}
    theirs.pay("by-hand")
    assert [each.reference for each in provider.between(now() - timedelta(days=1), now())] == sent

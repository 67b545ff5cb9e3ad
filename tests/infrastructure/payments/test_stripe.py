"""Stripe through its own SDK: against a stand-in of ours for what localstripe lacks, and against localstripe for what it has."""

import json
from collections.abc import Generator
from contextlib import closing
from datetime import timedelta
from inspect import get_annotations
from typing import Any
from uuid import uuid4

import pytest
import stripe
from msgspec.structs import replace

from application.payments.ports import Back, Charge, Forged, Repaid, Ruling, Seen, SeenDispute, SeenRefund, State
from application.ports import Unavailable
from infrastructure.clock import now
from infrastructure.environ import Secret
from infrastructure.environ import Stripe as Settings
from infrastructure.payments.stripe.provider import SIGNATURE, StripeProvider
from infrastructure.payments.stripe.reading import from_stripe, to_stripe
from tests.fakes.stripe import FEE, Stripe, answers, standing_in

SECRET = "whsec_test"


@pytest.fixture
def books() -> Generator[tuple[Stripe, str]]:
    with standing_in() as found:
        yield found


@pytest.fixture
def theirs(books: tuple[Stripe, str]) -> Stripe:
    return books[0]


@pytest.fixture
def provider(books: tuple[Stripe, str]) -> Generator[StripeProvider]:
    with closing(StripeProvider(Settings(Secret("sk_test_x"), Secret(SECRET), books[1]))) as provider:
        yield provider


def charge(method: str = "pm_card_visa", *, manual: bool = False, currency: str = "USD", amount: int = 1000) -> Charge:
    payment = uuid4()
    return Charge(f"{payment}:1", payment, 1, uuid4(), currency, amount, method, manual, "https://tw.example/payments/1")


def back(seen: Seen, amount: int = 400) -> Back:
    id = uuid4()
    return Back(seen.payment_id, id, seen.reference, seen.currency, amount)


def test_a_card_that_pays_is_captured_with_the_fee_in_the_payments_currency(provider: StripeProvider):
    asked = charge()
    seen = provider.begin(asked)
    assert (seen.payment_id, seen.attempt, seen.state, seen.amount, seen.currency) == (asked.payment_id, 1, State.CAPTURED, 1000, "USD")
    assert seen.fee == (FEE // 2 + 1) * 2
    assert provider.look(seen.reference) == seen


def test_the_same_key_is_the_same_charge(provider: StripeProvider, theirs: Stripe):
    asked = charge()
    assert provider.begin(asked) == provider.begin(asked)
    assert len(theirs.intents) == 1


@pytest.mark.parametrize(
    ("method", "code"), [("pm_card_chargeDeclined", "generic_decline"), ("pm_card_insufficient", "insufficient_funds")]
)
def test_a_declined_card_is_an_answer(provider: StripeProvider, method: str, code: str):
    seen = provider.begin(charge(method))
    assert (seen.state, seen.code) == (State.FAILED, code)
    assert provider.look(seen.reference).code == code


def test_a_method_that_there_is_not_fails(provider: StripeProvider):
    assert provider.begin(charge("pm_none")).code == "resource_missing"
    assert not provider.accepts("4242424242424242", "USD")


def test_3d_secure_leads_to_the_bank(provider: StripeProvider):
    seen = provider.begin(charge("pm_card_threeDSecure2Required"))
    assert (seen.state, seen.action_url) == (State.ACTION_REQUIRED, f"https://bank.example/{seen.reference}")


def test_what_is_authorised_is_captured_in_part_or_let_go_once(provider: StripeProvider):
    kept, left = provider.begin(charge(manual=True)), provider.begin(charge(manual=True))
    assert kept.state is State.AUTHORISED
    taken = provider.capture(kept.reference, 600, "c1")
    assert (taken.state, taken.amount) == (State.CAPTURED, 600)
    assert provider.capture(kept.reference, 600, "c2") == taken
    assert provider.cancel(kept.reference, "x1") == taken
    assert provider.cancel(left.reference, "x2").code == provider.cancel(left.reference, "x3").code == "canceled"


@pytest.mark.parametrize("lost", ["before", "after"])
def test_an_answer_that_never_came_is_asked_for(provider: StripeProvider, theirs: Stripe, lost: str):
    asked, before = charge(), now()
    theirs.lose = lost
    with pytest.raises(Unavailable):
        provider.begin(asked)
    found = provider.find(asked, before)
    assert (found is not None) == (lost == "after")
    assert provider.begin(asked).state is State.CAPTURED
    assert len(theirs.intents) == 1
    assert provider.find(charge(), before) is None


@pytest.mark.parametrize("status", [401, 409, 429, 500, 503])
def test_what_stripe_cannot_answer_now_is_asked_again(provider: StripeProvider, theirs: Stripe, status: int):
    theirs.fail = status
    asked = charge()
    with pytest.raises(Unavailable):
        provider.begin(asked)
    assert provider.begin(asked).state is State.CAPTURED


def test_a_refund_is_paid_once_and_never_more_than_came(provider: StripeProvider):
    seen = provider.begin(charge())
    wanted = back(seen)
    assert provider.find_refund(wanted) is None
    paid = provider.refund(wanted)
    assert (paid.state, paid.refund_id) == (Repaid.PAID, wanted.refund_id)
    assert provider.find_refund(wanted) == paid
    assert provider.refund(back(seen, 700)).code == "charge_already_refunded"


def test_what_was_begun_in_a_time_is_listed_for_comparison_but_not_what_others_began(provider: StripeProvider, theirs: Stripe):
    seen = provider.begin(charge())
    theirs.intents["pi_other"] = {**theirs.intents[seen.reference], "id": "pi_other", "metadata": {}}
    assert list(provider.between(now() - timedelta(hours=1), now() + timedelta(minutes=1))) == [seen]
    assert list(provider.between(now() - timedelta(hours=2), now() - timedelta(hours=1))) == []


def message(kind: str, thing: dict[str, Any]) -> bytes:
    return json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": thing}}).encode()


def signed(body: bytes, secret: str = SECRET, at: int | None = None) -> dict[str, str]:
    return {SIGNATURE: stripe.WebhookSignature.generate_signature_header(body.decode(), secret, at)}


def test_a_message_is_believed_by_stripes_own_signature_and_no_other(provider: StripeProvider):
    body = message("payment_intent.succeeded", {"id": "pi_1", "object": "payment_intent"})
    assert provider.verify(signed(body), body).kind == "payment_intent.succeeded"
    old = int(now().timestamp()) - 3600
    for headers, told in ((signed(body, "whsec_other"), body), (signed(body), body + b" "), (signed(body, at=old), body), ({}, body)):
        with pytest.raises(Forged):
            provider.verify(headers, told)
    for malformed in ("", "t=x,v1=y", "nonsense"):
        with pytest.raises(Forged):
            provider.verify({SIGNATURE: malformed}, body)


def test_a_message_says_how_the_thing_stands_by_now(provider: StripeProvider, theirs: Stripe):
    seen = provider.begin(charge(manual=True))
    early = message("payment_intent.amount_capturable_updated", theirs.intents[seen.reference])
    provider.capture(seen.reference, 1000, "c")
    told = provider.understand(early)
    assert isinstance(told, Seen)
    assert told.state is State.CAPTURED
    provider.refund(back(seen))
    ((id, refund),) = theirs.refunds.items()
    assert isinstance(provider.understand(message("refund.updated", refund)), SeenRefund)
    theirs.refunds[id] = {**refund, "status": "failed", "failure_reason": "lost_or_stolen_card"}
    failed = provider.understand(message("refund.failed", refund))
    assert isinstance(failed, SeenRefund)
    assert (failed.state, failed.code) == (Repaid.FAILED, "lost_or_stolen_card")


def test_a_refund_that_failed_is_another_when_it_is_asked_for_again(provider: StripeProvider, theirs: Stripe):
    first = back(provider.begin(charge()))
    provider.refund(first)
    ((id, refund),) = theirs.refunds.items()
    theirs.refunds[id] = {**refund, "status": "failed", "failure_reason": "charge_disputed"}
    again = replace(first, asking=2)
    assert provider.find_refund(again) is None
    paid = provider.refund(again)
    assert (paid.state, paid.asking, len(theirs.refunds)) == (Repaid.PAID, 2, 2)
    assert provider.find_refund(again) == paid
    failed = provider.find_refund(first)
    assert failed is not None
    assert (failed.state, failed.asking) == (Repaid.FAILED, 1)


@pytest.mark.parametrize(("status", "ruling"), [("needs_response", Ruling.OPEN), ("won", Ruling.WON), ("lost", Ruling.LOST)])
def test_a_dispute_names_the_payment_that_it_is_about(provider: StripeProvider, theirs: Stripe, status: str, ruling: Ruling):
    seen = provider.begin(charge())
    told = provider.understand(message("charge.dispute.created", theirs.dispute(seen.reference, status)))
    expected = SeenDispute(seen.payment_id, 1, f"du_{seen.reference[3:]}", 1000, 1500, "fraudulent", ruling)
    assert told == expected


def test_an_inquiry_and_what_is_not_ours_are_nothing(provider: StripeProvider, theirs: Stripe):
    seen = provider.begin(charge())
    assert provider.understand(message("charge.dispute.created", theirs.dispute(seen.reference, "warning_needs_response"))) is None
    assert provider.understand(message("customer.created", {"id": "cus_1", "object": "customer"})) is None
    theirs.intents["pi_other"] = {**theirs.intents[seen.reference], "id": "pi_other", "metadata": {"payment_id": "x"}}
    assert provider.understand(message("payment_intent.succeeded", {"id": "pi_other", "object": "payment_intent"})) is None


def test_currencies_without_minor_units_are_counted_as_stripe_counts_them(provider: StripeProvider, theirs: Stripe):
    assert [to_stripe(500, each) for each in ("USD", "JPY", "UGX", "ISK")] == [500, 500, 50_000, 50_000]
    assert from_stripe(to_stripe(500, "UGX"), "UGX") == 500
    seen = provider.begin(charge(currency="UGX", amount=700))
    assert (seen.amount, theirs.intents[seen.reference]["amount"]) == (700, 70_000)
    assert replace(seen, fee=0) == replace(provider.look(seen.reference), fee=0)


def test_the_stand_in_answers_only_with_what_the_sdk_declares(provider: StripeProvider, theirs: Stripe):
    seen = provider.begin(charge())
    provider.refund(back(seen))
    theirs.dispute(seen.reference, "lost")
    found = list(answers(theirs))
    assert {name for name, _ in found} == {"PaymentIntent", "Charge", "Refund", "Dispute"}
    for name, thing in found:
        assert thing.keys() <= get_annotations(getattr(stripe, name)).keys()

"""Paid tiers by Stripe's own SDK, against a stand-in of ours: localstripe has neither Checkout nor today's invoices."""

import json
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from inspect import get_annotations
from uuid import UUID

import pytest
import stripe

from application.ports import Unavailable
from application.tiers.ports import Opened, SeenTier, Wanted
from domain.subscriptions.tiers.commands import Stage
from domain.subscriptions.tiers.offers import Period, Tier
from infrastructure.environ import Secret
from infrastructure.environ import Stripe as Settings
from infrastructure.payments.stripe.provider import StripeProvider
from infrastructure.payments.stripe.tiers import StripeTiers
from tests.fakes.stripe import Stripe, standing_in
from tests.fakes.stripe_tiers import FEE

ANA = UUID(int=1)
SOON = datetime(2026, 6, 2, tzinfo=UTC)
PREMIUM = Wanted(ANA, 1, Tier.PREMIUM, Period.MONTHLY, "USD", 1999)


@pytest.fixture
def books() -> Generator[tuple[Stripe, str]]:
    with standing_in() as found:
        yield found


@pytest.fixture
def theirs(books: tuple[Stripe, str]) -> Stripe:
    return books[0]


@pytest.fixture
def provider(books: tuple[Stripe, str]) -> Generator[StripeProvider]:
    with closing(StripeProvider(Settings(Secret("sk_test_x"), Secret("whsec_test"), books[1]))) as provider:
        yield provider


@pytest.fixture
def tiers(provider: StripeProvider) -> StripeTiers:
    return provider.tiers


def opened(tiers: StripeTiers) -> Opened:
    return tiers.open(PREMIUM, SOON, "https://tw.example/v1/subscriptions/me")


def told(provider: StripeProvider, kind: str, id: str) -> SeenTier | None:
    message = {"id": "evt_1", "type": f"{kind}.anything", "data": {"object": {"id": id, "object": kind}}}
    found = provider.understand(json.dumps(message).encode())
    assert found is None or isinstance(found, SeenTier)
    return found


def test_a_checkout_is_opened_once_and_says_where_to_pay(tiers: StripeTiers, theirs: Stripe):
    page = opened(tiers)
    assert page == opened(tiers)
    assert page.url == f"https://checkout.example/{page.reference}"
    assert len(theirs.tiers.sessions) == 1
    assert tiers.outcome(page.reference) is None
    assert theirs.tiers.asked["line_items[0][price_data][recurring][interval]"] == "month"


def test_an_answer_that_never_came_is_asked_for_again_by_the_same_key(tiers: StripeTiers, theirs: Stripe):
    theirs.lose = "after"
    with pytest.raises(Unavailable):
        opened(tiers)
    opened(tiers)
    assert len(theirs.tiers.sessions) == 1


def test_a_paid_checkout_is_a_subscription_with_its_charge(provider: StripeProvider, theirs: Stripe):
    page = opened(provider.tiers)
    subscription = theirs.tiers.complete(page.reference)
    seen = told(provider, "checkout.session", page.reference)
    assert seen is not None
    assert seen == provider.tiers.outcome(page.reference) == told(provider, "subscription", subscription["id"])
    assert (seen.user_id, seen.held.revision, seen.held.tier, seen.held.period) == (ANA, 1, Tier.PREMIUM, Period.MONTHLY)
    assert (seen.stage, seen.amount, seen.currency, seen.charge) == (Stage.PAID, 1999, "USD", subscription["latest_invoice"])
    assert seen.fee == FEE


def test_a_checkout_that_is_closed_cannot_be_paid_and_one_that_was_paid_stays_so(tiers: StripeTiers, theirs: Stripe):
    left, kept = opened(tiers), tiers.open(Wanted(ANA, 2, Tier.PREMIUM, Period.MONTHLY, "USD", 1999), SOON, "https://tw.example")
    theirs.tiers.complete(kept.reference)
    for _ in range(2):
        tiers.close(left.reference)
        tiers.close(kept.reference)
    assert theirs.tiers.sessions[left.reference]["status"] == "expired"
    assert tiers.outcome(kept.reference) is not None


def test_a_missed_payment_counts_its_tries_until_one_succeeds(provider: StripeProvider, theirs: Stripe):
    club = theirs.tiers
    subscription = club.complete(opened(provider.tiers).reference)
    club.declines = True
    invoice = club.renew(subscription)
    missed = told(provider, "invoice", invoice["id"])
    assert missed is not None
    assert (missed.stage, missed.attempt, missed.due_at) == (Stage.MISSED, 1, datetime.fromtimestamp(club.now, UTC))
    again = provider.tiers.retry(subscription["id"])
    assert again is not None
    assert (again.stage, again.attempt) == (Stage.MISSED, 2)
    club.declines = False
    paid = provider.tiers.retry(subscription["id"])
    assert paid is not None
    assert (paid.stage, paid.charge) == (Stage.PAID, invoice["id"])
    assert provider.tiers.retry(subscription["id"]) == paid


def test_before_its_first_invoice_there_is_nothing_to_pay_again(provider: StripeProvider, theirs: Stripe):
    """Stripe is not asked to pay an invoice without a name."""
    subscription = theirs.tiers.complete(opened(provider.tiers).reference)
    subscription["latest_invoice"] = None
    asked: list[str] = []
    answer = theirs.answer
    theirs.answer = lambda method, path, given, key: asked.append(f"{method} {path}") or answer(method, path, given, key)  # type: ignore[method-assign]
    seen = provider.tiers.retry(subscription["id"])
    assert seen is not None
    assert seen.stage is Stage.OPEN
    assert asked
    assert not any(each.endswith("/pay") for each in asked)


def test_an_older_paid_invoice_tells_its_own_period(provider: StripeProvider, theirs: Stripe):
    subscription = theirs.tiers.complete(opened(provider.tiers).reference)
    first = subscription["latest_invoice"]
    before = told(provider, "invoice", first)
    theirs.tiers.renew(subscription)
    assert told(provider, "invoice", first) == before


def test_an_invoice_that_is_still_open_says_nothing_yet(provider: StripeProvider, theirs: Stripe):
    subscription = theirs.tiers.complete(opened(provider.tiers).reference)
    theirs.tiers.invoices[subscription["latest_invoice"]]["status"] = "open"
    seen = told(provider, "subscription", subscription["id"])
    assert seen is not None
    assert seen.stage is Stage.OPEN


def test_a_change_of_tier_carries_its_revision(tiers: StripeTiers, theirs: Stripe):
    subscription = theirs.tiers.complete(opened(tiers).reference)
    changed = tiers.change(subscription["id"], Wanted(ANA, 2, Tier.ENTERPRISE, Period.MONTHLY, "USD", 19999))
    assert changed is not None
    assert (changed.held.revision, changed.held.tier, changed.stage, changed.amount) == (2, Tier.ENTERPRISE, Stage.PAID, 19999)


def test_what_is_cancelled_goes_on_or_not_and_what_has_ended_stays_so(tiers: StripeTiers, theirs: Stripe):
    subscription = theirs.tiers.complete(opened(tiers).reference)
    id = subscription["id"]
    tiers.renew(id, goes_on=False)
    assert theirs.tiers.subscriptions[id]["cancel_at_period_end"]
    tiers.renew(id, goes_on=True)
    assert not theirs.tiers.subscriptions[id]["cancel_at_period_end"]
    for _ in range(2):
        tiers.end(id)
    tiers.renew(id, goes_on=True)
    seen = tiers.look(id)
    assert seen is not None
    assert seen.stage is Stage.ENDED


def test_what_is_not_ours_is_nothing(provider: StripeProvider, theirs: Stripe):
    subscription = theirs.tiers.complete(opened(provider.tiers).reference)
    theirs.tiers.subscriptions[subscription["id"]]["metadata"] = {}
    assert told(provider, "subscription", subscription["id"]) is None
    assert told(provider, "invoice", subscription["latest_invoice"]) is None
    assert told(provider, "customer", "cus_1") is None


def test_the_stand_in_answers_only_with_what_the_sdk_declares(tiers: StripeTiers, theirs: Stripe):
    theirs.tiers.complete(opened(tiers).reference)
    kinds = ((stripe.checkout.Session, theirs.tiers.sessions), (stripe.Subscription, theirs.tiers.subscriptions))
    for kind, things in (*kinds, (stripe.Invoice, theirs.tiers.invoices)):
        for thing in things.values():
            assert thing.keys() <= get_annotations(kind).keys()

"""H4, H5: Ana pays for more room, month by month; what she was charged is shown, what was missed is tried again, and ends in time."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from application.ports import Meta
from domain.subscriptions.tiers.commands import TakePlace
from domain.subscriptions.tiers.offers import OFFERS, Tier
from domain.subscriptions.tiers.places import places_id
from domain.values import SYSTEM
from tests.journeys.listings.test_listings import ANA, BEN, moderator
from tests.journeys.listings.test_products import LITRE, MILK
from tests.journeys.town import Person, Town, answered

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FREE = OFFERS[Tier.FREE].limits.listings or 0


def asks(by: Person, tier: str = "premium", period: str = "monthly", status: int = 200) -> Any:
    body = {"tier": tier, "period": period}
    return answered(by.ask("POST", "/v1/subscriptions", body, Idempotency_Key=str(uuid4())), status)


def mine(by: Person) -> dict[str, Any]:
    return by.get("/v1/subscriptions/me")


def on_page(town: Town, url: str, verb: str) -> None:
    """What a person does on the provider's page."""
    assert town.http.post(f"{urlsplit(url).path}/{verb}").status_code == 200
    town.settle()


def member(town: Town, by: Person, tier: str = "premium") -> str:
    """Has paid for a tier; where that was."""
    asks(by, tier)
    town.settle()
    url = mine(by)["checkoutUrl"]
    on_page(town, url, "pay")
    return url


def charges(by: Person) -> list[int]:
    return [each["amount"] for each in by.get("/v1/subscriptions/me/charges")["items"]]


def letters(town: Town, to: str) -> list[str]:
    town.settle()
    return [mail.subject for mail in town.container.mailbox.newest(50, to=to)][::-1]


def approved(ana: Person, mo: Person, sku: str) -> str:
    """A product that waits to be published."""
    id = ana.post("/v1/listings", {**MILK, "title": f"Milk {sku}"}, 201)["id"]
    ana.put(f"/v1/listings/{id}/variants", {"variants": [{**LITRE, "sku": sku}]})
    ana.post(f"/v1/listings/{id}/submit")
    mo.post(f"/v1/listings/{id}/approve")
    return id


def fill(town: Town, seller: Person, left: int) -> None:
    """Leave only so many places of the free tier."""
    id, user = places_id(UUID(seller.id)), UUID(seller.id)
    taken = [(id, TakePlace(user, uuid4(), None, town.clock())) for _ in range(FREE - left)]
    town.container.handle.together(taken, Meta(uuid4(), SYSTEM.id, uuid4()))


def test_a_tier_is_paid_for_on_the_providers_page_and_begins_by_its_message(town: Town):
    offered = town.guest().get("/v1/subscriptions/tiers")["items"]
    assert {each["tier"]: each["limits"]["listings"] for each in offered} == {
        "free": 200,
        "premium": 1000,
        "professional": 5000,
        "enterprise": None,
    }
    ana = town.registered(ANA)
    before = mine(ana)
    assert (before["tier"], before["standing"], before["checkoutUrl"], before["actions"]) == ("free", "free", None, ["request"])
    asks(ana, "free", status=422)
    assert asks(ana)["actions"] == ["request"]
    town.settle()
    asked = mine(ana)
    assert (asked["tier"], asked["requested"]["tier"]) == ("free", "premium")
    assert asked["checkoutUrl"].startswith("https://tradewind.example/dev/sandbox/subscriptions/")
    on_page(town, asked["checkoutUrl"], "pay")
    held = mine(ana)
    assert (held["tier"], held["standing"], held["period"], held["requested"]) == ("premium", "active", "monthly", None)
    assert (held["limits"]["listings"], held["actions"]) == (1000, ["request", "cancel"])
    assert charges(ana) == [1999]
    assert "Your tier is Premium now" in letters(town, ANA)
    assert asks(ana, status=409) == ("tier_held", None)
    listed = town.admin().get("/v1/subscriptions?tier=premium")["items"]
    assert [each["userId"] for each in listed] == [ana.id]
    assert ana.get("/v1/subscriptions", 403)[0] == "role_missing"


def test_without_an_idempotency_key_nothing_is_asked_for(town: Town):
    ana = town.registered(ANA)
    assert ana.post("/v1/subscriptions", {"tier": "premium", "period": "monthly"}, 400)[0] == "idempotency_key_required"


def test_it_is_renewed_every_month_and_every_charge_stands_in_the_history_and_the_ledger(town: Town):
    admin, ana = town.admin(), town.registered(ANA)
    member(town, ana)
    until = mine(ana)["periodEnds"]
    town.later(32 * DAY)
    assert mine(ana)["periodEnds"] > until
    town.later(31 * DAY)
    assert charges(ana) == [1999, 1999, 1999]
    totals = admin.get("/v1/ledger/trial-balance")["items"]
    assert sum(each["debit"] - each["credit"] for each in totals) == 0
    assert {each["chart"]: each["credit"] for each in totals}["platform:tiers"] == 3 * 1999


def test_a_message_that_never_came_is_made_up_for_by_asking(town: Town):
    ana = town.registered(ANA)
    asks(ana)
    town.settle()
    reference = mine(ana)["checkoutUrl"].rpartition("/")[2]
    paying = town.container.paying
    assert paying.sandbox is not None
    paying.sandbox.tiers.act(reference, "pay")
    with town.container.pool.connection() as connection:
        connection.execute("DELETE FROM jobs WHERE work->>'type' = 'send_sandbox_message'")
    town.settle()
    assert mine(ana)["tier"] == "free"
    town.later(26 * HOUR)
    assert (mine(ana)["tier"], charges(ana)) == ("premium", [1999])


def test_a_missed_payment_is_tried_four_times_told_each_time_and_ends_the_tier_after_its_grace(town: Town):
    ana = town.registered(ANA)
    url = member(town, ana, "enterprise")
    on_page(town, url, "miss")
    town.later(datetime.fromisoformat(mine(ana)["periodEnds"]) - town.clock() + 3 * HOUR)
    missed = mine(ana)
    assert (missed["standing"], missed["tier"], missed["missedAttempts"]) == ("missed", "enterprise", 1)
    for expected, wait in ((2, DAY), (3, 2 * DAY), (4, 2 * DAY), (5, 2 * DAY), (5, 3 * DAY)):
        town.later(wait)
        assert (mine(ana)["missedAttempts"], mine(ana)["tier"]) == (expected, "enterprise")
    town.later(5 * DAY)
    over = mine(ana)
    assert (over["tier"], over["standing"], over["endedReason"]) == ("free", "free", "unpaid")
    told = letters(town, ANA)
    assert told.count("We could not charge you for Enterprise") == 5
    assert told[-1] == "Your tier Enterprise has ended"
    assert charges(ana) == [19999]
    town.later(40 * DAY)
    assert charges(ana) == [19999], "nothing is charged for what has ended"


def test_a_missed_payment_that_succeeds_at_a_later_try_keeps_the_tier(town: Town):
    ana = town.registered(ANA)
    url = member(town, ana)
    on_page(town, url, "miss")
    town.later(32 * DAY)
    on_page(town, url, "mend")
    town.later(2 * DAY)
    kept = mine(ana)
    assert (kept["standing"], kept["missedAttempts"], kept["graceEnds"]) == ("active", 0, None)
    town.later(15 * DAY)
    assert (mine(ana)["tier"], charges(ana)) == ("premium", [1999, 1999])


def test_what_is_cancelled_is_kept_until_its_period_ends_and_can_be_resumed(town: Town):
    ana = town.registered(ANA)
    member(town, ana)
    ana.post("/v1/subscriptions/cancel")
    town.settle()
    assert (mine(ana)["standing"], mine(ana)["actions"]) == ("ending", ["resume"])
    ana.post("/v1/subscriptions/resume")
    town.later(32 * DAY)
    assert (mine(ana)["standing"], charges(ana)) == ("active", [1999, 1999])
    ana.post("/v1/subscriptions/cancel")
    town.later(31 * DAY)
    assert (mine(ana)["tier"], mine(ana)["endedReason"], charges(ana)) == ("free", "cancelled", [1999, 1999])
    assert ana.post("/v1/subscriptions/cancel", None, 409) == ("tier_not_held", None)
    member(town, ana)
    assert mine(ana)["tier"] == "premium"


def test_another_tier_is_changed_to_without_a_checkout(town: Town):
    ana = town.registered(ANA)
    member(town, ana)
    asks(ana, "professional")
    town.settle()
    held = mine(ana)
    assert (held["tier"], held["standing"], held["requested"], held["checkoutUrl"]) == ("professional", "active", None, None)


def test_a_checkout_that_was_left_for_another_can_no_longer_be_paid(town: Town):
    ana = town.registered(ANA)
    asks(ana)
    town.settle()
    left = mine(ana)["checkoutUrl"]
    asks(ana, "professional")
    town.settle()
    url = mine(ana)["checkoutUrl"]
    assert url != left
    on_page(town, left, "pay")
    assert mine(ana)["tier"] == "free"
    on_page(town, url, "pay")
    assert mine(ana)["tier"] == "professional"


def test_no_more_listings_are_on_offer_than_the_tier_allows_however_they_are_published(town: Town):
    ana, mo = town.registered(ANA), moderator(town)
    waiting = [approved(ana, mo, f"M-{each}") for each in range(4)]
    fill(town, ana, left=2)
    with ThreadPoolExecutor(4) as at_once:
        answers = list(at_once.map(lambda each: ana.ask("POST", f"/v1/listings/{each}/publish"), waiting))
    refused = [each.json()["code"] for each in answers if each.status_code == 409]
    assert (sorted(each.status_code for each in answers), refused) == ([200, 200, 409, 409], ["listing_limit_reached"] * 2)
    shown = [id for id in waiting if ana.get(f"/v1/listings/{id}")["status"] == "published"]
    hidden = [id for id in waiting if id not in shown]
    ana.post(f"/v1/listings/{shown[0]}/pause")
    ana.post(f"/v1/listings/{hidden[0]}/publish")
    assert ana.post(f"/v1/listings/{shown[0]}/resume", None, 409)[0] == "listing_limit_reached"
    ana.post(f"/v1/listings/{shown[1]}/archive")
    ana.post(f"/v1/listings/{shown[0]}/resume")
    assert ana.post(f"/v1/listings/{hidden[1]}/publish", None, 409)[0] == "listing_limit_reached"
    member(town, ana)
    ana.post(f"/v1/listings/{hidden[1]}/publish")


def test_nobody_else_is_charged_or_shown(town: Town):
    ana, ben = town.registered(ANA), town.registered(BEN)
    member(town, ana)
    assert (mine(ben)["tier"], charges(ben)) == ("free", [])
    assert "sub_" not in json.dumps(mine(ana)), "what the provider calls it is nobody's business"

"""What members are told of their tier: that it begins, that a payment was missed, that it ends, that it has ended."""

from application.jobs.draft import Draft
from application.jobs.letters.facts import money
from application.jobs.ports import History, Skipped
from domain.subscriptions.tiers.events import PaymentMissed, Standing, TierCancelled, TierEnded, TierStarted
from domain.subscriptions.tiers.membership import Membership, membership_id, memberships
from domain.subscriptions.tiers.offers import CURRENCY, GRACE, OFFERS, RETRIES

WHY = {
    "cancelled": "as you wished",
    "unpaid": "because it was not paid in time",
    "ended": "because its payments were ended",
}

TierTold = TierStarted | PaymentMissed | TierCancelled | TierEnded


class TierLetters:
    def __init__(self, history: History, site: str) -> None:
        self._history = history
        self._site = site

    def told(self, event: TierTold) -> Draft:
        held = event.held
        facts = {
            "tier": held.tier.capitalize(),
            "price": money(OFFERS[held.tier].prices.get(held.period, 0), CURRENCY),
            "period": "month" if held.period == "monthly" else "year",
            "until": f"{held.period_ends:%-d %B %Y}",
            "link": f"{self._site}/v1/subscriptions/me",
        }
        if isinstance(event, PaymentMissed):
            self._still_missed(event)
            facts |= {"again": again(event), "grace": f"{event.due_at + GRACE:%-d %B %Y}"}
        if isinstance(event, TierEnded):
            facts |= {"why": WHY[event.reason]}
        return Draft(event.user_id, "account", facts)

    def _still_missed(self, event: PaymentMissed) -> None:
        """What was made up meanwhile is no news."""
        standing: Membership = memberships.fold(each.event for each in self._history.stream(membership_id(event.user_id)))
        if standing.standing is not Standing.MISSED:
            raise Skipped("paid_meanwhile")


def again(event: PaymentMissed) -> str:
    """When it is tried next, or nothing after the last time."""
    day = next((event.due_at + day for day in RETRIES if event.due_at + day > event.at), None)
    return "" if day is None else f"{day:%-d %B}"

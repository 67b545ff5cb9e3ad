"""What a customer is told of a recurring order: that a day brings nothing, and why."""

import datetime as dt

from application.jobs.draft import Draft
from application.jobs.ports import History, Skipped
from domain.subscriptions.events import OccurrenceFailed, OccurrencePlaced

PAYMENT = frozenset({"payment_failed", "payment_expired"})
"""The letters about the payment and its order have told it."""

WORDS = {
    "out_of_stock": "there is not enough of it left",
    "not_on_sale": "something in it is not sold at present",
    "slot_full": "every place in the delivery is taken",
    "slot_closed": "the delivery could no longer be booked",
    "slot_not_found": "there is no delivery at that time on this day",
    "outside_zone": "the delivery does not reach your address",
    "currency_mixed": "something in it is sold in another currency by now",
    "occurrence_missed": "we were not there in time to place it",
}
OTHERWISE = "of something that was not foreseen"


class RecurringLetters:
    def __init__(self, history: History, site: str) -> None:
        self._history = history
        self._site = site

    def failed(self, event: OccurrenceFailed) -> Draft:
        """Unless it has gone well meanwhile."""
        if event.code in PAYMENT:
            raise Skipped("told_already")
        if self._placed(event):
            raise Skipped("superseded")
        link = f"{self._site}/v1/recurring-orders/{event.recurring_id}"
        facts = {"day": day(event.date), "why": WORDS.get(event.code, OTHERWISE), "link": link}
        return Draft(event.customer_id, "order", facts, notice="orders")

    def _placed(self, event: OccurrenceFailed) -> bool:
        told = (each.event for each in self._history.stream(event.recurring_id))
        return any(isinstance(each, OccurrencePlaced) and each.date == event.date and each.attempt > event.attempt for each in told)


def day(date: dt.date) -> str:
    return f"{date:%A}, {date.day} {date:%B %Y}"

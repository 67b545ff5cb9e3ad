"""What a buyer is told while the goods are on their way."""

from typing import Protocol, runtime_checkable
from uuid import UUID

from application.jobs.draft import Draft
from application.jobs.letters.orders import OrderLetters
from application.jobs.ports import History, Skipped
from domain.deliveries.delivery import CARRIED, Opened, deliveries
from domain.deliveries.events import DeliveryFailed, DeliveryInTransit, FailureReason

WORDS = {
    FailureReason.NOBODY_HOME: "nobody was there to take it",
    FailureReason.ADDRESS_NOT_FOUND: "the address could not be found",
    FailureReason.NO_ACCESS: "the courier could not get to the door",
    FailureReason.REFUSED: "it was not accepted",
    FailureReason.DAMAGED: "it was damaged on the way",
    FailureReason.VEHICLE: "the courier's vehicle broke down",
    FailureReason.OTHER: "something came in between",
}


@runtime_checkable
class Codes(Protocol):
    def of(self, delivery_id: UUID) -> str:
        """The code that the buyer gives to the courier at the door."""
        ...


class DeliveryLetters:
    def __init__(self, history: History, orders: OrderLetters, codes: Codes) -> None:
        self._history = history
        self._orders = orders
        self._codes = codes

    def on_its_way(self, event: DeliveryInTransit) -> Draft:
        """With the code for the door; not once the courier has been there."""
        delivery = deliveries.fold(each.event for each in self._history.stream(event.delivery_id))
        if not isinstance(delivery, Opened) or delivery.status not in CARRIED:
            raise Skipped("superseded")
        return self._orders.to_buyer(self._orders.placed(event.order_id), {"code": self._codes.of(event.delivery_id)}, "deliveries")

    def failed(self, event: DeliveryFailed) -> Draft:
        facts = {"why": WORDS[event.reason], "last": "yes" if event.last else ""}
        return self._orders.to_buyer(self._orders.placed(event.order_id), facts, "deliveries")

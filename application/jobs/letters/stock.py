"""What sellers are told of their stock, and people of what they waited for."""

from application.jobs.draft import Draft
from application.jobs.ports import History, Skipped
from domain.listings.events import Status
from domain.listings.listing import Written, listings
from domain.notifications.events import StockAlertRaised
from domain.stock.events import StockRanLow


class StockLetters:
    def __init__(self, history: History, site: str) -> None:
        self._history = history
        self._site = site

    def low(self, event: StockRanLow) -> Draft:
        facts = {"sku": event.sku, "left": str(event.available), "link": f"{self._site}/v1/stock/{event.sku}"}
        return Draft(event.seller_id, "trade", facts, notice="stock")

    def back(self, event: StockAlertRaised) -> Draft:
        listing = listings.fold(each.event for each in self._history.stream(event.listing_id))
        if not isinstance(listing, Written) or listing.status is not Status.PUBLISHED:
            raise Skipped("not_offered")
        facts = {"title": listing.title, "link": f"{self._site}/v1/listings/{event.listing_id}"}
        return Draft(event.user_id, "trade", facts, notice="stock")

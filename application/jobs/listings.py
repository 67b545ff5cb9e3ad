"""Letters about listings: what a review found, and what somebody asks."""

from uuid import UUID

from application.jobs.draft import Draft, known
from application.jobs.ports import History, Skipped
from domain.listings.events import ChangesRequested, InquirySent, ListingApproved, ListingRejected, ListingSubmitted
from domain.listings.listing import Written, listings
from domain.recorded import Recorded

Reviewed = ListingApproved | ListingRejected | ChangesRequested


class ListingLetters:
    def __init__(self, history: History, site: str) -> None:
        self._history = history
        self._site = site

    def review(self, recorded: Recorded[Reviewed]) -> Draft:
        """To the seller, unless the listing was submitted and decided on in one go, as imports are: nobody waits for that."""
        history = self._history.stream(recorded.stream, recorded.version)
        submitted = [each.command_id for each in history if isinstance(each.event, ListingSubmitted)]
        if submitted and submitted[-1] == recorded.command_id:
            raise Skipped("decided_at_once")
        listing = listings.fold(each.event for each in history)
        if not isinstance(listing, Written):
            raise Skipped("no_listing")
        quote = "" if isinstance(recorded.event, ListingApproved) else recorded.event.reason
        facts = {"title": listing.title, "quote": quote, "link": self._page(recorded.event.listing_id)}
        return Draft(listing.seller_id, "trade", facts, notice="listings")

    def inquiry(self, event: InquirySent) -> Draft:
        listing = listings.fold(each.event for each in self._history.stream(event.listing_id))
        title = listing.title if isinstance(listing, Written) else ""
        facts = {"title": title, "quote": known(event.message), "link": self._page(event.listing_id)}
        return Draft(event.seller_id, "trade", facts, notice="inquiries")

    def _page(self, listing_id: UUID) -> str:
        return f"{self._site}/v1/listings/{listing_id}"

"""How many listings stand in each status, for the people who run the market."""

from domain.listings.events import AFTER, ListingEvent
from projections.listings.page import listing_of
from projections.view import Count


def evolve(_groups: tuple[str, ...], event: ListingEvent) -> tuple[str, ...]:
    return (AFTER[type(event)].value,)


count = Count("listings_by_status", key=listing_of, evolve=evolve, events=tuple(AFTER))

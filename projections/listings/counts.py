"""How many listings stand in each status, for the people who run the market, and in each category, for those who look around."""

from collections.abc import Mapping

from domain.listings.categories import CATEGORIES, within
from domain.listings.events import AFTER, ListingDrafted, ListingEdited, ListingEvent, Status
from projections.listings.page import listing_of
from projections.view import Count


def evolve(_groups: tuple[str, ...], event: ListingEvent) -> tuple[str, ...]:
    return (AFTER[type(event)].value,)


count = Count("listings_by_status", key=listing_of, evolve=evolve, events=tuple(AFTER))


def stand(groups: tuple[str, ...], event: ListingEvent) -> tuple[str, ...]:
    """One group for each status of each category: an event tells one of the two, the group before it the other."""
    status, _, category = groups[0].partition(" ") if groups else (Status.DRAFT.value, "", "")
    if isinstance(event, ListingDrafted | ListingEdited):
        category = event.category
    return (f"{AFTER.get(type(event), status)} {category}",)


by_category = Count("listings_by_category", key=listing_of, evolve=stand, events=(*AFTER, ListingEdited))


def published_in(counted: Mapping[str, int]) -> Mapping[str, int]:
    """How many published listings there are in each category and all below it."""
    return {slug: sum(counted.get(f"{Status.PUBLISHED} {each}", 0) for each in within(slug)) for slug in CATEGORIES}

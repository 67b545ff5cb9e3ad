"""Places for listings, as many as a tier has."""

from uuid import UUID

from domain.subscriptions.tiers.commands import GivePlaceBack, TakePlace
from domain.subscriptions.tiers.events import PlaceGivenBack, PlaceTaken
from domain.subscriptions.tiers.places import places
from tests.bdd import Given
from tests.domain.subscriptions.tiers.club import ANA, NOON

SLOOP, KETCH, YAWL = (UUID(int=100 + each) for each in range(3))


def taken(listing: UUID) -> PlaceTaken:
    return PlaceTaken(ANA.id, listing, NOON)


def takes(listing: UUID, limit: int | None = 2) -> TakePlace:
    return TakePlace(ANA.id, listing, limit, NOON)


def test_each_listing_takes_one_place_once():
    Given(places).when(takes(SLOOP)).then(taken(SLOOP))
    Given(places, taken(SLOOP)).when(takes(SLOOP, limit=1)).then()


def test_no_more_are_taken_than_there_are():
    Given(places, taken(SLOOP), taken(KETCH)).when(takes(YAWL)).rejected("listing_limit_reached")
    Given(places, taken(SLOOP), taken(KETCH)).when(takes(YAWL, limit=None)).then(taken(YAWL))


def test_a_place_that_is_given_back_is_free_again():
    given_back = PlaceGivenBack(ANA.id, SLOOP, NOON)
    Given(places, taken(SLOOP), taken(KETCH)).when(GivePlaceBack(ANA.id, SLOOP, NOON)).then(given_back)
    Given(places, taken(SLOOP), taken(KETCH), given_back).when(takes(YAWL)).then(taken(YAWL))
    Given(places, taken(KETCH)).when(GivePlaceBack(ANA.id, SLOOP, NOON)).then()


def test_whoever_has_more_than_his_new_tier_allows_keeps_them_and_adds_none():
    history = Given(places, taken(SLOOP), taken(KETCH))
    history.when(takes(KETCH, limit=1)).then()
    Given(places, taken(SLOOP), taken(KETCH)).when(takes(YAWL, limit=1)).rejected("listing_limit_reached")

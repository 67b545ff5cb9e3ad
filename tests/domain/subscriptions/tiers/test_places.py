"""Places for listings, as many as a tier has."""

from uuid import UUID

import pytest

from domain.decider import Rejected
from domain.subscriptions.tiers.commands import GivePlaceBack, KeepPlaces, TakePlace
from domain.subscriptions.tiers.events import PlaceGivenBack, PlaceTaken, Use
from domain.subscriptions.tiers.places import places, places_id
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


def test_who_finds_no_room_is_told_how_much_there_is_and_which_tier_has_more():
    before = places.fold([taken(SLOOP), taken(KETCH)])
    with pytest.raises(Rejected) as refused:
        places.decide(takes(YAWL, limit=1), before)
    assert refused.value.detail == "Your tier allows 1 listings on offer; 2 are. They all stay. The tier free allows 200."
    with pytest.raises(Rejected) as refused:
        places.decide(TakePlace(ANA.id, YAWL, 0, NOON, Use.PROMOTION), before)
    assert (refused.value.code, refused.value.detail) == (
        "promotion_limit_reached",
        "Your tier allows 0 promoted listings; 2 are. The tier premium allows 5.",
    )


def test_a_smaller_tier_keeps_the_promotion_of_the_oldest_listings():
    kept = Given(places, taken(YAWL), taken(SLOOP), taken(KETCH))
    kept.when(KeepPlaces(ANA.id, 1, NOON, Use.PROMOTION)).then(
        PlaceGivenBack(ANA.id, KETCH, NOON, Use.PROMOTION), PlaceGivenBack(ANA.id, YAWL, NOON, Use.PROMOTION)
    )
    Given(places, taken(YAWL)).when(KeepPlaces(ANA.id, 1, NOON, Use.PROMOTION)).then()
    Given(places, taken(YAWL)).when(KeepPlaces(ANA.id, None, NOON, Use.PROMOTION)).then()
    assert places_id(ANA.id) != places_id(ANA.id, Use.PROMOTION)

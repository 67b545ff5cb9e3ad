"""Listings that people keep in sight."""

import pytest

from domain.listings.commands import AddFavourite, RemoveFavourite
from domain.listings.events import FavouriteAdded, FavouriteRemoved, Status
from domain.listings.interest.favourite import favourite_id, favourites
from tests.bdd import Given
from tests.domain.listings.boats import ANA, BEN, BOAT, DINGHY, LATER, NOON

added = FavouriteAdded(BEN.id, BOAT, NOON)
removed = FavouriteRemoved(BEN.id, BOAT, LATER)


def add(status: Status | None = Status.PUBLISHED) -> AddFavourite:
    return AddFavourite(BEN.id, BOAT, status, NOON)


def test_a_published_listing_becomes_a_favourite_once():
    Given(favourites).when(add()).then(added)
    Given(favourites, added).when(add()).then()
    Given(favourites, added).when(add(Status.SOLD)).then()


@pytest.mark.parametrize("status", [None, Status.DRAFT, Status.PAUSED])
def test_what_cannot_be_seen_cannot_be_a_favourite(status: Status | None):
    Given(favourites).when(add(status)).rejected("listing_not_found")


def test_a_favourite_is_given_up_once():
    Given(favourites, added).when(RemoveFavourite(BEN.id, BOAT, LATER)).then(removed)
    Given(favourites, added, removed).when(RemoveFavourite(BEN.id, BOAT, LATER)).then()
    Given(favourites).when(RemoveFavourite(BEN.id, BOAT, LATER)).then()
    Given(favourites, added, removed).when(add()).then(added)


def test_each_person_has_a_stream_for_each_listing():
    assert len({favourite_id(who.id, what) for who in (ANA, BEN) for what in (BOAT, DINGHY)}) == 4
    assert favourite_id(BEN.id, BOAT) == favourite_id(BEN.id, BOAT)

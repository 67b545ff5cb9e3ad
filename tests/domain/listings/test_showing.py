"""How a listing is shown: with images, as many as its seller's tier allows, and before others while it is promoted."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from msgspec.structs import replace

from domain.decider import Rejected
from domain.listings import commands as c
from domain.listings.events import ListingDemoted, ListingIllustrated, ListingPromoted
from domain.listings.images import Image
from domain.listings.listing import listings
from domain.values import SYSTEM, Actor
from tests.bdd import Given
from tests.domain.listings.boats import (
    ANA,
    BEN,
    BOAT,
    DECK,
    LATER,
    MO,
    NOON,
    STERN,
    approved,
    archived,
    demoted,
    drafted,
    edited,
    on_sale,
    paused,
    promoted,
    published,
    rejected,
    resumed,
    sold,
    submitted,
)


def shows(*images: Image, limit: int | None = 2, by: Actor = ANA) -> c.IllustrateListing:
    return c.IllustrateListing(BOAT, images, limit, by, NOON)


def shown(*images: Image) -> ListingIllustrated:
    return ListingIllustrated(BOAT, images, NOON)


def demotes(by: Actor = ANA, now: datetime = NOON) -> c.DemoteListing:
    return c.DemoteListing(BOAT, by, now)


def test_images_are_kept_in_their_order_and_can_be_taken_away():
    Given(listings, drafted()).when(shows(DECK, STERN)).then(shown(DECK, STERN))
    Given(listings, drafted(), shown(DECK, STERN)).when(shows(STERN, DECK)).then(shown(STERN, DECK))
    Given(listings, drafted(), shown(DECK, STERN)).when(shows()).then(shown())
    Given(listings, drafted(), shown(DECK)).when(shows(DECK)).then()


def test_what_was_approved_is_reviewed_with_its_new_images_and_what_is_reviewed_stands_still():
    Given(listings, *on_sale).when(shows(DECK)).then(shown(DECK), submitted)
    Given(listings, drafted(), submitted).when(shows(DECK)).rejected("listing_not_editable")
    Given(listings, *on_sale).when(shows(DECK, by=BEN)).rejected("not_yours")


def test_a_tier_allows_so_many_and_whoever_has_more_keeps_them_and_may_take_some_away():
    Given(listings, drafted()).when(shows(DECK, STERN, limit=1)).rejected("image_limit_reached")
    third = replace(STERN, address="https://img.example/bow.jpg")
    had = Given(listings, drafted(), shown(DECK, STERN, third))
    had.when(shows(STERN, DECK, limit=1)).then(shown(STERN, DECK))
    other = replace(STERN, address="https://img.example/mast.jpg")
    Given(listings, drafted(), shown(DECK, STERN, third)).when(shows(DECK, other, limit=1)).rejected("image_limit_reached")
    Given(listings, drafted()).when(shows(DECK, STERN, limit=None)).then(shown(DECK, STERN))


@pytest.mark.parametrize(
    ("images", "code", "pointer"),
    [
        ([replace(DECK, address="http://img.example/a.jpg")], "image_invalid", "/images/0/address"),
        ([replace(DECK, address="https://localhost/a.jpg")], "image_invalid", "/images/0/address"),
        ([replace(DECK, address="https://10.0.0.1/a.jpg")], "image_invalid", "/images/0/address"),
        ([replace(DECK, address="https://ana:secret@img.example/a.jpg")], "image_invalid", "/images/0/address"),
        ([replace(DECK, address="https://img.example/a b.jpg")], "image_invalid", "/images/0/address"),
        ([replace(DECK, address="https://img.example/" + "a" * 2000)], "image_invalid", "/images/0/address"),
        ([DECK, DECK], "image_repeated", "/images/1/address"),
        ([replace(DECK, height=None)], "image_invalid", "/images/0"),
        ([replace(DECK, height=0)], "image_invalid", "/images/0/height"),
        ([replace(DECK, width=100_001)], "image_invalid", "/images/0/width"),
        ([STERN, replace(DECK, alt="two\nlines")], "text_invalid", "/images/1/alt"),
    ],
)
def test_what_is_wrong_with_an_image_is_told_by_its_field(images: Sequence[Image], code: str, pointer: str):
    with pytest.raises(Rejected) as refused:
        listings.decide(shows(*images, limit=None), listings.fold([drafted()]))
    assert (refused.value.code, refused.value.pointer) == (code, pointer)


def test_what_is_published_is_promoted_once_until_it_is_demoted():
    promote = c.PromoteListing(BOAT, ANA, NOON)
    Given(listings, *on_sale).when(promote).then(ListingPromoted(BOAT, NOON))
    Given(listings, *on_sale, promoted).when(promote).then()
    Given(listings, drafted(), submitted, approved).when(promote).rejected("listing_not_published")
    Given(listings, *on_sale).when(replace(promote, by=MO)).rejected("not_yours")
    Given(listings, *on_sale, promoted).when(demotes()).then(demoted)
    Given(listings, *on_sale).when(demotes()).then()
    Given(listings, *on_sale, promoted).when(demotes(by=BEN)).rejected("not_yours")


def test_what_is_taken_down_is_promoted_no_longer_and_what_is_reviewed_still_is():
    for command, event in (
        (c.PauseListing(BOAT, ANA, NOON), paused),
        (c.MarkListingSold(BOAT, ANA, NOON), sold),
        (c.ArchiveListing(BOAT, ANA, NOON), archived),
    ):
        Given(listings, *on_sale, promoted).when(command).then(event, demoted)
    again = (*on_sale, promoted, edited(), submitted)
    Given(listings, *again).when(c.RejectListing(BOAT, "Not a boat.", MO, NOON)).then(rejected, demoted)
    Given(listings, *again).when(c.ApproveListing(BOAT, MO, NOON)).then(approved)


def test_a_promotion_that_began_after_its_place_was_given_back_stays():
    newer = (*on_sale, promoted, paused, demoted, resumed, ListingPromoted(BOAT, LATER))
    Given(listings, *newer).when(demotes(by=SYSTEM)).then()
    Given(listings, *newer).when(demotes(by=SYSTEM, now=LATER)).then(ListingDemoted(BOAT, LATER))


def test_a_listing_is_on_offer_from_its_publishing_until_it_is_taken_down():
    confirm = c.ConfirmOffer(BOAT, SYSTEM, NOON)
    Given(listings, *on_sale).when(confirm).then()
    Given(listings, *on_sale, edited(), submitted).when(confirm).then()
    Given(listings, *on_sale, paused, resumed).when(confirm).then()
    for history in ((drafted(), submitted, approved), (*on_sale, paused), (*on_sale, sold), (*on_sale, paused, edited(), submitted)):
        Given(listings, *history).when(confirm).rejected("listing_not_on_offer")
    Given(listings, *on_sale, published).when(replace(confirm, by=ANA)).rejected("not_yours")

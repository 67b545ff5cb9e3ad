"""How a listing comes to be offered, and what is refused on the way."""

import pytest
from msgspec.structs import replace

from domain.listings import commands as c
from domain.listings.content import DESCRIPTION_LIMIT, PRICE_LIMIT, TITLE_LIMIT
from domain.listings.events import ListingDrafted, ListingEvent, ListingPriced
from domain.listings.listing import listings
from domain.values import Money, Place
from tests.bdd import Given
from tests.domain.listings.boats import (
    ADA,
    ANA,
    BEN,
    BOAT,
    CRUISER,
    MO,
    NOON,
    STAEFA,
    approve,
    approved,
    archived,
    changes_requested,
    draft,
    drafted,
    edited,
    on_sale,
    paused,
    price,
    promoted,
    published,
    rejected,
    resumed,
    sold,
    submit,
    submitted,
)


def test_a_draft_keeps_what_its_seller_wrote():
    Given(listings).when(draft()).then(drafted())


def test_a_draft_may_lack_almost_everything():
    bare = c.DraftListing(BOAT, ANA.id, "classified", "boats", ANA, NOON)
    Given(listings).when(bare).then(ListingDrafted(BOAT, ANA.id, "classified", "boats", "", "", {}, None, None, NOON))


def test_drafting_again_changes_nothing():
    Given(listings, drafted()).when(draft()).then()


def test_an_admin_lists_for_a_seller_and_nobody_else_does():
    Given(listings).when(draft(ADA, ANA)).then(drafted())
    Given(listings).when(draft(BEN, ANA)).rejected("not_yours")
    Given(listings).when(draft(MO, ANA)).rejected("not_yours")


def test_markup_stays_text():
    Given(listings).when(draft(title="<script>alert(1)</script>")).then(drafted(title="<script>alert(1)</script>"))


@pytest.mark.parametrize("title", ["two\nlines", "nul\x00", "half \ud800 a pair", "x" * (TITLE_LIMIT + 1)])
def test_a_title_is_one_line_of_text(title: str):
    Given(listings).when(draft(title=title)).rejected("text_invalid", pointer="/title")


@pytest.mark.parametrize("title", ["Bavaria\u00a038", "👨‍👩‍👧 Familienboot", "קיאק"])
def test_a_title_is_in_any_language(title: str):
    Given(listings).when(draft(title=title)).then(drafted(title=title))


def test_a_description_has_its_limit():
    Given(listings).when(replace(draft(), description="x" * (DESCRIPTION_LIMIT + 1))).rejected("text_invalid", pointer="/description")


def test_a_category_decides_on_the_kind_and_the_attributes():
    Given(listings).when(draft(category="spaceships")).rejected("unknown_category", pointer="/category")
    Given(listings).when(draft(kind="auction")).rejected("kind_invalid", pointer="/kind")
    Given(listings).when(replace(draft(), attributes={"wings": 2})).rejected("unknown_attribute", pointer="/attributes/wings")


@pytest.mark.parametrize("amount", [0, -1, PRICE_LIMIT + 1])
def test_a_price_lies_within_limits(amount: int):
    Given(listings, drafted()).when(price(amount)).rejected("price_invalid", pointer="/price/amount")


@pytest.mark.parametrize("amount", [1, PRICE_LIMIT])
def test_the_limits_of_a_price_are_prices(amount: int):
    Given(listings, drafted()).when(price(amount)).then(ListingPriced(BOAT, Money(amount, "EUR"), NOON))


@pytest.mark.parametrize("currency", ["eur", "EURO", ""])
def test_a_currency_is_a_code(currency: str):
    Given(listings, drafted()).when(price(1, currency)).rejected("price_invalid", pointer="/price/currency")


@pytest.mark.parametrize(
    ("place", "pointer"),
    [
        (Place("Switzerland"), "/place/country"),
        (Place("CH", latitude=47.2), "/place"),
        (Place("CH", latitude=90.1, longitude=8.0), "/place/latitude"),
        (Place("CH", latitude=47.2, longitude=-180.1), "/place/longitude"),
        (Place("CH", latitude=float("nan"), longitude=8.0), "/place/latitude"),
    ],
)
def test_a_place_lies_on_the_globe(place: Place, pointer: str):
    Given(listings).when(replace(draft(), place=place)).rejected("place_invalid", pointer=pointer)


def test_an_edit_says_the_whole_content():
    Given(listings, drafted()).when(c.EditListing(BOAT, ANA, NOON, title="Bavaria 38 Sport")).then(edited())


def test_an_edit_that_changes_nothing_says_nothing():
    Given(listings, drafted()).when(c.EditListing(BOAT, ANA, NOON, title=" Bavaria 38 ", place=STAEFA)).then()
    Given(listings, *on_sale).when(c.EditListing(BOAT, ANA, NOON, attributes=CRUISER)).then()


def test_a_place_can_be_taken_away():
    Given(listings, drafted()).when(c.EditListing(BOAT, ANA, NOON, place=None)).then(replace(edited("Bavaria 38"), place=None))


def test_attributes_are_checked_against_the_new_category():
    Given(listings, drafted()).when(c.EditListing(BOAT, ANA, NOON, category="other")).rejected(
        "unknown_attribute", pointer="/attributes/type"
    )


@pytest.mark.parametrize("reviewed", [(), (published,), (published, paused)])
def test_an_edit_after_approval_goes_back_to_review(reviewed: tuple[ListingEvent, ...]):
    edit = c.EditListing(BOAT, ANA, NOON, title="Bavaria 38 Sport")
    Given(listings, drafted(), submitted, approved, *reviewed).when(edit).then(edited(), submitted)


def test_an_edit_after_approval_may_not_take_away_what_is_demanded():
    Given(listings, *on_sale).when(c.EditListing(BOAT, ANA, NOON, title=" ")).rejected("title_required")
    Given(listings, *on_sale).when(c.EditListing(BOAT, ANA, NOON, attributes={})).rejected("attribute_required")


def test_what_a_moderator_reads_stands_still():
    Given(listings, drafted(), submitted).when(c.EditListing(BOAT, ANA, NOON, title="Other")).rejected("listing_not_editable")


def test_the_price_changes_at_any_time_before_the_sale():
    Given(listings, drafted(), submitted).when(price(7)).then(ListingPriced(BOAT, Money(7, "EUR"), NOON))
    Given(listings, *on_sale).when(price(7)).then(ListingPriced(BOAT, Money(7, "EUR"), NOON))
    Given(listings, *on_sale).when(price(4_500_000)).then()
    Given(listings, *on_sale, sold).when(price(7)).rejected("price_is_final")


def test_a_listing_is_submitted_when_it_is_complete():
    Given(listings, drafted()).when(submit()).then(submitted)
    Given(listings, drafted(title="")).when(submit()).rejected("title_required")
    Given(listings, drafted(price=None)).when(submit()).rejected("price_required")
    Given(listings, drafted(attributes={})).when(submit()).rejected("attribute_required")


def test_a_seller_answers_requested_changes_by_submitting_again():
    Given(listings, drafted(), submitted, changes_requested).when(submit()).then(submitted)
    Given(listings, drafted(), submitted, rejected).when(submit()).rejected("listing_not_draft")


def test_a_moderator_judges_what_is_submitted():
    Given(listings, drafted(), submitted).when(approve()).then(approved)
    Given(listings, drafted(), submitted).when(c.RejectListing(BOAT, " Not a boat. ", MO, NOON)).then(rejected)
    Given(listings, drafted(), submitted).when(c.RequestChanges(BOAT, "Which engine?", MO, NOON)).then(changes_requested)
    Given(listings, drafted()).when(approve()).rejected("listing_not_submitted")


def test_a_refusal_has_its_reason():
    Given(listings, drafted(), submitted).when(c.RejectListing(BOAT, "  ", MO, NOON)).rejected("text_invalid", pointer="/reason")


def test_nobody_judges_his_own_listing():
    Given(listings, drafted(seller=MO), submitted).when(approve(MO)).rejected("own_listing")
    Given(listings, drafted(), submitted).when(approve(ANA)).rejected("not_yours")


def test_a_published_listing_is_paused_resumed_and_sold():
    pause, resume, sell = c.PauseListing(BOAT, ANA, NOON), c.ResumeListing(BOAT, ANA, NOON), c.MarkListingSold(BOAT, ANA, NOON)
    Given(listings, drafted(), submitted, approved).when(c.PublishListing(BOAT, ANA, NOON)).then(published)
    Given(listings, *on_sale).when(pause).then(paused)
    Given(listings, *on_sale, paused).when(resume).then(resumed)
    Given(listings, *on_sale, paused, resumed).when(sell).then(sold)
    Given(listings, *on_sale, sold).when(c.ArchiveListing(BOAT, ANA, NOON)).then(archived)


def test_each_step_out_of_order_has_its_code():
    Given(listings, drafted()).when(c.PublishListing(BOAT, ANA, NOON)).rejected("listing_not_approved")
    Given(listings, drafted()).when(c.PauseListing(BOAT, ANA, NOON)).rejected("listing_not_published")
    Given(listings, *on_sale).when(c.ResumeListing(BOAT, ANA, NOON)).rejected("listing_not_paused")
    Given(listings, drafted()).when(c.MarkListingSold(BOAT, ANA, NOON)).rejected("listing_not_on_sale")
    Given(listings, drafted(), archived).when(c.ArchiveListing(BOAT, ANA, NOON)).rejected("listing_archived")


def test_others_keep_their_hands_off():
    Given(listings, *on_sale).when(c.PauseListing(BOAT, BEN, NOON)).rejected("not_yours")
    Given(listings, *on_sale).when(price(1, by=MO)).rejected("not_yours")


def test_what_was_never_drafted_is_not_found():
    Given(listings).when(submit()).rejected("listing_not_found")


def test_everyone_sees_what_he_may_do_next():
    Given(listings, *on_sale).offers(ANA, "edit", "price", "images", "pause", "promote", "mark-sold", "archive")
    Given(listings, *on_sale, promoted).offers(ANA, "edit", "price", "images", "pause", "demote", "mark-sold", "archive")
    Given(listings, *on_sale, promoted).offers(MO, "pause", "demote", "archive")
    Given(listings, drafted(), submitted).offers(MO, "approve", "reject", "request-changes", "archive")
    Given(listings, *on_sale).offers(BEN)
    Given(listings).offers(ANA)

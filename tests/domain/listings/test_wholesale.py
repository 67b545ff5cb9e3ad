"""Wholesale goods are offered in variants as products are, from a least quantity on."""

from msgspec.structs import replace

from domain.listings import commands as c
from domain.listings import events as e
from domain.listings.categories import CATEGORIES, within
from domain.listings.events import Status
from domain.listings.lifecycle import next_actions
from domain.listings.listing import listings
from domain.values import Money
from tests.bdd import Given
from tests.domain.listings.boats import ANA, MO, NOON
from tests.domain.listings.groceries import LITRE, MILK

DRAFT = c.DraftListing(MILK, ANA.id, "wholesale", "bulk-grains-flour", ANA, NOON, "Maize meal", "", {"minimumQuantity": 40})
drafted = e.ListingDrafted(MILK, ANA.id, "wholesale", "bulk-grains-flour", "Maize meal", "", {"minimumQuantity": 40}, None, None, NOON)
offered = e.VariantsOffered(MILK, ANA.id, (LITRE,), LITRE.price, {}, NOON)
submit = c.SubmitListing(MILK, ANA, NOON)


def test_wholesale_goods_have_their_price_in_their_variants():
    Given(listings).when(DRAFT).then(drafted)
    Given(listings).when(replace(DRAFT, price=Money(1, "USD"))).rejected("not_for_kind", pointer="/price")
    Given(listings, drafted).when(submit).rejected("variant_required")
    Given(listings, drafted).when(c.OfferVariants(MILK, [LITRE], ANA, NOON)).then(offered)
    Given(listings, drafted, offered).when(submit).then(e.ListingSubmitted(MILK, NOON))


def test_nobody_submits_them_without_a_least_quantity():
    bare = e.ListingDrafted(MILK, ANA.id, "wholesale", "bulk-tools", "Hammers", "", {}, None, None, NOON)
    Given(listings, bare, offered).when(submit).rejected("attribute_required")


def test_they_are_never_sold_as_a_whole():
    assert "mark-sold" not in next_actions("wholesale", ANA.id, Status.PUBLISHED, ANA)
    assert next_actions("wholesale", ANA.id, Status.SUBMITTED, MO) == next_actions("product", ANA.id, Status.SUBMITTED, MO)


def test_a_product_is_not_listed_as_wholesale():
    Given(listings).when(replace(DRAFT, category="pantry", attributes={})).rejected("kind_invalid", pointer="/kind")


def test_every_wholesale_category_lies_below_the_one_and_declares_the_terms():
    bulk = [each for each in CATEGORIES.values() if each.kind == "wholesale"]
    assert set(within("bulk")) == {each.slug for each in bulk}
    assert all({"minimumQuantity", "packSize", "leadDays"} <= each.attributes.keys() for each in bulk)

"""What a product's variants may be, what they cost, and when a change of them is reviewed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.goods import TaxClass, Tier, Variant, unit_price, variant_of
from domain.listings import commands as c
from domain.listings.categories import CATEGORIES, within
from domain.listings.events import ListingEdited
from domain.listings.listing import listings
from domain.listings.variants import MOST, checked
from domain.values import Money
from tests.bdd import Given
from tests.domain.listings.boats import ANA, BEN, LATER, NOON, archived
from tests.domain.listings.boats import drafted as boat
from tests.domain.listings.groceries import (
    BOTH,
    HALF,
    LITRE,
    MILK,
    dearer,
    draft,
    drafted,
    offer,
    offered,
    on_sale,
    submitted,
)

submit = c.SubmitListing(MILK, ANA, LATER)


def test_a_product_is_offered_in_variants_and_costs_at_least_the_lowest():
    Given(listings).when(draft()).then(drafted)
    Given(listings, drafted).when(offer(LITRE, HALF)).then(offered(LITRE, HALF))
    assert offered(LITRE, HALF).price == HALF.price


def test_the_same_variants_again_change_nothing():
    Given(listings, drafted, offered(*BOTH)).when(offer(*BOTH)).then()


def bring(*variants: Variant, low: dict[str, int] | None = None, **content: Any) -> c.BringProduct:
    return c.BringProduct(MILK, variants, ANA, LATER, low or {}, **content)


def test_what_a_file_tells_joins_the_variants_or_takes_the_place_of_one():
    Given(listings, drafted).when(bring(LITRE, low={"MILK-1L": 6})).then(offered(LITRE, low={"MILK-1L": 6}))
    both = (drafted, offered(*BOTH, low={"MILK-1L": 6}))
    Given(listings, drafted, offered(LITRE)).when(bring(HALF)).then(offered(LITRE, HALF))
    Given(listings, *both).when(bring(dearer(LITRE, 190))).then(offered(dearer(LITRE, 190), HALF, low={"MILK-1L": 6}))
    Given(listings, *both).when(bring(replace(HALF, sku="milk-05"))).then(offered(LITRE, replace(HALF, sku="milk-05"), low={"MILK-1L": 6}))
    Given(listings, *both).when(bring(HALF, LITRE, title="Whole milk")).then()
    Given(listings, boat()).when(bring(LITRE)).rejected("not_for_kind")


def test_what_a_file_changes_is_reviewed_at_once():
    edited = ListingEdited(MILK, "dairy-eggs", "Full milk", "", {}, None, LATER)
    third = replace(HALF, sku="MILK-3L")
    submitted_later = replace(submitted, at=LATER)
    Given(listings, *on_sale).when(bring(third, title="Full milk")).then(edited, offered(LITRE, HALF, third), submitted_later)
    Given(listings, *on_sale).when(bring(dearer(HALF, 99))).then(offered(LITRE, dearer(HALF, 99)))
    in_review = (drafted, offered(*BOTH), submitted)
    Given(listings, *in_review).when(bring(dearer(HALF, 99))).then(offered(LITRE, dearer(HALF, 99)))
    Given(listings, *in_review).when(bring(third)).rejected("listing_not_editable")
    Given(listings, *in_review).when(bring(title="Full milk")).rejected("listing_not_editable")


def test_a_product_without_variants_is_not_submitted():
    Given(listings, drafted).when(submit).rejected("variant_required")
    Given(listings, drafted, offered(LITRE)).when(submit).then(replace(submitted, at=LATER))


def test_a_product_is_priced_by_its_variants_alone():
    Given(listings).when(draft(price=Money(1, "CHF"))).rejected("not_for_kind", pointer="/price")
    Given(listings, drafted).when(c.PriceListing(MILK, Money(1, "CHF"), ANA, NOON)).rejected("not_for_kind")
    Given(listings, *on_sale).when(c.MarkListingSold(MILK, ANA, NOON)).rejected("not_for_kind")
    Given(listings, boat()).when(offer(LITRE)).rejected("not_for_kind")


def test_a_seller_is_offered_what_fits_a_product():
    Given(listings, drafted).offers(ANA, "edit", "variants", "images", "submit", "archive")
    Given(listings, *on_sale).offers(ANA, "edit", "variants", "images", "pause", "promote", "archive")
    Given(listings, boat()).offers(ANA, "edit", "price", "images", "submit", "archive")


def test_prices_change_without_a_review_and_words_do_not():
    Given(listings, *on_sale).when(offer(dearer(LITRE, 190), HALF)).then(offered(dearer(LITRE, 190), HALF))
    Given(listings, *on_sale).when(offer(replace(LITRE, tax_class=TaxClass.STANDARD), HALF)).then(
        offered(replace(LITRE, tax_class=TaxClass.STANDARD), HALF)
    )
    reworded = replace(LITRE, title="One litre, organic")
    Given(listings, *on_sale).when(offer(reworded, HALF)).then(offered(reworded, HALF), replace(submitted, at=LATER))
    Given(listings, *on_sale).when(offer(LITRE)).then(offered(LITRE), replace(submitted, at=LATER))


def test_while_in_review_only_prices_change():
    in_review = (drafted, offered(*BOTH), submitted)
    Given(listings, *in_review).when(offer(dearer(LITRE, 190), HALF)).then(offered(dearer(LITRE, 190), HALF))
    Given(listings, *in_review).when(offer(LITRE)).rejected("listing_not_editable")


def test_only_the_seller_changes_variants():
    Given(listings, drafted).when(offer(LITRE, by=BEN)).rejected("not_yours")


def test_what_is_put_away_is_offered_no_more():
    Given(listings, *on_sale, replace(archived, listing_id=MILK)).when(offer(LITRE)).rejected("price_is_final")


def test_levels_are_kept_by_the_number_that_the_variant_has():
    Given(listings, drafted).when(offer(LITRE, HALF, low={"milk-1l": 12, "OTHER": 1})).then(offered(LITRE, HALF, low={"MILK-1L": 12}))
    Given(listings, drafted).when(offer(LITRE, HALF, low={"MILK-05": -1})).rejected("quantity_invalid", pointer="/variants/1/lowAt")


@pytest.mark.parametrize(
    ("variant", "code", "pointer"),
    [
        (replace(LITRE, sku="A B"), "sku_invalid", "/variants/0/sku"),
        (replace(LITRE, price=Money(0, "CHF")), "price_invalid", "/variants/0/price/amount"),
        (replace(LITRE, price=Money(1, "XXX"), tiers=()), "price_invalid", "/variants/0/price/currency"),
        (replace(LITRE, content=0), "variants_invalid", "/variants/0/content"),
        (replace(LITRE, options=dict.fromkeys("abcdef", "x")), "variants_invalid", "/variants/0/options"),
        (replace(LITRE, options={"size": " "}), "text_invalid", "/variants/0/options"),
        (replace(LITRE, title="nul\0"), "text_invalid", "/variants/0/title"),
        (replace(LITRE, tiers=(Tier(1, 170),)), "tier_invalid", "/variants/0/tiers/0/quantity"),
        (replace(LITRE, tiers=(Tier(6, 170), Tier(6, 160))), "tier_invalid", "/variants/0/tiers/1/quantity"),
        (replace(LITRE, tiers=(Tier(6, 180),)), "tier_invalid", "/variants/0/tiers/0/price"),
        (replace(LITRE, tiers=(Tier(6, 0),)), "tier_invalid", "/variants/0/tiers/0/price"),
        (replace(LITRE, tiers=tuple(Tier(n, 100 - n) for n in range(2, 13))), "tier_invalid", "/variants/0/tiers"),
    ],
)
def test_what_is_wrong_with_a_variant_is_told_by_its_field(variant: Variant, code: str, pointer: str):
    Given(listings, drafted).when(offer(variant)).rejected(code, pointer=pointer)


def test_variants_are_told_apart_and_priced_in_one_currency():
    Given(listings, drafted).when(offer(LITRE, replace(HALF, sku="milk-1l"))).rejected("sku_repeated", pointer="/variants/1/sku")
    foreign = replace(HALF, price=Money(1, "EUR"))
    Given(listings, drafted).when(offer(LITRE, foreign)).rejected("currency_mixed", pointer="/variants/1/price/currency")
    Given(listings, drafted).when(offer()).rejected("variants_invalid", pointer="/variants")
    many = [replace(HALF, sku=f"M{number}") for number in range(MOST + 1)]
    Given(listings, drafted).when(offer(*many)).rejected("variants_invalid", pointer="/variants")


@pytest.mark.parametrize(("quantity", "price"), [(1, 180), (5, 180), (6, 170), (11, 170), (12, 160), (10**9, 160)])
def test_who_buys_more_pays_less_apiece(quantity: int, price: int):
    assert unit_price(LITRE, quantity) == price


@given(st.sets(st.integers(2, 50), max_size=6), st.sets(st.integers(1, 179), min_size=6), st.integers(1, 60), st.integers(1, 60))
def test_a_larger_quantity_never_costs_more_apiece(quantities: set[int], prices: set[int], one: int, other: int):
    falling = sorted(prices, reverse=True)
    (kept,) = checked([replace(LITRE, tiers=tuple(map(Tier, sorted(quantities), falling)))])
    assert unit_price(kept, max(one, other)) <= unit_price(kept, min(one, other)) <= 180


def test_a_variant_is_found_by_its_number():
    assert variant_of(BOTH, "milk-05") == HALF
    assert variant_of(BOTH, "MILK") is None


def test_categories_form_a_tree():
    assert set(within("groceries")) >= {"groceries", "dairy-eggs", "drinks", "coffee-tea"}
    assert within("dairy-eggs") == ("dairy-eggs",)
    for each in CATEGORIES.values():
        assert not each.parent or CATEGORIES[each.parent].kind == each.kind

"""Where a tier is taxed, and by whom: by the countries of platform and member, and their VAT numbers."""

import pytest

from domain.invoices.tiers import TierTax, tier_tax

PT, AT = "PT501964843", "ATU13585627"


@pytest.mark.parametrize(
    ("seat", "number", "buyer", "buyer_number", "tax"),
    [
        ("PT", PT, "PT", "", TierTax("PT", taxed=True)),
        ("PT", PT, "PT", PT, TierTax("PT", taxed=True)),
        ("PT", PT, "AT", "", TierTax("AT", taxed=True)),
        ("PT", PT, "AT", AT, TierTax("AT", reverse_charge=True)),
        ("PT", "", "AT", AT, TierTax("AT", taxed=True)),
        ("PT", PT, "ZW", "", TierTax("ZW")),
        ("PT", PT, "", "", TierTax("PT", taxed=True)),
        ("ZW", "12345678", "ZW", "", TierTax("ZW", taxed=True)),
        ("ZW", "12345678", "AT", AT, TierTax("AT")),
        ("", "", "AT", AT, TierTax("AT")),
        ("", "", "", "", TierTax("")),
    ],
)
def test_a_tier_is_taxed_where_its_member_is_as_far_as_the_platforms_tax_reaches(
    seat: str, number: str, buyer: str, buyer_number: str, tax: TierTax
):
    assert tier_tax(seat, number, buyer=buyer, buyer_number=buyer_number) == tax

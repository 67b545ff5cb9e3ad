"""What a supplier's invoice for a group says."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.invoices.groups import Agreed, sale_of, supplying
from domain.goods import TaxClass, Unit
from domain.groups.events import GroupAccepted, GroupOpened, PickupPlace, Visibility
from domain.invoices.billing import Billing
from domain.invoices.events import Party
from domain.suppliers.events import Contact, Status
from domain.suppliers.supplier import Company
from domain.users.user import users
from domain.values import ERASED, Address, Place
from tests.domain.groups.supply.deal import DAY, GROUP, LISTING, MILL, MUSA, NOON, QUOTE, TENDAI

SEAT = Address("Mbare Millers", ("12 Ardbennie Road",), "Harare", "", "ZW")
MILLERS = Party("Mbare Millers", SEAT, "10012345", "1234/2019")
COMPANY = Company(
    MILL,
    MUSA.id,
    Status.VERIFIED,
    "Mbare Millers",
    "ZW",
    "1234/2019",
    "10012345",
    SEAT,
    Contact("Musa", "office@mill.example", "+263771234567"),
)
GATE = PickupPlace(UUID(int=1), "Gate 2", "", Place("ZA"), NOON + 20 * DAY, NOON + 21 * DAY)
MONTH = timedelta(days=30)


def agreed(place: str = "ZA", tax_class: TaxClass = TaxClass.STANDARD, amount: int = 88_000) -> Agreed:
    opened: dict[str, Any] = {"minimum": 50, "maximum": 100, "least": 1, "most": 100, "tiers": (), "price": 900}
    said = GroupOpened(
        group_id=GROUP,
        organiser_id=TENDAI.id,
        supplier_id=MILL,
        seller_id=MUSA.id,
        listing_id=LISTING,
        sku="MAIZE-50",
        title="Maize meal",
        category="bulk-grains-flour",
        currency="USD",
        unit=Unit.KILOGRAM,
        deadline=NOON,
        pickups=(replace(GATE, place=Place(place)),),
        visibility=Visibility.PUBLIC,
        invited=(),
        fee_rate=1_000,
        tax_class=tax_class,
        lead_days=7,
        at=NOON,
        **opened,
    )
    return Agreed(said, GroupAccepted(GROUP, QUOTE, 880, amount, MILL, MUSA.id, TENDAI.id, 10, "USD", 100, NOON))


@pytest.mark.parametrize(
    ("place", "tax_class", "rate", "tax"),
    [
        ("ZA", TaxClass.STANDARD, 1_500, 11_478),
        ("ZW", TaxClass.ZERO, 0, 0),
        ("DE", TaxClass.REDUCED, 700, 5_757),
        ("US", TaxClass.STANDARD, 0, 0),
    ],
)
def test_what_the_members_pay_has_the_tax_of_the_place_in_it_where_the_goods_are_handed_over(
    place: str, tax_class: TaxClass, rate: int, tax: int
):
    sale = sale_of(agreed(place, tax_class), Billing(), MILLERS, due_in=MONTH)
    (item,) = sale.items
    assert (sale.tax_place, item.tax_rate, item.tax, item.net + item.tax, item.total) == (place, rate, tax, 88_000, 88_000)


def test_where_no_country_is_told_it_is_the_sellers():
    assert sale_of(agreed(""), Billing(), MILLERS, due_in=MONTH).tax_place == "ZW"
    assert sale_of(agreed(""), Billing(), ERASED, due_in=MONTH).tax_place == ""


def test_it_is_due_a_month_after_the_agreement():
    sale = sale_of(agreed(), Billing(timezone="Africa/Harare"), MILLERS, due_in=MONTH)
    assert (sale.ordered_on, sale.due_on, sale.paid_on) == (date(2026, 6, 1), date(2026, 7, 1), None)


def test_the_company_stands_on_it_as_in_its_papers_but_for_what_its_owner_wants_instead():
    assert supplying(Billing(), COMPANY, users.initial) == MILLERS
    assert supplying(Billing("Millers of Mbare", vat_number="99"), COMPANY, users.initial) == replace(
        MILLERS, name="Millers of Mbare", vat_number="99"
    )
    assert supplying(Billing(), replace(COMPANY, address=ERASED), users.initial) == ERASED

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from domain.decider import Rejected
from domain.invoices.billing import Billing, billing_details, day_of
from domain.invoices.commands import SetBillingDetails
from domain.invoices.events import BillingDetailsSet
from domain.invoices.vat import reverse_charged, vat_number
from domain.values import ERASED, Address
from tests.bdd import Given, erased
from tests.domain.invoices.bills import ADA, CLEO, NOON, SAM

SEAT = Address("Sams Laden", ("Seeweg 1",), "Zürich", "8002", "CH")
asked = SetBillingDetails(
    SAM.id, SAM, NOON, "Sams Laden", SEAT, "che-116.281.710 mwst", "CH-020.3.030.111-7", "Thank you.", "Europe/Zurich"
)
stated = BillingDetailsSet(SAM.id, "Sams Laden", SEAT, "CHE116281710MWST", "CH-020.3.030.111-7", "Thank you.", "Europe/Zurich", NOON)


def test_a_seller_states_what_stands_on_his_papers():
    Given(billing_details).when(asked).then(stated)
    Given(billing_details, stated).when(asked).then()


def test_it_is_for_oneself_or_an_admin_to_state():
    Given(billing_details).when(replace(asked, by=CLEO)).rejected("not_yours")
    Given(billing_details).when(replace(asked, by=ADA)).then(stated)


@pytest.mark.parametrize(
    ("wrong", "code", "pointer"),
    [
        (replace(asked, address=None), "vat_number_invalid", "/vatNumber"),
        (replace(asked, vat_number="CHE-116.281.711"), "vat_number_invalid", "/vatNumber"),
        (replace(asked, timezone="Europe/../etc"), "timezone_unknown", "/timezone"),
        (replace(asked, timezone="Mars/Olympus"), "timezone_unknown", "/timezone"),
        (replace(asked, address=replace(SEAT, country="XX")), "address_invalid", "/address/country"),
        (replace(asked, address=replace(SEAT, lines=())), "address_invalid", "/address/lines"),
        (replace(asked, name="x" * 121), "text_invalid", "/name"),
        (replace(asked, terms="x" * 601), "text_invalid", "/terms"),
    ],
)
def test_what_cannot_stand_there_is_refused_by_its_field(wrong: SetBillingDetails, code: str, pointer: str):
    Given(billing_details).when(wrong).rejected(code, pointer=pointer)


@pytest.mark.parametrize(
    ("country", "given", "kept"),
    [
        ("DE", "136 695 976", "DE136695976"),
        ("GR", "EL 094259216", "EL094259216"),
        ("GB", "GB 980 7806 84", "980780684"),
        ("ZW", "10012345", "10012345"),
        ("LI", "LI 54321", "54321"),
        ("US", "", ""),
    ],
)
def test_a_vat_number_is_kept_as_it_is_written_together(country: str, given: str, kept: str):
    assert vat_number(given, country) == kept


@pytest.mark.parametrize(("country", "given"), [("DE", "DE136695977"), ("DE", "FR40303265045"), ("US", "12-3456789"), ("ZW", "1")])
def test_a_number_of_no_form_of_its_country_is_refused(country: str, given: str):
    with pytest.raises(Rejected, match="vat_number_invalid"):
        vat_number(given, country)


def test_the_buyer_owes_the_tax_where_both_are_known_businesses_of_two_countries_of_the_union():
    assert reverse_charged("DE", "DE136695976", buyer="FR")
    assert not reverse_charged("DE", "", buyer="FR")
    assert not reverse_charged("DE", ERASED, buyer="FR")
    assert not reverse_charged("DE", "DE136695976", buyer="DE")
    assert not reverse_charged("CH", "CHE116281710MWST", buyer="DE")


def test_a_year_ends_on_the_seller_s_clocks():
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert day_of(late, Billing()) == date(2026, 12, 31)
    assert day_of(late, Billing(timezone="Europe/Zurich")) == date(2027, 1, 1)
    assert day_of(datetime(2027, 1, 1, 4, tzinfo=UTC), Billing(timezone="America/New_York")) == date(2026, 12, 31)


def test_who_is_forgotten_has_details_that_still_fold():
    assert billing_details.fold([erased(stated)]).timezone == "Europe/Zurich"

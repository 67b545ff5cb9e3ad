"""What a company says of itself has the form that everybody else's numbers and addresses have."""

from typing import Any

import pytest
from msgspec.structs import replace

from application.commands.suppliers.particulars import tidied
from domain.decider import Rejected
from domain.suppliers.events import Contact
from domain.values import Address
from tests.domain.suppliers.mill import SAID


@pytest.mark.parametrize(
    ("field", "value", "refusal"),
    [
        ("vat_number", "12", ("vat_number_invalid", "/vatNumber")),
        ("address", Address("", (), "", "", "ZW"), ("address_invalid", "/address/lines")),
        ("contact", Contact("Tariro", "nowhere"), ("email_invalid", "/contact/email")),
        ("contact", Contact("Tariro", "t@mill.example", "077"), ("phone_invalid", "/contact/phone")),
    ],
)
def test_what_nobody_could_use_is_refused_with_its_pointer(field: str, value: Any, refusal: tuple[str, str]):
    with pytest.raises(Rejected) as refused:
        tidied(replace(SAID, **{field: value}))
    assert (refused.value.code, refused.value.pointer) == refusal


def test_numbers_are_kept_in_one_form():
    said = replace(SAID, vat_number="ZW 1001-2345", contact=replace(SAID.contact, phone="+263 77 123 4567", email="T@MILL.example"))
    found = tidied(said)
    assert (found.vat_number, found.contact.phone, found.contact.email) == ("10012345", "+263771234567", "T@mill.example")

"""What a company says of itself, held against what other families know: VAT numbers, postal addresses, addresses of mail, numbers."""

from collections.abc import Callable

from msgspec.structs import replace

from application.phones import e164
from domain.decider import Rejected
from domain.invoices.billing import postal
from domain.invoices.vat import vat_number
from domain.suppliers.commands import Particulars
from domain.users.text import normalised


def tidied(given: Particulars) -> Particulars:
    """As they are kept. Refuses `address_invalid`, `vat_number_invalid`, `email_invalid` and `phone_invalid`."""
    email = at(given.contact.email, normalised, "/contact/email")
    phone = at(given.contact.phone, e164, "/contact/phone")
    return replace(
        given,
        vat_number=vat_number(given.vat_number, given.country),
        address=postal(given.address),
        contact=replace(given.contact, email=email, phone=phone),
    )


def at(text: str, kept: Callable[[str], str], pointer: str) -> str:
    """What a part of a person's profile would be kept as; refused with this pointer."""
    try:
        return kept(text)
    except Rejected as refused:
        raise Rejected(refused.code, refused.detail, pointer=pointer) from None

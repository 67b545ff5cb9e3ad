"""What may be said of a company and of its account."""

import re
from collections.abc import Callable

from stdnum import iban
from stdnum.exceptions import ValidationError

from domain.countries import COUNTRIES
from domain.currencies import EXPONENTS
from domain.decider import Rejected
from domain.invoices.billing import postal
from domain.invoices.vat import vat_number
from domain.suppliers.commands import Particulars
from domain.suppliers.events import Bank, Contact
from domain.text import line, said
from domain.users.text import normalised, reachable

NAME_LIMIT = 120
REGISTRATION_LIMIT = 60
REASON_LIMIT = 1000
HOLDER_LIMIT = 120

REGISTRATION = re.compile(r"[A-Z0-9][A-Z0-9 ./\-]{1,59}", re.ASCII)
NUMBER = re.compile(r"[A-Z0-9]{5,34}", re.ASCII)
IBAN = re.compile(r"[A-Z]{2}\d{2}", re.ASCII)
CODE = re.compile(r"[A-Za-z0-9]{2,20}", re.ASCII)


def particulars(given: Particulars) -> Particulars:
    """As they are kept. `country_unknown`, `registration_invalid`, `vat_number_invalid`, `address_invalid`, `text_invalid` and the like."""
    if given.country not in COUNTRIES:
        raise Rejected("country_unknown", "An ISO 3166-1 alpha-2 code.", pointer="/country")
    registration = line(given.registration, REGISTRATION_LIMIT, "/registration").upper()
    if not REGISTRATION.fullmatch(registration):
        raise Rejected("registration_invalid", "Letters, digits, blanks, points, strokes and hyphens.", pointer="/registration")
    contact = given.contact
    return Particulars(
        line(said(given.name, NAME_LIMIT, "/name"), NAME_LIMIT, "/name"),
        given.country,
        registration,
        vat_number(given.vat_number, given.country),
        postal(given.address),
        Contact(
            line(said(contact.name, NAME_LIMIT, "/contact/name"), NAME_LIMIT, "/contact/name"),
            at(contact.email, normalised, "/contact/email"),
            at(contact.phone, reachable, "/contact/phone"),
        ),
    )


def at(text: str, kept: Callable[[str], str], pointer: str) -> str:
    """What a part of a person's profile would be kept as; refused with this pointer."""
    try:
        return kept(text)
    except Rejected as refused:
        raise Rejected(refused.code, refused.detail, pointer=pointer) from None


def accounted(given: Bank) -> Bank:
    """The account as it is kept, written together. `account_invalid`, `bank_unknown`, `currency_unknown`, `text_invalid`."""
    number = re.sub(r"[\s.\-+]", "", given.number).upper()
    if not NUMBER.fullmatch(number) or not checked(number):
        raise Rejected("account_invalid", "An IBAN, or the number of an account or wallet: 5 to 34 letters and digits.", pointer="/number")
    code = re.sub(r"\s", "", given.bank)
    if not CODE.fullmatch(code):
        raise Rejected("bank_unknown", "A BIC, or the code of the bank or network: 2 to 20 letters and digits.", pointer="/bank")
    if given.currency not in EXPONENTS:
        raise Rejected("currency_unknown", "An ISO 4217 code.", pointer="/currency")
    return Bank(line(said(given.holder, HOLDER_LIMIT, "/holder"), HOLDER_LIMIT, "/holder"), number, code, given.currency)


def checked(number: str) -> bool:
    """What begins as an IBAN does has to be one; digits alone are a number of the bank's own."""
    if not IBAN.match(number):
        return True
    try:
        iban.validate(number)
    except ValidationError:
        return False
    return True

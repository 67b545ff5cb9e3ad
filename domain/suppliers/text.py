"""What may be said of a company and of its account."""

import re

from msgspec.structs import replace
from stdnum import iban
from stdnum.exceptions import ValidationError

from domain.countries import COUNTRIES
from domain.currencies import EXPONENTS
from domain.decider import Rejected
from domain.suppliers.commands import Particulars
from domain.text import line, said
from domain.trade import Bank

NAME_LIMIT = 120
REGISTRATION_LIMIT = 60
REASON_LIMIT = 1000
HOLDER_LIMIT = 120

REGISTRATION = re.compile(r"[A-Z0-9][A-Z0-9 ./\-]{1,59}", re.ASCII)
NUMBER = re.compile(r"[A-Z0-9]{5,34}", re.ASCII)
IBAN = re.compile(r"[A-Z]{2}\d{2}", re.ASCII)
CODE = re.compile(r"[A-Za-z0-9]{2,20}", re.ASCII)


def particulars(given: Particulars) -> Particulars:
    """As they are kept. `country_unknown`, `registration_invalid`, `text_invalid`; address, VAT number and contact come checked."""
    if given.country not in COUNTRIES:
        raise Rejected("country_unknown", "An ISO 3166-1 alpha-2 code.", pointer="/country")
    registration = registered(line(given.registration, REGISTRATION_LIMIT, "/registration"))
    if not REGISTRATION.fullmatch(registration):
        raise Rejected("registration_invalid", "Letters, digits, blanks, points, strokes and hyphens.", pointer="/registration")
    name = line(said(given.name, NAME_LIMIT, "/name"), NAME_LIMIT, "/name")
    person = line(said(given.contact.name, NAME_LIMIT, "/contact/name"), NAME_LIMIT, "/contact/name")
    return replace(given, name=name, registration=registration, contact=replace(given.contact, name=person))


def registered(number: str) -> str:
    """A number in a register of companies as it is kept: in capitals, without blanks around it or two of them within."""
    return " ".join(number.upper().split())


def accounted(given: Bank) -> Bank:
    """The account as it is kept, written together.

    `account_invalid`, `bank_unknown`, `branch_unknown`, `currency_unknown`, `country_unknown`, `text_invalid`.
    """
    number = re.sub(r"[\s.\-+]", "", given.number).upper()
    if not NUMBER.fullmatch(number) or not checked(number):
        raise Rejected("account_invalid", "An IBAN, or the number of an account or wallet: 5 to 34 letters and digits.", pointer="/number")
    code = re.sub(r"\s", "", given.bank)
    if not CODE.fullmatch(code):
        raise Rejected("bank_unknown", "A BIC, or the code of the bank or network: 2 to 20 letters and digits.", pointer="/bank")
    branch = re.sub(r"\s", "", given.branch)
    if branch and not CODE.fullmatch(branch):
        raise Rejected("branch_unknown", "The code of the branch: 2 to 20 letters and digits.", pointer="/branch")
    if given.currency not in EXPONENTS:
        raise Rejected("currency_unknown", "An ISO 4217 code.", pointer="/currency")
    if given.country and given.country not in COUNTRIES:
        raise Rejected("country_unknown", "An ISO 3166-1 alpha-2 code.", pointer="/country")
    holder = line(said(given.holder, HOLDER_LIMIT, "/holder"), HOLDER_LIMIT, "/holder")
    named = line(given.bank_name, HOLDER_LIMIT, "/bankName")
    return replace(given, holder=holder, number=number, bank=code, branch=branch, bank_name=named)


def checked(number: str) -> bool:
    """What begins as an IBAN does has to be one; digits alone are a number of the bank's own."""
    if not IBAN.match(number):
        return True
    try:
        iban.validate(number)
    except ValidationError:
        return False
    return True

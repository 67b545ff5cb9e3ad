"""What is said of suppliers in the bodies of commands."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from application.commands.suppliers.papers import LIMIT
from domain.invoices.vat import LIMIT as VAT_LIMIT
from domain.suppliers.commands import Particulars
from domain.suppliers.events import Contact, DocumentKind, MemberRole
from domain.suppliers.rating import BEST, WORST
from domain.suppliers.supplier import FILE_NAME_LIMIT
from domain.suppliers.text import HOLDER_LIMIT, NAME_LIMIT, REASON_LIMIT, REGISTRATION_LIMIT
from domain.trade import Bank
from interfaces.http.answers import Body
from interfaces.http.commands.users.bodies import Country, Email, Phone, PostalAddress

BASE64 = (LIMIT + 2) // 3 * 4
"""Characters that a file of the largest size comes to."""


class ContactPerson(Body, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=NAME_LIMIT, examples=["Tariro Moyo"])]
    email: Email
    phone: Phone = ""


class SupplierParticulars(Body, frozen=True):
    """`registration` is the number in the country's register of companies; `vatNumber` may be empty."""

    name: Annotated[str, Meta(min_length=1, max_length=NAME_LIMIT, examples=["Mbare Millers (Pvt) Ltd"])]
    country: Country
    registration: Annotated[str, Meta(min_length=2, max_length=REGISTRATION_LIMIT, examples=["1234/2019"])]
    address: PostalAddress
    contact: ContactPerson
    vat_number: Annotated[str, Meta(max_length=VAT_LIMIT, examples=["PT501964843"])] = ""

    def value(self) -> Particulars:
        contact = Contact(self.contact.name, self.contact.email, self.contact.phone)
        return Particulars(self.name, self.country, self.registration, self.vat_number, self.address.value(), contact)


class BankDetails(Body, frozen=True):
    """An account, by its IBAN or the bank's own number, or a mobile-money wallet; `bank` is a BIC, or the code of bank or network.

    `branch` is the code of the branch, for countries whose banks need one: a routing number (US) or a sort code (GB), say. `bankName`,
    `country` of the account and `accountType` are for payouts to the United States, Europe and the United Kingdom.
    """

    holder: Annotated[str, Meta(min_length=1, max_length=HOLDER_LIMIT, examples=["Mbare Millers"])]
    number: Annotated[str, Meta(min_length=5, max_length=60, examples=["9140001234567"])]
    bank: Annotated[str, Meta(min_length=2, max_length=20, examples=["STBLZWHX"])]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217.", examples=["USD"])]
    branch: Annotated[str, Meta(max_length=20, examples=["GH280103"])] = ""
    bank_name: Annotated[str, Meta(max_length=HOLDER_LIMIT, examples=["Stanbic Bank Zimbabwe"])] = ""
    country: Annotated[str, Meta(pattern="^([A-Z]{2})?$", description="ISO 3166-1 alpha-2.", examples=["ZW"])] = ""
    account_type: Literal["", "checking", "savings"] = ""

    def value(self) -> Bank:
        return Bank(self.holder, self.number, self.bank, self.currency, self.branch, self.bank_name, self.country, self.account_type)


class PaperBody(Body, frozen=True):
    """`content` is the file in base64: PDF, PNG or JPEG, 5 MiB at most."""

    kind: DocumentKind
    name: Annotated[str, Meta(min_length=1, max_length=FILE_NAME_LIMIT, examples=["cr14.pdf"])]
    content: Annotated[str, Meta(min_length=4, max_length=BASE64, examples=["JVBERi0xLjcKJSVFT0YK"])]


class SupplierReason(Body, frozen=True):
    reason: Annotated[str, Meta(min_length=1, max_length=REASON_LIMIT, examples=["The scan of the registration cannot be read."])]


class Invitation(Body, frozen=True):
    user_id: UUID
    role: MemberRole


class Stars(Body, frozen=True):
    group_id: UUID
    stars: Annotated[int, Meta(ge=WORST, le=BEST, examples=[5])]


class MemberRoleChoice(Body, frozen=True):
    role: MemberRole

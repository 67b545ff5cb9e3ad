"""What has happened to suppliers: who they are, who acts for them, and whether staff have verified them.

The person whose key hides the contact, the address and the bank details is the `owner_id`: whoever signed the company up.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.trade import Bank
from domain.values import Address, Erased, Personal, Value


class Status(StrEnum):
    REGISTERED = "registered"
    REQUESTED = "requested"
    IN_REVIEW = "in_review"
    MORE_NEEDED = "more_needed"
    VERIFIED = "verified"
    REFUSED = "refused"


class MemberRole(StrEnum):
    """Owners also say who is a member and where money goes, managers also bring papers and the catalogue, clerks quote and ship."""

    OWNER = "owner"
    MANAGER = "manager"
    CLERK = "clerk"


class DocumentKind(StrEnum):
    REGISTRATION = "registration"
    TAX = "tax"
    LICENCE = "licence"
    IDENTITY = "identity"
    BANK = "bank"
    OTHER = "other"


class Contact(Value, frozen=True, tag="contact"):
    """Whom staff and groups reach; the phone number in E.164."""

    name: str
    email: str
    phone: str = ""


class SupplierRegistered(Value, frozen=True):
    """`registration` is the number in the country's register of companies."""

    supplier_id: UUID
    owner_id: UUID
    name: str
    country: str
    registration: str
    vat_number: str
    address: Personal[Address | Erased, "owner_id"]
    contact: Personal[Contact | Erased, "owner_id"]
    at: datetime


class SupplierCorrected(Value, frozen=True):
    """As when it was registered, all at once."""

    supplier_id: UUID
    owner_id: UUID
    name: str
    country: str
    registration: str
    vat_number: str
    address: Personal[Address | Erased, "owner_id"]
    contact: Personal[Contact | Erased, "owner_id"]
    by: UUID
    at: datetime


class BankDetailsSet(Value, frozen=True):
    """`ending` are the last four characters of the number, which are shown."""

    supplier_id: UUID
    owner_id: UUID
    bank: Personal[Bank | Erased, "owner_id"]
    ending: str
    by: UUID
    at: datetime


class DocumentAdded(Value, frozen=True):
    """The file is kept beside the log, under `document_id`; `sha256` in hexadecimal, `size` in bytes."""

    supplier_id: UUID
    owner_id: UUID
    document_id: UUID
    kind: DocumentKind
    name: Personal[str | Erased, "owner_id"]
    media_type: str
    size: int
    sha256: str
    by: UUID
    at: datetime


class VerificationRequested(Value, frozen=True):
    supplier_id: UUID
    by: UUID
    at: datetime


class ReviewBegun(Value, frozen=True):
    supplier_id: UUID
    by: UUID
    at: datetime


class MoreAsked(Value, frozen=True):
    supplier_id: UUID
    reason: str
    by: UUID
    at: datetime


class SupplierVerified(Value, frozen=True):
    supplier_id: UUID
    by: UUID
    at: datetime


class SupplierRefused(Value, frozen=True):
    supplier_id: UUID
    reason: str
    by: UUID
    at: datetime


class ColleagueInvited(Value, frozen=True):
    supplier_id: UUID
    user_id: UUID
    role: MemberRole
    by: UUID
    at: datetime


class InvitationAccepted(Value, frozen=True):
    supplier_id: UUID
    user_id: UUID
    role: MemberRole
    at: datetime


class ColleagueRoleChanged(Value, frozen=True):
    supplier_id: UUID
    user_id: UUID
    role: MemberRole
    by: UUID
    at: datetime


class ColleagueRemoved(Value, frozen=True):
    """Also one who was only invited, and one who left by himself."""

    supplier_id: UUID
    user_id: UUID
    by: UUID
    at: datetime


SupplierEvent = (
    SupplierRegistered
    | SupplierCorrected
    | BankDetailsSet
    | DocumentAdded
    | VerificationRequested
    | ReviewBegun
    | MoreAsked
    | SupplierVerified
    | SupplierRefused
    | ColleagueInvited
    | InvitationAccepted
    | ColleagueRoleChanged
    | ColleagueRemoved
)

AFTER: Mapping[type[Value], Status] = {
    SupplierRegistered: Status.REGISTERED,
    VerificationRequested: Status.REQUESTED,
    ReviewBegun: Status.IN_REVIEW,
    MoreAsked: Status.MORE_NEEDED,
    SupplierVerified: Status.VERIFIED,
    SupplierRefused: Status.REFUSED,
}
"""The status that an event leaves behind, for those that change it."""


class SeatTaken(Value, frozen=True):
    user_id: UUID
    supplier_id: UUID
    at: datetime


class SeatGivenUp(Value, frozen=True):
    user_id: UUID
    supplier_id: UUID
    at: datetime


SeatEvent = SeatTaken | SeatGivenUp


class SupplierRated(Value, frozen=True):
    """What a member of a completed group says of its supplier: 1 to 5 stars."""

    supplier_id: UUID
    group_id: UUID
    member_id: UUID
    stars: int
    at: datetime

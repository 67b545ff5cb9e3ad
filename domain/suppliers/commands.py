"""What can be asked of suppliers, of the seats in them, and of those who rate them."""

from datetime import datetime
from uuid import UUID

from domain.suppliers.events import Contact, DocumentKind, MemberRole
from domain.trade import Bank
from domain.values import Actor, Address, Value


class Particulars(Value, frozen=True):
    """Who a company says that it is."""

    name: str
    country: str
    registration: str
    vat_number: str
    address: Address
    contact: Contact


class RegisterSupplier(Value, frozen=True):
    supplier_id: UUID
    particulars: Particulars
    by: Actor
    now: datetime


class CorrectSupplier(Value, frozen=True):
    supplier_id: UUID
    particulars: Particulars
    by: Actor
    now: datetime


class SetBankDetails(Value, frozen=True):
    supplier_id: UUID
    bank: Bank
    by: Actor
    now: datetime


class AddDocument(Value, frozen=True):
    """`media_type` is what the file's first bytes say."""

    supplier_id: UUID
    document_id: UUID
    kind: DocumentKind
    name: str
    media_type: str
    size: int
    sha256: str
    by: Actor
    now: datetime


class RequestVerification(Value, frozen=True):
    supplier_id: UUID
    by: Actor
    now: datetime


class BeginReview(Value, frozen=True):
    supplier_id: UUID
    by: Actor
    now: datetime


class AskForMore(Value, frozen=True):
    supplier_id: UUID
    reason: str
    by: Actor
    now: datetime


class VerifySupplier(Value, frozen=True):
    supplier_id: UUID
    by: Actor
    now: datetime


class RefuseSupplier(Value, frozen=True):
    supplier_id: UUID
    reason: str
    by: Actor
    now: datetime


class InviteColleague(Value, frozen=True):
    supplier_id: UUID
    user_id: UUID
    role: MemberRole
    by: Actor
    now: datetime


class AcceptInvitation(Value, frozen=True):
    supplier_id: UUID
    by: Actor
    now: datetime


class ChangeColleague(Value, frozen=True):
    supplier_id: UUID
    user_id: UUID
    role: MemberRole
    by: Actor
    now: datetime


class RemoveColleague(Value, frozen=True):
    supplier_id: UUID
    user_id: UUID
    by: Actor
    now: datetime


ChangeSupplier = (
    CorrectSupplier
    | SetBankDetails
    | AddDocument
    | RequestVerification
    | BeginReview
    | AskForMore
    | VerifySupplier
    | RefuseSupplier
    | InviteColleague
    | AcceptInvitation
    | ChangeColleague
    | RemoveColleague
)
SupplierCommand = RegisterSupplier | ChangeSupplier


class TakeSeat(Value, frozen=True):
    user_id: UUID
    supplier_id: UUID
    now: datetime


class GiveUpSeat(Value, frozen=True):
    user_id: UUID
    supplier_id: UUID
    now: datetime


SeatCommand = TakeSeat | GiveUpSeat


class RateSupplier(Value, frozen=True):
    """`collected` says that the group is over and that the member had his part of it."""

    supplier_id: UUID
    group_id: UUID
    member_id: UUID
    stars: int
    collected: bool
    now: datetime

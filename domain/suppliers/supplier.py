"""A supplier: a company signs up with its papers, staff verify it, and its members sell wholesale goods to groups."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.suppliers.commands import (
    AcceptInvitation,
    AddDocument,
    AskForMore,
    BeginReview,
    ChangeColleague,
    ChangeSupplier,
    CorrectSupplier,
    InviteColleague,
    Particulars,
    RefuseSupplier,
    RegisterSupplier,
    RemoveColleague,
    RequestVerification,
    SetBankDetails,
    SupplierCommand,
    VerifySupplier,
)
from domain.suppliers.events import (
    AFTER,
    Bank,
    BankDetailsSet,
    ColleagueInvited,
    ColleagueRemoved,
    ColleagueRoleChanged,
    Contact,
    DocumentAdded,
    InvitationAccepted,
    MemberRole,
    MoreAsked,
    ReviewBegun,
    Status,
    SupplierCorrected,
    SupplierEvent,
    SupplierRefused,
    SupplierRegistered,
    SupplierVerified,
    VerificationRequested,
)
from domain.suppliers.lifecycle import LIFECYCLE, SELF, next_actions, relations
from domain.suppliers.text import REASON_LIMIT, accounted, particulars
from domain.text import line, said
from domain.values import Actor, Address, Erased, Value

MOST_DOCUMENTS = 20
MOST_MEMBERS = 50
FILE_NAME_LIMIT = 120
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Unregistered(Value, frozen=True, tag=True):
    pass


class Company(Value, frozen=True, tag=True):
    """`owner_id` signed it up; `documents` are told apart by what their bytes are, `members` stand in the order in which they came."""

    supplier_id: UUID
    owner_id: UUID
    status: Status
    name: str
    country: str
    registration: str
    vat_number: str
    address: Address | Erased
    contact: Contact | Erased
    bank: Bank | Erased | None = None
    documents: Mapping[str, UUID] = {}
    members: Mapping[UUID, MemberRole] = {}
    invited: Mapping[UUID, MemberRole] = {}

    @property
    def seller_id(self) -> UUID:
        """In whose name its goods are listed: the first of its owners."""
        return next(user for user, role in self.members.items() if role is MemberRole.OWNER)


Supplier = Unregistered | Company


def decide(command: SupplierCommand, supplier: Supplier) -> list[SupplierEvent]:
    match command, supplier:
        case RegisterSupplier(), Unregistered():
            return [register(command)]
        case RegisterSupplier(), Company():
            return []  # asked twice: already so
        case _, Unregistered():
            raise Rejected("supplier_not_found")
        case _, Company():
            LIFECYCLE.check(command, supplier.status, asking(command, supplier))
            return change(command, supplier)


def asking(command: ChangeSupplier, company: Company) -> frozenset[str]:
    about_himself = isinstance(command, RemoveColleague) and command.user_id == command.by.id
    return relations(company.members, company.invited, command.by) | ({SELF} if about_himself else set())


def register(command: RegisterSupplier) -> SupplierRegistered:
    said = particulars(command.particulars)
    return SupplierRegistered(command.supplier_id, command.by.id, *fields(said), command.now)


def fields(said: Particulars) -> tuple[str, str, str, str, Address, Contact]:
    return said.name, said.country, said.registration, said.vat_number, said.address, said.contact


def change(command: ChangeSupplier, company: Company) -> list[SupplierEvent]:
    """What a command that the lifecycle allows leads to."""
    id, by, now = company.supplier_id, command.by.id, command.now
    match command:
        case CorrectSupplier():
            return correct(command, company)
        case SetBankDetails():
            bank = accounted(command.bank)
            return [] if bank == company.bank else [BankDetailsSet(id, company.owner_id, bank, bank.number[-4:], by, now)]
        case AddDocument():
            return add(command, company)
        case RequestVerification():
            return request(command, company)
        case BeginReview():
            return [ReviewBegun(id, by, now)]
        case AskForMore(reason=reason):
            return [MoreAsked(id, said(reason, REASON_LIMIT, "/reason"), by, now)]
        case VerifySupplier():
            return [SupplierVerified(id, by, now)]
        case RefuseSupplier(reason=reason):
            return [SupplierRefused(id, said(reason, REASON_LIMIT, "/reason"), by, now)]
        case InviteColleague():
            return invite(command, company)
        case AcceptInvitation():
            return [InvitationAccepted(id, by, company.invited[by], now)]
        case ChangeColleague():
            return change_role(command, company)
        case RemoveColleague():
            return remove(command, company)


def correct(command: CorrectSupplier, company: Company) -> list[SupplierEvent]:
    found = fields(particulars(command.particulars))
    if found == (company.name, company.country, company.registration, company.vat_number, company.address, company.contact):
        return []
    return [SupplierCorrected(company.supplier_id, company.owner_id, *found, command.by.id, command.now)]


def add(command: AddDocument, company: Company) -> list[SupplierEvent]:
    if not SHA256.fullmatch(command.sha256):
        raise Rejected("document_invalid", "A SHA-256 has 64 hexadecimal digits.")
    if command.sha256 in company.documents:
        return []  # the same file again
    if len(company.documents) >= MOST_DOCUMENTS:
        raise Rejected("documents_full", f"At most {MOST_DOCUMENTS}.")
    name = line(said(command.name, FILE_NAME_LIMIT, "/name"), FILE_NAME_LIMIT, "/name")
    about = (command.document_id, command.kind, name, command.media_type, command.size, command.sha256)
    return [DocumentAdded(company.supplier_id, company.owner_id, *about, command.by.id, command.now)]


def request(command: RequestVerification, company: Company) -> list[SupplierEvent]:
    """Nothing is put before staff that they could only send back."""
    if company.bank is None:
        raise Rejected("bank_details_required")
    if not company.documents:
        raise Rejected("document_required")
    return [VerificationRequested(company.supplier_id, command.by.id, command.now)]


def invite(command: InviteColleague, company: Company) -> list[SupplierEvent]:
    if command.user_id in company.members:
        raise Rejected("already_member", "Change the role instead.")
    if company.invited.get(command.user_id) is command.role:
        return []
    if len(company.members) + len(company.invited) >= MOST_MEMBERS:
        raise Rejected("members_full", f"At most {MOST_MEMBERS}.")
    return [ColleagueInvited(company.supplier_id, command.user_id, command.role, command.by.id, command.now)]


def change_role(command: ChangeColleague, company: Company) -> list[SupplierEvent]:
    was = company.members.get(command.user_id)
    if was is None:
        raise Rejected("member_not_found")
    if was is command.role:
        return []
    led(replace(company, members={**company.members, command.user_id: command.role}))
    return [ColleagueRoleChanged(company.supplier_id, command.user_id, command.role, command.by.id, command.now)]


def remove(command: RemoveColleague, company: Company) -> list[SupplierEvent]:
    if command.user_id not in {*company.members, *company.invited}:
        raise Rejected("member_not_found")
    if command.user_id in company.members:
        led(replace(company, members=without(company.members, command.user_id)))
    return [ColleagueRemoved(company.supplier_id, command.user_id, command.by.id, command.now)]


def led(company: Company) -> None:
    if MemberRole.OWNER not in company.members.values():
        raise Rejected("last_owner", "Make someone else an owner first.")


def without(people: Mapping[UUID, MemberRole], user_id: UUID) -> dict[UUID, MemberRole]:
    return {user: role for user, role in people.items() if user != user_id}


def evolve(supplier: Supplier, event: SupplierEvent) -> Supplier:
    if isinstance(event, SupplierRegistered):
        about = (event.name, event.country, event.registration, event.vat_number, event.address, event.contact)
        return Company(event.supplier_id, event.owner_id, Status.REGISTERED, *about, members={event.owner_id: MemberRole.OWNER})
    if isinstance(supplier, Unregistered):
        return supplier
    match event:
        case SupplierCorrected():
            return replace(
                supplier,
                name=event.name,
                country=event.country,
                registration=event.registration,
                vat_number=event.vat_number,
                address=event.address,
                contact=event.contact,
            )
        case BankDetailsSet():
            return replace(supplier, bank=event.bank)
        case DocumentAdded():
            return replace(supplier, documents={**supplier.documents, event.sha256: event.document_id})
        case ColleagueInvited():
            return replace(supplier, invited={**supplier.invited, event.user_id: event.role})
        case InvitationAccepted() | ColleagueRoleChanged():
            members = {**supplier.members, event.user_id: event.role}
            return replace(supplier, members=members, invited=without(supplier.invited, event.user_id))
        case ColleagueRemoved(user_id=user):
            return replace(supplier, members=without(supplier.members, user), invited=without(supplier.invited, user))
        case _:
            return replace(supplier, status=AFTER[type(event)])


def actions(supplier: Any, by: Actor) -> list[str]:
    return next_actions(supplier.status, supplier.members, supplier.invited, by) if isinstance(supplier, Company) else []


suppliers = Decider("supplier", Unregistered(), decide, evolve, actions=actions)

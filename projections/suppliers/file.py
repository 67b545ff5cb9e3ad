"""Each supplier's file: who it is, whether it is verified and how that came, its papers and its members."""

from datetime import datetime
from typing import get_args
from uuid import UUID

from msgspec.structs import replace

from domain.suppliers.events import (
    AFTER,
    BankDetailsSet,
    ColleagueInvited,
    ColleagueRemoved,
    ColleagueRoleChanged,
    Contact,
    DocumentAdded,
    DocumentKind,
    InvitationAccepted,
    MemberRole,
    MoreAsked,
    Status,
    SupplierCorrected,
    SupplierEvent,
    SupplierRefused,
    SupplierRegistered,
)
from domain.values import Actor, Address, Erased, Role, Value, clear
from projections.sql import ALL, Order, Where, equals
from projections.view import View


class Account(Value, frozen=True):
    """Where money goes; of its number only the last four characters are shown."""

    holder: str
    bank: str
    currency: str
    ending: str


class Paper(Value, frozen=True):
    """`size` in bytes, `sha256` in hexadecimal."""

    id: UUID
    kind: DocumentKind
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime


class Colleague(Value, frozen=True):
    """`invited`: not a member yet."""

    user_id: UUID
    role: MemberRole
    invited: bool
    since: datetime


class Taken(Value, frozen=True):
    """A step of the verification; `reason` is what staff gave for asking more or refusing."""

    status: Status
    at: datetime
    by: UUID
    reason: str = ""


class SupplierFile(Value, frozen=True):
    """`seller_id` is in whose name its goods are listed. Address and contact are null once the person is forgotten."""

    id: UUID
    seller_id: UUID
    status: Status
    name: str
    country: str
    registration: str
    vat_number: str
    address: Address | None
    contact: Contact | None
    registered_at: datetime
    changed_at: datetime
    verified_at: datetime | None = None
    account: Account | None = None
    documents: tuple[Paper, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    steps: tuple[Taken, ...] = ()

    @property
    def people(self) -> list[UUID]:
        return [each.user_id for each in self.colleagues]

    @property
    def members(self) -> dict[UUID, MemberRole]:
        return {each.user_id: each.role for each in self.colleagues if not each.invited}

    @property
    def invited(self) -> dict[UUID, MemberRole]:
        return {each.user_id: each.role for each in self.colleagues if each.invited}


def evolve(file: SupplierFile | None, event: SupplierEvent) -> SupplierFile | None:
    if isinstance(event, SupplierRegistered):
        return begin(event)
    if file is None:
        return None
    changed = replace(file, changed_at=event.at)
    match event:
        case SupplierCorrected():
            return replace(
                changed,
                name=event.name,
                country=event.country,
                registration=event.registration,
                vat_number=event.vat_number,
                address=None if isinstance(event.address, Erased) else event.address,
                contact=None if isinstance(event.contact, Erased) else event.contact,
            )
        case BankDetailsSet(bank=bank):
            known = None if isinstance(bank, Erased) else Account(bank.holder, bank.bank, bank.currency, event.ending)
            return replace(changed, account=known)
        case DocumentAdded():
            about = (clear(event.name), event.media_type, event.size, event.sha256, event.at)
            return replace(changed, documents=(*file.documents, Paper(event.document_id, event.kind, *about)))
        case ColleagueInvited() | InvitationAccepted() | ColleagueRoleChanged():
            return placed(changed, Colleague(event.user_id, event.role, isinstance(event, ColleagueInvited), event.at))
        case ColleagueRemoved(user_id=user):
            return led(replace(changed, colleagues=tuple(each for each in file.colleagues if each.user_id != user)))
        case _:
            return taken(changed, event)


def begin(event: SupplierRegistered) -> SupplierFile:
    return SupplierFile(
        event.supplier_id,
        event.owner_id,
        Status.REGISTERED,
        event.name,
        event.country,
        event.registration,
        event.vat_number,
        None if isinstance(event.address, Erased) else event.address,
        None if isinstance(event.contact, Erased) else event.contact,
        event.at,
        event.at,
        colleagues=(Colleague(event.owner_id, MemberRole.OWNER, invited=False, since=event.at),),
    )


def placed(file: SupplierFile, colleague: Colleague) -> SupplierFile:
    """In his place among those who came before and after him; one who was only invited comes when he accepts."""
    known = {each.user_id: each for each in file.colleagues}
    before = known.get(colleague.user_id)
    if before is not None and before.invited and not colleague.invited:
        del known[colleague.user_id]
    return led(replace(file, colleagues=tuple({**known, colleague.user_id: colleague}.values())))


def led(file: SupplierFile) -> SupplierFile:
    """The first of the owners is who sells."""
    owners = [user for user, role in file.members.items() if role is MemberRole.OWNER]
    return replace(file, seller_id=owners[0]) if owners else file


def taken(file: SupplierFile, event: SupplierEvent) -> SupplierFile:
    status = AFTER.get(type(event))
    if status is None or isinstance(event, SupplierRegistered | InvitationAccepted):
        return file
    reason = event.reason if isinstance(event, MoreAsked | SupplierRefused) else ""
    verified = event.at if status is Status.VERIFIED else None
    return replace(file, status=status, verified_at=verified, steps=(*file.steps, Taken(status, event.at, event.by, reason)))


def supplier_of(event: SupplierEvent) -> UUID:
    return event.supplier_id


view = View(
    "suppliers",
    SupplierFile,
    key=supplier_of,
    evolve=evolve,
    events=get_args(SupplierEvent),
    columns={"status": "text", "country": "text", "seller_id": "uuid", "people": "uuid[]", "registered_at": "timestamptz"},
    indexes=("status, registered_at DESC, key DESC",),
)

NEWEST_FIRST = Order(("registered_at",))
WATCHING = (Role.STAFF, Role.ADMIN, Role.AUDITOR)


def visible_to(by: Actor) -> Where:
    """Verified ones for all, one's own at any time, everything for staff and auditors."""
    return ALL if by.is_any(*WATCHING) else Where("status = 'verified' OR %(caller)s = ANY(people)", {"caller": by.id})


def behind(by: Actor) -> Where:
    """What only members, whoever is invited, staff and auditors see."""
    return ALL if by.is_any(*WATCHING) else of_person(by.id)


def of_person(user_id: UUID) -> Where:
    return Where("%(person)s = ANY(people)", {"person": user_id})


def asked_for(status: Status | None, country: str | None) -> Where:
    where = ALL if status is None else equals("status", status)
    return where if country is None else where & equals("country", country)

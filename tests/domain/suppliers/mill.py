"""Tariro signs her mill up, Farai and Rudo work there, Stan is of the staff; events and commands with what does not matter filled in."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.suppliers import commands as c
from domain.suppliers import events as e
from domain.values import Actor, Address, Role

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MILL, PAPER = UUID(int=500), UUID(int=501)
TARIRO, FARAI, RUDO = (Actor(UUID(int=number), frozenset({Role.CUSTOMER})) for number in (1, 2, 3))
STAN = Actor(UUID(int=8), frozenset({Role.STAFF}))

SEAT = Address("Mbare Millers", ("12 Ardbennie Road",), "Harare", "", "ZW")
CONTACT = e.Contact("Tariro Moyo", "tariro@mill.example", "+263771234567")
SAID = c.Particulars("Mbare Millers (Pvt) Ltd", "ZW", "1234/2019", "10012345", SEAT, CONTACT)
BANK = e.Bank("Mbare Millers", "9140001234567", "STBLZWHX", "USD")
SUM = "ab" * 32

register = c.RegisterSupplier(MILL, SAID, TARIRO, NOON)
registered = e.SupplierRegistered(MILL, TARIRO.id, SAID.name, "ZW", SAID.registration, SAID.vat_number, SEAT, CONTACT, NOON)
banked = e.BankDetailsSet(MILL, TARIRO.id, BANK, "4567", TARIRO.id, NOON)
papered = e.DocumentAdded(MILL, TARIRO.id, PAPER, e.DocumentKind.REGISTRATION, "cr14.pdf", "application/pdf", 900, SUM, TARIRO.id, NOON)
requested = e.VerificationRequested(MILL, TARIRO.id, NOON)
begun = e.ReviewBegun(MILL, STAN.id, NOON)
asked = e.MoreAsked(MILL, "The scan cannot be read.", STAN.id, NOON)
verified = e.SupplierVerified(MILL, STAN.id, NOON)
refused = e.SupplierRefused(MILL, "No such company.", STAN.id, NOON)
invited = e.ColleagueInvited(MILL, FARAI.id, e.MemberRole.MANAGER, TARIRO.id, NOON)
joined = e.InvitationAccepted(MILL, FARAI.id, e.MemberRole.MANAGER, NOON)

COMPLETE = (registered, banked, papered)
IN_REVIEW = (*COMPLETE, requested, begun)


def add(by: Actor = TARIRO, **fields: Any) -> c.AddDocument:
    about: dict[str, Any] = {"kind": e.DocumentKind.REGISTRATION, "name": "cr14.pdf", "media_type": "application/pdf", "size": 900}
    about |= {"sha256": SUM, "by": by, "now": NOON, **fields}
    return c.AddDocument(MILL, PAPER, **about)


def give(command: type[Any], by: Actor = TARIRO, **fields: Any) -> Any:
    return command(supplier_id=MILL, by=by, now=NOON, **fields)

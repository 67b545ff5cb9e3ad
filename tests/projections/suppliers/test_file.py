"""A supplier's file shows how it came to be verified, on which papers, and who acts for it."""

from datetime import timedelta

from msgspec.structs import replace

from domain.suppliers.events import ColleagueRemoved, ColleagueRoleChanged, MemberRole, Status, SupplierCorrected, SupplierRefused
from domain.values import SYSTEM, Actor, Role
from projections.suppliers import file
from projections.suppliers.file import Account, Paper, Taken, behind, visible_to
from tests.bdd import Shown, erased
from tests.domain.suppliers import mill
from tests.domain.suppliers.mill import FARAI, MILL, NOON, RUDO, STAN, TARIRO

LATER = NOON + timedelta(days=1)


def test_every_step_is_told_with_who_took_it_and_why():
    shown = Shown(file.view, *mill.IN_REVIEW, mill.asked, mill.requested, mill.begun, mill.verified).one
    assert (shown.status, shown.verified_at) == (Status.VERIFIED, NOON)
    assert shown.steps[1:3] == (
        Taken(Status.IN_REVIEW, NOON, STAN.id),
        Taken(Status.MORE_NEEDED, NOON, STAN.id, "The scan cannot be read."),
    )
    refused = Shown(file.view, *mill.IN_REVIEW, mill.verified, SupplierRefused(MILL, "A fraud.", STAN.id, LATER)).one
    assert (refused.status, refused.verified_at, refused.steps[-1].reason) == (Status.REFUSED, None, "A fraud.")


def test_of_an_account_only_its_end_is_kept_and_of_a_paper_not_its_bytes():
    shown = Shown(file.view, *mill.COMPLETE).one
    assert shown.account == Account("Mbare Millers", "STBLZWHX", "USD", "4567")
    assert shown.documents == (Paper(mill.PAPER, mill.papered.kind, "cr14.pdf", "application/pdf", 900, mill.SUM, NOON),)


def test_the_first_of_the_owners_sells():
    led = ColleagueRoleChanged(MILL, FARAI.id, MemberRole.OWNER, TARIRO.id, NOON)
    history = (mill.registered, mill.invited, mill.joined, led)
    assert Shown(file.view, mill.registered, mill.invited).one.invited == {FARAI.id: MemberRole.MANAGER}
    assert Shown(file.view, *history).one.seller_id == TARIRO.id
    gone = Shown(file.view, *history, ColleagueRemoved(MILL, TARIRO.id, TARIRO.id, NOON)).one
    assert (gone.seller_id, gone.people) == (FARAI.id, [FARAI.id])


def test_what_is_corrected_is_shown_corrected():
    said = (mill.SAID.country, "999/2020", "", mill.SEAT, mill.CONTACT)
    shown = Shown(file.view, mill.registered, SupplierCorrected(MILL, TARIRO.id, "The Mill", *said, TARIRO.id, LATER)).one
    assert (shown.name, shown.registration, shown.vat_number, shown.changed_at) == ("The Mill", "999/2020", "", LATER)


def test_of_a_person_who_is_forgotten_nothing_is_shown():
    shown = Shown(file.view, erased(mill.registered), erased(mill.banked), erased(mill.papered)).one
    assert (shown.address, shown.contact, shown.account, shown.documents[0].name) == (None, None, None, "")
    assert shown.name == mill.SAID.name


def test_only_members_staff_and_auditors_look_behind_it():
    assert behind(RUDO).values == {"person": RUDO.id}
    assert visible_to(RUDO).values == {"caller": RUDO.id}
    assert not behind(STAN).values
    assert not behind(replace(SYSTEM, roles=frozenset({Role.AUDITOR}))).values
    assert behind(Actor(TARIRO.id)).values == {"person": TARIRO.id}

"""A supplier is verified by others than its members, on papers that are complete, and somebody always leads it."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.suppliers import commands as c
from domain.suppliers import events as e
from domain.suppliers.events import MemberRole
from domain.suppliers.supplier import Company, suppliers
from domain.values import ERASED, Actor, Role
from tests.bdd import Given
from tests.domain.suppliers import mill
from tests.domain.suppliers.mill import FARAI, MILL, NOON, RUDO, SAID, STAN, TARIRO, give


def test_whoever_signs_a_company_up_owns_it():
    Given(suppliers).when(mill.register).then(mill.registered)
    Given(suppliers, mill.registered).when(mill.register).then()
    company = suppliers.fold([mill.registered])
    assert isinstance(company, Company)
    assert (company.seller_id, company.members) == (TARIRO.id, {TARIRO.id: MemberRole.OWNER})


@pytest.mark.parametrize(
    ("field", "value", "refusal"),
    [
        ("name", " ", ("text_invalid", "/name")),
        ("country", "XX", ("country_unknown", "/country")),
        ("registration", "no!", ("registration_invalid", "/registration")),
        ("contact", e.Contact(" ", "t@mill.example"), ("text_invalid", "/contact/name")),
    ],
)
def test_what_is_said_of_a_company_has_its_form(field: str, value: Any, refusal: tuple[str, str]):
    wrong = replace(mill.register, particulars=replace(SAID, **{field: value}))
    Given(suppliers).when(wrong).rejected(refusal[0], pointer=refusal[1])


@pytest.mark.parametrize(
    ("bank", "refusal"),
    [
        (replace(mill.BANK, number="CH93 0076 2011 6238 5295 8"), ("account_invalid", "/number")),
        (replace(mill.BANK, number="12"), ("account_invalid", "/number")),
        (replace(mill.BANK, bank="-"), ("bank_unknown", "/bank")),
        (replace(mill.BANK, currency="ZZZ"), ("currency_unknown", "/currency")),
    ],
)
def test_an_account_that_cannot_be_paid_to_is_refused(bank: e.Bank, refusal: tuple[str, str]):
    Given(suppliers, mill.registered).when(give(c.SetBankDetails, bank=bank)).rejected(refusal[0], pointer=refusal[1])


def test_an_account_is_kept_written_together_and_shown_by_its_end():
    given = give(c.SetBankDetails, bank=replace(mill.BANK, number="9140 0012-34567"))
    Given(suppliers, mill.registered).when(given).then(mill.banked)
    Given(suppliers, mill.registered, mill.banked).when(given).then()


def test_nothing_incomplete_comes_before_staff():
    Given(suppliers, mill.registered).when(give(c.RequestVerification)).rejected("bank_details_required")
    Given(suppliers, mill.registered, mill.banked).when(give(c.RequestVerification)).rejected("document_required")
    Given(suppliers, *mill.COMPLETE).when(give(c.RequestVerification)).then(mill.requested)


def test_the_same_file_is_one_document():
    Given(suppliers, mill.registered).when(mill.add()).then(mill.papered)
    Given(suppliers, mill.registered, mill.papered).when(mill.add(name="again.pdf")).then()


def test_a_supplier_in_review_stands_still():
    Given(suppliers, *mill.IN_REVIEW).when(mill.add()).rejected("supplier_not_editable")
    Given(suppliers, *mill.IN_REVIEW).when(give(c.CorrectSupplier, particulars=SAID)).rejected("supplier_not_editable")


def test_staff_ask_for_more_verify_and_refuse():
    asked = give(c.AskForMore, STAN, reason="The scan cannot be read.")
    Given(suppliers, *mill.COMPLETE, mill.requested).when(give(c.BeginReview, STAN)).then(mill.begun)
    Given(suppliers, *mill.IN_REVIEW).when(asked).then(mill.asked)
    Given(suppliers, *mill.IN_REVIEW, mill.asked).when(give(c.RequestVerification)).then(mill.requested)
    Given(suppliers, *mill.IN_REVIEW).when(give(c.VerifySupplier, STAN)).then(mill.verified)
    Given(suppliers, *mill.IN_REVIEW, mill.verified).when(give(c.VerifySupplier, STAN)).rejected("supplier_not_in_review")
    Given(suppliers, *mill.IN_REVIEW).when(give(c.RefuseSupplier, STAN, reason="No such company.")).then(mill.refused)
    Given(suppliers, *mill.IN_REVIEW, mill.verified).when(give(c.RefuseSupplier, STAN, reason="No such company.")).then(mill.refused)
    Given(suppliers, *mill.IN_REVIEW, mill.refused).when(give(c.RequestVerification)).rejected("verification_requested")


def test_nobody_verifies_the_company_he_belongs_to():
    member = Actor(TARIRO.id, frozenset({Role.STAFF}))
    Given(suppliers, *mill.IN_REVIEW).when(give(c.VerifySupplier, member)).rejected("not_yours")
    Given(suppliers, *mill.IN_REVIEW).offers(member, "bank-details", "invite", "change-member", "remove-member")


def test_strangers_may_nothing_and_the_invited_only_accept_or_decline():
    Given(suppliers, mill.registered).offers(RUDO)
    Given(suppliers, mill.registered).when(mill.add(RUDO)).rejected("not_yours")
    Given(suppliers, mill.registered, mill.invited).offers(FARAI, "accept", "leave")
    Given(suppliers, mill.registered, mill.invited).when(give(c.AcceptInvitation, FARAI)).then(mill.joined)
    Given(suppliers, mill.registered, mill.invited).when(give(c.AcceptInvitation, RUDO)).rejected("not_yours")


def test_managers_bring_papers_but_neither_colleagues_nor_accounts():
    Given(suppliers, mill.registered, mill.invited, mill.joined).when(mill.add(FARAI)).then(replace(mill.papered, by=FARAI.id))
    for command in (give(c.SetBankDetails, FARAI, bank=mill.BANK), give(c.RemoveColleague, FARAI, user_id=TARIRO.id)):
        Given(suppliers, mill.registered, mill.invited, mill.joined).when(command).rejected("not_yours")


def test_a_company_never_loses_its_last_owner():
    for command in (give(c.RemoveColleague, user_id=TARIRO.id), give(c.ChangeColleague, user_id=TARIRO.id, role=MemberRole.CLERK)):
        Given(suppliers, mill.registered, mill.invited, mill.joined).when(command).rejected("last_owner")
    led = e.ColleagueRoleChanged(MILL, FARAI.id, MemberRole.OWNER, TARIRO.id, NOON)
    left = e.ColleagueRemoved(MILL, TARIRO.id, TARIRO.id, NOON)
    history = (mill.registered, mill.invited, mill.joined, led)
    Given(suppliers, *history).when(give(c.RemoveColleague, user_id=TARIRO.id)).then(left)
    company = suppliers.fold([*history, left])
    assert isinstance(company, Company)
    assert company.seller_id == FARAI.id


def test_a_member_leaves_and_an_invitation_is_taken_back():
    left = e.ColleagueRemoved(MILL, FARAI.id, FARAI.id, NOON)
    Given(suppliers, mill.registered, mill.invited, mill.joined).when(give(c.RemoveColleague, FARAI, user_id=FARAI.id)).then(left)
    taken = e.ColleagueRemoved(MILL, FARAI.id, TARIRO.id, NOON)
    Given(suppliers, mill.registered, mill.invited).when(give(c.RemoveColleague, user_id=FARAI.id)).then(taken)
    Given(suppliers, mill.registered).when(give(c.RemoveColleague, user_id=FARAI.id)).rejected("member_not_found")


def test_whoever_may_leave_is_told_so():
    joined = (mill.registered, mill.invited, mill.joined)
    assert "leave" in suppliers.actions(suppliers.fold(joined), FARAI)
    assert "leave" not in suppliers.actions(suppliers.fold(joined), TARIRO)
    led = e.ColleagueRoleChanged(MILL, FARAI.id, MemberRole.OWNER, TARIRO.id, NOON)
    assert "leave" in suppliers.actions(suppliers.fold([*joined, led]), TARIRO)


def test_a_company_whose_founder_is_forgotten_stays_a_company():
    address = replace(mill.registered, address=ERASED, contact=ERASED)
    Given(suppliers, address, replace(mill.banked, bank=ERASED), mill.papered).when(give(c.RequestVerification)).then(mill.requested)

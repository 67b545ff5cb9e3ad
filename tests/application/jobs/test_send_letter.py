from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.jobs.draft import greeting
from application.jobs.ports import Skipped
from domain.listings.events import ChangesRequested, InquirySent, ListingApproved, ListingDrafted, ListingRejected, ListingSubmitted
from domain.users.events import (
    EmailChanged,
    EmailChangeRequested,
    EmailVerificationRequested,
    EmailVerified,
    PasswordChanged,
    PasswordResetRequested,
    PreferencesSet,
    UserRegistered,
    UserReinstated,
    UserSuspended,
)
from domain.users.preferences import Preferences
from domain.values import ERASED, Value
from tests.application.jobs.office import JOB, NOON, Office

ANA, BEN, ASKED, BOAT, QUESTION, ADMIN = (UUID(int=n) for n in range(1, 7))

registered = UserRegistered(ANA, "ana@example.org", "Ana", NOON)
asked = EmailVerificationRequested(ANA, ASKED, "ana@example.org", NOON)
verified = EmailVerified(ANA, NOON)
suspended = UserSuspended(ANA, "spam", ADMIN, NOON)
drafted = ListingDrafted(BOAT, ANA, "classified", "boats", "Bayliner 185", "", {}, None, None, NOON)
submitted = ListingSubmitted(BOAT, NOON)
rejected = ListingRejected(BOAT, ADMIN, "No picture.", NOON)
inquiry = InquirySent(QUESTION, BOAT, ANA, BEN, "Still there?", NOON)


@pytest.fixture
def office() -> Office:
    return Office().happened(ANA, registered)


def test_who_registers_gets_the_link_that_proves_the_address(office: Office):
    mail = office.letter_about(ANA, asked)
    assert (mail.id, mail.address, mail.name) == (JOB, "ana@example.org", "Ana")
    assert office.post.facts["link"] == "https://tw.example/account/verify-email?token=email_verification.1.3.1205"


def test_an_older_link_is_not_sent_once_a_newer_was_asked_for(office: Office):
    office.happened(ANA, asked, EmailVerificationRequested(ANA, BEN, "ana@example.org", NOON))
    with pytest.raises(Skipped, match="superseded"):
        office.letter(ANA, asked)


def test_a_link_that_has_expired_is_not_sent(office: Office):
    office.now = NOON + timedelta(days=3)
    with pytest.raises(Skipped, match="link_expired"):
        office.letter_about(ANA, asked)


def test_the_link_to_a_new_address_goes_there(office: Office):
    mail = office.letter_about(ANA, EmailChangeRequested(ANA, ASKED, "new@example.org", NOON))
    assert mail.address == "new@example.org"


def test_the_old_address_is_told_of_the_new_one_veiled(office: Office):
    mail = office.letter_about(ANA, EmailChanged(ANA, "new@example.org", "ana@example.org", NOON))
    assert mail.address == "ana@example.org"
    assert office.post.facts["new_address"] == "n…@example.org"


def test_a_password_reset_goes_to_the_present_address(office: Office):
    assert office.letter_about(ANA, PasswordResetRequested(ANA, ASKED, NOON)).address == "ana@example.org"
    assert "/account/reset-password?token=password_reset" in office.post.facts["link"]


@pytest.mark.parametrize("event", [verified, PasswordChanged(ANA, NOON), suspended])
def test_changes_of_the_account_are_told_to_its_owner(office: Office, event: Value):
    assert office.letter_about(ANA, event).address == "ana@example.org"


def test_who_is_reinstated_is_told_so_and_no_longer_of_the_suspension(office: Office):
    office.happened(ANA, suspended)
    assert office.letter_about(ANA, UserReinstated(ANA, ADMIN, NOON)).subject == "subject of reinstated"
    with pytest.raises(Skipped, match="superseded"):
        office.letter(ANA, suspended)


def test_an_erased_person_gets_no_mail():
    gone = Office().happened(ANA, UserRegistered(ANA, ERASED, ERASED, NOON))
    with pytest.raises(Skipped, match="person_erased"):
        gone.letter_about(ANA, PasswordChanged(ANA, NOON))


def test_a_suspended_person_gets_no_links(office: Office):
    office.happened(ANA, suspended)
    with pytest.raises(Skipped, match="person_suspended"):
        office.letter_about(ANA, PasswordResetRequested(ANA, ASKED, NOON))


@pytest.mark.parametrize(
    ("event", "quote"),
    [(rejected, "No picture."), (ChangesRequested(BOAT, ADMIN, "Year?", NOON), "Year?"), (ListingApproved(BOAT, ADMIN, NOON), "")],
)
def test_the_seller_is_told_what_the_review_found(office: Office, event: Value, quote: str):
    office.happened(ANA, asked, verified).happened(BOAT, drafted, submitted)
    assert office.letter_about(BOAT, event).address == "ana@example.org"
    assert (office.post.facts["title"], office.post.facts["quote"]) == ("Bayliner 185", quote)


def test_nobody_is_told_of_a_listing_that_was_submitted_and_approved_in_one_go(office: Office):
    office.happened(ANA, asked, verified).happened(BOAT, drafted, submitted)
    office.log.add(BOAT, approved := ListingApproved(BOAT, ADMIN, NOON))
    first, last = office.log.events[-2], office.log.events[-1]
    office.log.events[-1] = replace(last, command_id=first.command_id)
    with pytest.raises(Skipped, match="decided_at_once"):
        office.letter(BOAT, approved)


def test_an_inquiry_reaches_the_seller_with_its_words(office: Office):
    office.happened(ANA, asked, verified).happened(BOAT, drafted)
    office.letter_about(QUESTION, inquiry)
    assert (office.post.facts["quote"], office.post.facts["link"]) == ("Still there?", f"https://tw.example/v1/listings/{BOAT}")


def test_an_unproven_address_gets_no_letters_of_trade(office: Office):
    office.happened(ANA, asked).happened(BOAT, drafted)
    with pytest.raises(Skipped, match="address_unproven"):
        office.letter_about(QUESTION, inquiry)


def test_a_kind_of_notice_that_was_turned_off_is_not_sent(office: Office):
    office.happened(ANA, asked, verified, PreferencesSet(ANA, Preferences(notices={"inquiries": ()}))).happened(BOAT, drafted)
    with pytest.raises(Skipped, match="unwanted"):
        office.letter_about(QUESTION, inquiry)
    assert office.letter_about(BOAT, rejected).address == "ana@example.org"


def test_an_inquiry_whose_sender_is_erased_is_not_passed_on(office: Office):
    office.happened(ANA, asked, verified).happened(BOAT, drafted)
    with pytest.raises(Skipped, match="words_erased"):
        office.letter_about(QUESTION, InquirySent(QUESTION, BOAT, ANA, BEN, ERASED, NOON))


@pytest.mark.parametrize("name", ["Win at http://evil.example", "www.evil.example", "evil.example", "x" * 80])
def test_names_that_could_pass_for_links_are_not_used(name: str):
    assert greeting(name) == ""


@pytest.mark.parametrize("name", ["Ana", "J. R. Müller-Lüdenscheidt", "Ngũgĩ wa Thiong'o"])
def test_names_are_used_as_their_owners_write_them(name: str):
    assert greeting(name) == name

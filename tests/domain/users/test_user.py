"""Registering, proving an address, changing it, and what admins do."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.users import commands as c
from domain.users import events as e
from domain.users.preferences import Preferences
from domain.users.user import users
from domain.values import SYSTEM, Address, Role
from tests.bdd import Given
from tests.domain.users.people import (
    ADA,
    ADA_AN_ADMIN,
    ADA_ID,
    ANA,
    ANA_ID,
    ANAS,
    BEN,
    FEEDER,
    FEEDER_ID,
    FEEDER_OPEN,
    LATER,
    LINK,
    NOON,
    SECOND_LINK,
    active,
    registered,
)

SUSPENDED = e.UserSuspended(ANA_ID, "Sold a boat that is not hers.", ADA_ID, NOON)
HOME = Address("Ana Sousa", ("Rua do Cais 7",), "Porto", "4050-017", "PT")


def test_who_registers_is_a_customer_whose_address_is_to_be_proven():
    Given(users).when(c.RegisterUser(ANA_ID, ANAS, "Ana Sousa", LINK, NOON)).then(*registered())


def test_an_address_is_kept_trimmed_with_its_domain_in_lower_case():
    spelled = c.RegisterUser(ANA_ID, " Ana@EXAMPLE.org ", " Ana\u0301  Sousa", LINK, NOON)
    Given(users).when(spelled).then(*registered(email="Ana@example.org", name="An\u00e1 Sousa"))


@pytest.mark.parametrize(
    "email", ["", "ana", "ana@", "@example.org", "ana@example", "a b@example.org", "ana@example.org\nBcc: x@y.zz", "a@b@c.de", '"a"@b.de']
)
def test_what_is_no_address_is_refused(email: str):
    Given(users).when(c.RegisterUser(ANA_ID, email, "Ana", LINK, NOON)).rejected("email_invalid", pointer="/email")


@pytest.mark.parametrize(
    "name",
    [
        "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",  # Persian: two parts of one name, not joined
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3 \u0dbd\u0d82\u0d9a\u0dcf",  # Sinhala: a ligature after the virama
        "\u0d05\u0d28\u0d3f\u0d32\u0d4d\u200d",  # Malayalam: a letter at the end of a word, as it was typed for long
        "\u0915\u094d\u200c\u0937",  # Devanagari: no ligature
    ],
)
def test_names_are_written_as_their_scripts_need_it(name: str):
    Given(users).when(c.RegisterUser(ANA_ID, ANAS, name, LINK, NOON)).then(*registered(name=name))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "A\x00na",
        "A" * 101,
        "\u202eanA",
        "A\u200bna",  # a blank of no width
        "\u200c",
        "\u200dAna",
        "Ana\u200c",
        "Ana \u200cSousa",
        "A\u200c\u200cna",
        "\u0639\u200c1",
    ],
)
def test_what_nobody_can_read_is_no_name(name: str):
    Given(users).when(c.RegisterUser(ANA_ID, ANAS, name, LINK, NOON)).rejected("name_invalid", pointer="/name")


def test_registering_twice_changes_nothing():
    Given(users, *registered()).when(c.RegisterUser(ANA_ID, "other@example.org", "Ana", SECOND_LINK, NOON)).then()


def test_nothing_can_be_done_with_a_user_who_never_registered():
    Given(users).when(c.ChangePassword(ANA_ID, ANA, NOON)).rejected("user_not_found")


def test_following_the_link_proves_the_address():
    Given(users, *registered()).when(verify(LINK)).then(e.EmailVerified(ANA_ID, NOON))


def test_a_link_counts_once():
    Given(users, *active()).when(verify(LINK)).rejected("code_used")


def test_a_link_sent_again_replaces_the_first():
    again = e.EmailVerificationRequested(ANA_ID, SECOND_LINK, ANAS, NOON)
    Given(users, *registered(), again).when(verify(LINK)).rejected("code_used")
    Given(users, *registered(), again).when(verify(SECOND_LINK)).then(e.EmailVerified(ANA_ID, NOON))


def test_a_link_expires():
    late = c.VerifyEmail(ANA_ID, LINK, LATER, ANA, LATER)
    Given(users, *registered()).when(late).rejected("code_expired")


def test_a_proven_address_needs_no_further_link():
    Given(users, *active()).when(c.RequestEmailVerification(ANA_ID, SECOND_LINK, SYSTEM, NOON)).rejected("already_verified")


def test_a_new_address_is_the_users_once_its_link_is_followed():
    asked = e.EmailChangeRequested(ANA_ID, SECOND_LINK, "ana@sousa.pt", NOON)
    Given(users, *active()).when(c.RequestEmailChange(ANA_ID, SECOND_LINK, "ana@SOUSA.pt", ANA, NOON)).then(asked)
    Given(users, *active(), asked).when(c.ConfirmEmailChange(ANA_ID, SECOND_LINK, LATER, ANA, NOON)).then(
        e.EmailChanged(ANA_ID, "ana@sousa.pt", ANAS, NOON)
    )


def test_nobody_changes_to_the_address_that_is_already_theirs():
    asked = c.RequestEmailChange(ANA_ID, SECOND_LINK, "ANA@example.org", ANA, NOON)
    Given(users, *active()).when(asked).rejected("email_unchanged", pointer="/email")


def test_a_reset_sent_to_the_previous_address_opens_nothing():
    moved = [
        e.PasswordResetRequested(ANA_ID, LINK, NOON),
        e.EmailChangeRequested(ANA_ID, SECOND_LINK, "ana@sousa.pt", NOON),
        e.EmailChanged(ANA_ID, "ana@sousa.pt", ANAS, NOON),
    ]
    Given(users, *active(), *moved).when(reset(LINK)).rejected("code_used")


def test_a_forgotten_password_is_reset_by_the_mailed_link_once():
    asked = e.PasswordResetRequested(ANA_ID, SECOND_LINK, NOON)
    Given(users, *active(), asked).when(reset(SECOND_LINK)).then(e.PasswordChanged(ANA_ID, NOON))
    Given(users, *active(), asked, e.PasswordChanged(ANA_ID, NOON)).when(reset(SECOND_LINK)).rejected("code_used")


def test_a_reset_by_mail_proves_an_address_that_was_not_proven():
    asked = e.PasswordResetRequested(ANA_ID, SECOND_LINK, NOON)
    Given(users, *registered(), asked).when(reset(SECOND_LINK)).then(e.PasswordChanged(ANA_ID, NOON), e.EmailVerified(ANA_ID, NOON))


def test_a_suspended_user_resets_nothing():
    asked = e.PasswordResetRequested(ANA_ID, SECOND_LINK, NOON)
    Given(users, *active(), SUSPENDED).when(c.RequestPasswordReset(ANA_ID, LINK, SYSTEM, NOON)).rejected("suspended")
    Given(users, *active(), asked, SUSPENDED).when(reset(SECOND_LINK)).rejected("suspended")


def test_nobody_changes_someone_elses_password_not_even_an_admin():
    Given(users, *active()).when(c.ChangePassword(ANA_ID, BEN, NOON)).rejected("not_yours")
    Given(users, *active()).when(c.ChangePassword(ANA_ID, ADA, NOON)).rejected("not_yours")


def test_an_edited_profile_keeps_what_was_not_mentioned():
    phone = e.ProfileEdited(ANA_ID, "Ana Sousa", "+351223401000", ())
    Given(users, *active()).when(c.EditProfile(ANA_ID, ANA, phone="+351223401000")).then(phone)
    Given(users, *active(), phone).when(c.EditProfile(ANA_ID, ANA, addresses=(HOME,))).then(
        e.ProfileEdited(ANA_ID, "Ana Sousa", "+351223401000", (HOME,))
    )


def test_an_edit_that_changes_nothing_is_no_event():
    Given(users, *active()).when(c.EditProfile(ANA_ID, ANA, name="Ana  Sousa ")).then()


def test_a_number_without_its_country_is_refused():
    Given(users, *active()).when(c.EditProfile(ANA_ID, ANA, phone="0301234567")).rejected("phone_invalid", pointer="/phone")


def test_ten_addresses_are_enough():
    Given(users, *active()).when(c.EditProfile(ANA_ID, ANA, addresses=(HOME,) * 11)).rejected("too_many_addresses", pointer="/addresses")


def test_preferences_are_set_as_a_whole():
    wanted = Preferences("pt", "EUR", notices={"inquiries": ()})
    Given(users, *active()).when(c.SetPreferences(ANA_ID, wanted, ANA)).then(e.PreferencesSet(ANA_ID, wanted))
    Given(users, *active(), e.PreferencesSet(ANA_ID, wanted)).when(c.SetPreferences(ANA_ID, wanted, ANA)).then()


def test_admins_grant_and_revoke_roles():
    granted = e.RoleGranted(ANA_ID, Role.SELLER, ADA_ID, NOON)
    Given(users, *active()).when(c.GrantRole(ANA_ID, Role.SELLER, ADA, NOON)).then(granted)
    Given(users, *active(), granted).when(c.GrantRole(ANA_ID, Role.SELLER, ADA, NOON)).then()
    Given(users, *active(), granted).when(c.RevokeRole(ANA_ID, Role.SELLER, ADA, NOON)).then(
        e.RoleRevoked(ANA_ID, Role.SELLER, ADA_ID, NOON)
    )
    Given(users, *active()).when(c.RevokeRole(ANA_ID, Role.SELLER, ADA, NOON)).then()


def test_nobody_grants_himself_a_role_without_being_an_admin():
    Given(users, *active()).when(c.GrantRole(ANA_ID, Role.ADMIN, ANA, NOON)).rejected("not_yours")


def test_nobody_takes_his_own_admin_role_away():
    Given(users, *ADA_AN_ADMIN).when(c.RevokeRole(ADA_ID, Role.ADMIN, ADA, NOON)).rejected("own_admin_role")


def test_people_are_no_consumers_and_services_nothing_else():
    Given(users, *active()).when(c.GrantRole(ANA_ID, Role.CONSUMER, ADA, NOON)).rejected("role_unsuitable", pointer="/role")
    Given(users, *FEEDER_OPEN).when(c.GrantRole(FEEDER_ID, Role.ADMIN, ADA, NOON)).rejected("role_unsuitable", pointer="/role")


def test_admins_suspend_and_reinstate_others():
    Given(users, *active()).when(c.SuspendUser(ANA_ID, "Sold a boat that is not hers.", ADA, NOON)).then(SUSPENDED)
    Given(users, *active(), SUSPENDED).when(c.SuspendUser(ANA_ID, "Again", ADA, NOON)).rejected("already_suspended")
    Given(users, *active(), SUSPENDED).when(c.ReinstateUser(ANA_ID, ADA, NOON)).then(e.UserReinstated(ANA_ID, ADA_ID, NOON))
    Given(users, *active()).when(c.ReinstateUser(ANA_ID, ADA, NOON)).rejected("not_suspended")


def test_nobody_suspends_himself():
    Given(users, *ADA_AN_ADMIN).when(c.SuspendUser(ADA_ID, "Enough", ADA, NOON)).rejected("own_account")


def test_admins_open_service_accounts_and_nobody_else_does():
    Given(users).when(c.OpenServiceAccount(FEEDER_ID, "Price feeder", ADA, NOON)).then(*FEEDER_OPEN)
    Given(users).when(c.OpenServiceAccount(FEEDER_ID, "Price feeder", ANA, NOON)).rejected("not_yours")


def test_a_service_account_has_neither_mail_nor_password():
    given = Given(users, *FEEDER_OPEN)
    given.when(c.RequestEmailVerification(FEEDER_ID, LINK, SYSTEM, NOON)).rejected("service_account")
    given.when(c.RequestPasswordReset(FEEDER_ID, LINK, SYSTEM, NOON)).rejected("service_account")
    given.when(c.ChangePassword(FEEDER_ID, FEEDER, NOON)).rejected("not_yours")


def test_each_sees_what_he_may_do_next():
    own = ("edit-profile", "set-preferences", "change-password", "change-email", "add-phone")
    Given(users, *active()).offers(ANA, *own, "erase")
    Given(users, *active()).offers(BEN)
    Given(users, *active()).offers(ADA, "grant-role", "revoke-role", "suspend", "erase")
    Given(users, *active(), SUSPENDED).offers(ANA)
    Given(users, *active(), SUSPENDED).offers(ADA, "grant-role", "revoke-role", "reinstate", "erase")
    Given(users, *ADA_AN_ADMIN).offers(ADA, *own, "grant-role", "revoke-role", "erase")
    Given(users, *FEEDER_OPEN).offers(FEEDER)


def verify(link: UUID) -> c.VerifyEmail:
    return c.VerifyEmail(ANA_ID, link, NOON + timedelta(hours=1), ANA, NOON)


def reset(link: UUID) -> c.ResetPassword:
    return c.ResetPassword(ANA_ID, link, NOON + timedelta(hours=1), ANA, NOON)

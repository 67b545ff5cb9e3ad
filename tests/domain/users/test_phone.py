"""Somebody without mail registers by a number that a code has proven."""

import pytest

from domain.users import commands as c
from domain.users import events as e
from domain.users.user import users
from domain.values import ERASED, Role
from tests.bdd import Given
from tests.domain.users.people import ANA, ANA_ID, BEN, NOON, registered

NUMBER, OTHER = "+263771234567", "+263772345678"
BY_PHONE: list[e.UserEvent] = [e.UserRegisteredByPhone(ANA_ID, NUMBER, "Ana", NOON), e.RoleGranted(ANA_ID, Role.CUSTOMER, ANA_ID, NOON)]


def test_who_registers_by_phone_is_a_customer_in_good_standing():
    Given(users).when(c.RegisterByPhone(ANA_ID, NUMBER, " Ana ", NOON)).then(*BY_PHONE)
    Given(users, *BY_PHONE).when(c.RegisterByPhone(ANA_ID, NUMBER, "Ana", NOON)).then()


@pytest.mark.parametrize("number", ["0771234567", "mail"])
def test_a_number_has_its_country(number: str):
    Given(users).when(c.RegisterByPhone(ANA_ID, number, "Ana", NOON)).rejected("phone_invalid", pointer="/phone")


def test_the_number_one_signs_in_with_stays():
    Given(users, *BY_PHONE).when(c.EditProfile(ANA_ID, ANA, phone="")).rejected("phone_signs_in", pointer="/phone")
    Given(users, *BY_PHONE).when(c.EditProfile(ANA_ID, ANA, name="Ana Moyo", phone=NUMBER)).then(
        e.ProfileEdited(ANA_ID, "Ana Moyo", NUMBER, ())
    )


def test_a_number_that_is_proven_takes_the_place_of_the_former_one():
    proven = e.PhoneProven(ANA_ID, OTHER, NUMBER, NOON)
    Given(users, *BY_PHONE).when(c.ProvePhone(ANA_ID, OTHER, ANA, NOON)).then(proven)
    Given(users, *BY_PHONE, proven).when(c.ProvePhone(ANA_ID, OTHER, ANA, NOON)).then()
    Given(users, *BY_PHONE, proven).when(c.EditProfile(ANA_ID, ANA, phone=NUMBER)).rejected("phone_signs_in", pointer="/phone")
    Given(users, *BY_PHONE).when(c.ProvePhone(ANA_ID, OTHER, BEN, NOON)).rejected("not_yours")


def test_who_has_mail_may_sign_in_by_telephone_as_well():
    written = e.ProfileEdited(ANA_ID, "Ana", NUMBER, ())
    Given(users, *registered(name="Ana"), written).when(c.ProvePhone(ANA_ID, NUMBER, ANA, NOON)).then(
        e.PhoneProven(ANA_ID, NUMBER, "", NOON)
    )


def test_there_is_no_address_to_prove():
    Given(users, *BY_PHONE).when(c.RequestEmailVerification(ANA_ID, ANA_ID, ANA, NOON)).rejected("already_verified")


def test_an_erased_person_folds():
    state = users.fold([e.UserRegisteredByPhone(ANA_ID, ERASED, ERASED, NOON)])
    assert users.actions(state, ANA)

"""A user's profile, as it follows from his history."""

from datetime import UTC, datetime
from uuid import UUID

from msgspec.structs import replace

from domain.users.events import (
    EmailChanged,
    EmailChangeRequested,
    EmailVerified,
    PreferencesSet,
    ProfileEdited,
    RoleGranted,
    RoleRevoked,
    ServiceAccountOpened,
    UserRegistered,
    UserReinstated,
    UserSuspended,
)
from domain.users.preferences import Preferences
from domain.values import ERASED, Actor, Address, Role
from projections.sql import ALL
from projections.users import roles
from projections.users.profile import UserProfile, view, visible_to
from tests.bdd import Shown, counted

ANA, ADA = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

registered = UserRegistered(ANA, "ana@example.org", "Ana", NOON)
profile = UserProfile(ANA, "person", "registered", "Ana", "ana@example.org", NOON)


def test_who_registers_is_shown_as_not_yet_proven():
    Shown(view, registered).then(profile)


def test_a_proven_address_makes_an_account_active_and_a_suspension_rests_it():
    suspended = UserSuspended(ANA, "spam", ADA, NOON)
    assert Shown(view, registered, EmailVerified(ANA, NOON)).one.status == "active"
    resting = Shown(view, registered, EmailVerified(ANA, NOON), suspended).one
    assert (resting.status, resting.suspension) == ("suspended", "spam")
    back = Shown(view, registered, EmailVerified(ANA, NOON), suspended, UserReinstated(ANA, ADA, NOON)).one
    assert (back.status, back.suspension) == ("active", None)


def test_a_new_address_is_pending_until_its_link_was_followed():
    asked = EmailChangeRequested(ANA, UUID(int=9), "ana@new.example", NOON)
    pending = Shown(view, registered, asked).one
    assert (pending.email, pending.pending_email) == ("ana@example.org", "ana@new.example")
    followed = Shown(view, registered, asked, EmailChanged(ANA, "ana@new.example", "ana@example.org", NOON)).one
    assert (followed.email, followed.pending_email, followed.verified) == ("ana@new.example", None, True)


def test_profile_and_preferences_are_shown_as_last_set():
    home = Address("Ana", ("Quay 1",), "Harare", "", "ZW")
    preferences = Preferences(language="sn", currency="USD")
    shown = Shown(view, registered, ProfileEdited(ANA, "Ana N.", "+263771234567", (home,)), PreferencesSet(ANA, preferences))
    shown.then(replace(profile, name="Ana N.", phone="+263771234567", addresses=(home,), preferences=preferences))


def test_roles_come_and_go_and_are_counted_by_role():
    granted = [RoleGranted(ANA, Role.SELLER, ADA, NOON), RoleGranted(ANA, Role.CUSTOMER, ADA, NOON)]
    revoked = RoleRevoked(ANA, Role.SELLER, ADA, NOON)
    assert Shown(view, registered, *granted).one.roles == (Role.CUSTOMER, Role.SELLER)
    assert Shown(view, registered, *granted, revoked).one.roles == (Role.CUSTOMER,)
    assert counted(roles.count, *granted, RoleGranted(ADA, Role.SELLER, ADA, NOON)) == {"seller": 2, "customer": 1}
    assert counted(roles.count, *granted, revoked) == {"customer": 1}


def test_a_service_has_a_name_and_no_address():
    service = Shown(view, ServiceAccountOpened(ANA, "warehouse", ADA, NOON)).one
    assert (service.kind, service.name, service.email, service.status) == ("service", "warehouse", "", "active")


def test_an_erased_person_is_shown_without_words():
    erased = [UserRegistered(ANA, ERASED, ERASED, NOON), ProfileEdited(ANA, ERASED, ERASED, ERASED)]
    Shown(view, *erased).then(replace(profile, name="", email=""))


def test_everyone_sees_himself_and_admins_see_all():
    assert visible_to(Actor(ADA, frozenset({Role.ADMIN}))) == ALL
    assert visible_to(Actor(ANA, frozenset({Role.CUSTOMER}))).values == {"caller": ANA}

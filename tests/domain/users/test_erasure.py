"""Being forgotten: asked for, taken back, put off, carried out."""

from datetime import timedelta
from uuid import UUID

from domain.users import commands as c
from domain.users.events import Blocking, ErasurePostponed, ErasureRequested, ErasureWithdrawn, ProfileEdited, UserErased
from domain.users.user import users
from domain.values import Actor
from tests.bdd import Given
from tests.domain.users.people import ADA, ANA, ANA_ID, BEN, EVE, FEEDER_ID, FEEDER_OPEN, LATER, NOON, active

SOONER = NOON + timedelta(days=1)
ASKED = ErasureRequested(ANA_ID, LATER, ANA_ID, NOON)
GONE = UserErased(ANA_ID, LATER)
AN_ORDER = Blocking("order", UUID(int=77))


def ask(by: Actor, due_at: object = LATER) -> c.RequestErasure:
    return c.RequestErasure(ANA_ID, due_at, by, NOON)  # pyright: ignore[reportArgumentType]


def test_a_person_asks_to_be_forgotten():
    Given(users, *active()).when(ask(ANA)).then(ASKED)


def test_an_admin_asks_it_for_another():
    Given(users, *active()).when(ask(ADA)).then(ErasureRequested(ANA_ID, LATER, ADA.id, NOON))


def test_nobody_else_does():
    Given(users, *active()).when(ask(BEN)).rejected("not_yours")


def test_services_are_no_persons():
    Given(users, *FEEDER_OPEN).when(c.RequestErasure(FEEDER_ID, LATER, EVE, NOON)).rejected("not_yours")


def test_asked_for_again_the_earlier_moment_counts():
    Given(users, *active(), ASKED).when(ask(ANA)).then()
    Given(users, *active(), ASKED).when(ask(ANA, SOONER)).then(ErasureRequested(ANA_ID, SOONER, ANA_ID, NOON))


def test_till_then_it_can_be_taken_back():
    Given(users, *active(), ASKED).when(c.WithdrawErasure(ANA_ID, ANA, SOONER)).then(ErasureWithdrawn(ANA_ID, ANA_ID, SOONER))


def test_there_must_be_something_to_take_back():
    Given(users, *active()).when(c.WithdrawErasure(ANA_ID, ANA, NOON)).rejected("erasure_not_requested")


def test_a_profile_can_still_be_changed_till_then():
    Given(users, *active(), ASKED).when(c.EditProfile(ANA_ID, ANA, "Ana Maria")).then(ProfileEdited(ANA_ID, "Ana Maria", "", ()))


def test_nobody_is_forgotten_before_the_moment():
    Given(users, *active(), ASKED).when(c.EraseUser(ANA_ID, SOONER)).rejected("erasure_not_due")
    Given(users, *active(), ASKED, ErasureWithdrawn(ANA_ID, ANA_ID, SOONER)).when(c.EraseUser(ANA_ID, LATER)).rejected(
        "erasure_not_requested"
    )


def test_what_is_in_flight_puts_it_off():
    later = LATER + timedelta(days=1)
    put_off = ErasurePostponed(ANA_ID, later, (AN_ORDER,), LATER)
    Given(users, *active(), ASKED).when(c.PostponeErasure(ANA_ID, later, (AN_ORDER,), LATER)).then(put_off)
    Given(users, *active(), ASKED, put_off).when(c.EraseUser(ANA_ID, LATER)).rejected("erasure_not_due")
    Given(users, *active(), ASKED, put_off).when(c.EraseUser(ANA_ID, later)).then(UserErased(ANA_ID, later))


def test_the_moment_comes():
    Given(users, *active(), ASKED).when(c.EraseUser(ANA_ID, LATER)).then(GONE)


def test_who_is_forgotten_stays_so():
    history = [*active(), ASKED, GONE]
    Given(users, *history).when(c.EraseUser(ANA_ID, LATER)).then()
    Given(users, *history).when(ask(ADA)).rejected("user_not_found")
    Given(users, *history).when(c.EditProfile(ANA_ID, ANA, "Ana")).rejected("user_not_found")
    Given(users, *history).when(c.RegisterUser(ANA_ID, "new@example.org", "New", UUID(int=5), LATER)).then()


def test_who_is_leaving_may_come_back():
    own = ("edit-profile", "set-preferences", "change-password", "change-email", "add-phone", "erase", "restore")
    Given(users, *active(), ASKED).offers(ANA, *own)
    Given(users, *active(), ASKED, GONE).offers(ANA)
    Given(users, *active(), ASKED, GONE).offers(ADA)

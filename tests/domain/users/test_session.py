"""Sessions begin with a sign-in and end once."""

from uuid import UUID

from domain.users import commands as c
from domain.users import events as e
from domain.users.session import sessions
from tests.bdd import Given
from tests.domain.users.people import ADA, ANA, ANA_ID, BEN, NOON

PHONE = UUID(int=50)
STARTED = e.SessionStarted(PHONE, ANA_ID, "Firefox", NOON)
ENDED = e.SessionEnded(PHONE, ANA_ID, "signed_out", NOON)


def test_a_sign_in_starts_a_session_once():
    start = c.StartSession(PHONE, ANA_ID, "Firefox", NOON)
    Given(sessions).when(start).then(STARTED)
    Given(sessions, STARTED).when(start).then()


def test_a_session_is_ended_once():
    Given(sessions, STARTED).when(c.EndSession(PHONE, "signed_out", ANA, NOON)).then(ENDED)
    Given(sessions, STARTED, ENDED).when(c.EndSession(PHONE, "ended", ANA, NOON)).then()


def test_admins_end_sessions_of_others_and_others_do_not():
    Given(sessions, STARTED).when(c.EndSession(PHONE, "suspended", ADA, NOON)).then(e.SessionEnded(PHONE, ANA_ID, "suspended", NOON))
    Given(sessions, STARTED).when(c.EndSession(PHONE, "ended", BEN, NOON)).rejected("not_yours")


def test_a_session_that_never_was_cannot_be_ended():
    Given(sessions).when(c.EndSession(PHONE, "ended", ANA, NOON)).rejected("session_not_found")


def test_an_open_session_can_be_ended_by_its_user():
    Given(sessions, STARTED).offers(ANA, "end")
    Given(sessions, STARTED).offers(BEN)
    Given(sessions, STARTED, ENDED).offers(ANA)
    Given(sessions).offers(ANA)

"""Registering, proving and changing addresses, and passwords that are changed or forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from application.bootstrap import DEMO, Bootstrap, admin
from application.credentials import Tokens, TooManyAttempts
from domain.decider import Rejected
from domain.users import commands as c
from domain.users.links import Purpose
from domain.values import Role
from infrastructure.clock import new_id
from infrastructure.clock import now as clock
from tests.infrastructure.security.desk import ANAS, OTHER_PASSWORD, PASSWORD, PHONE, Desk, meta, now, own

SOUSA = "ana@sousa.example"


def refused(code: str):
    return pytest.raises(Rejected, match=f"^{code}")


def test_an_address_belongs_to_one_user(desk: Desk):
    desk.register()
    with refused("email_taken"):
        desk.register("ANA@example.org")


def test_of_many_who_register_an_address_at_once_one_has_it(desk: Desk):
    def attempt(_: int) -> str:
        try:
            desk.register()
        except Rejected as rejected:
            return rejected.code
        return "registered"

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(attempt, range(4))) == ["email_taken"] * 3 + ["registered"]


def test_registering_again_under_the_same_command_gives_the_first_user(desk: Desk):
    again = meta()
    ids = {desk.signing_in.register(c.RegisterUser(new_id(), ANAS, "Ana", new_id(), now()), PASSWORD, again).stream for _ in range(2)}
    assert len(ids) == 1


def test_a_weak_password_registers_nobody(desk: Desk):
    with refused("password_weak"):
        desk.register(password="Password1!")
    assert desk.signing_in.accounts.by_email(b"") is None
    desk.register()


def test_the_mailed_link_proves_the_address_once(desk: Desk):
    ana = desk.register()
    token = verification(desk, ana)
    assert redeem(desk, token).verified
    with refused("code_used"):
        redeem(desk, token)


def test_a_link_sent_again_is_good_and_the_first_no_more(desk: Desk):
    ana = desk.register()
    first = verification(desk, ana)
    send(desk, c.RequestEmailVerification, ANAS)
    second = verification(desk, ana)
    assert first != second
    with refused("code_used"):
        redeem(desk, first)
    assert redeem(desk, second).verified


def test_a_link_expires(desk: Desk):
    ana = desk.register()
    pending = desk.user(ana).verification
    assert pending is not None
    old = desk.link(Purpose.EMAIL_VERIFICATION, ana, pending, now() - timedelta(days=3, seconds=1))
    with refused("code_expired"):
        redeem(desk, old)


def test_sending_a_link_says_nothing_about_who_is_known(desk: Desk):
    ana = desk.register()
    redeem(desk, verification(desk, ana))
    assert send(desk, c.RequestEmailVerification, ANAS) is None
    assert send(desk, c.RequestEmailVerification, "nobody@example.org") is None
    assert send(desk, c.RequestPasswordReset, "nobody@example.org") is None
    desk.suspend(ana)
    assert send(desk, c.RequestPasswordReset, ANAS) is None
    assert desk.events(ana)[-1] == "UserSuspended"


def test_links_are_limited_for_unknown_addresses_as_for_known_ones(desk: Desk):
    for _ in range(5):
        send(desk, c.RequestPasswordReset, "nobody@example.org")
    with pytest.raises(TooManyAttempts):
        send(desk, c.RequestPasswordReset, "nobody@example.org")


def test_a_changed_address_is_taken_and_the_old_one_free_in_one_append(desk: Desk):
    ana = desk.register()
    with refused("wrong_password"):
        change_email(desk, ana, SOUSA, "wrong")
    token = change_email(desk, ana, SOUSA)
    assert desk.user(ana).email == ANAS
    assert redeem(desk, token).email == SOUSA
    assert desk.sign_in(SOUSA).user_id == ana
    with refused("wrong_credentials"):
        desk.sign_in(ANAS)
    assert desk.register(ANAS) != ana


def test_an_address_that_was_taken_meanwhile_stays_its_holders(desk: Desk):
    ana = desk.register()
    token = change_email(desk, ana, SOUSA)
    ben = desk.register(SOUSA)
    with refused("email_taken"):
        redeem(desk, token)
    with refused("email_taken"):
        change_email(desk, ana, SOUSA)
    assert desk.user(ana).email == ANAS
    assert desk.sign_in(SOUSA).user_id == ben
    assert desk.sign_in(ANAS).user_id == ana


def test_a_changed_password_ends_all_other_sessions(desk: Desk):
    ana = desk.register()
    laptop, phone = desk.sign_in(), desk.sign_in(device=PHONE)
    change_password(desk, laptop)
    assert desk.check(laptop.access_token) is not None
    assert desk.check(phone.access_token) is None
    assert desk.events(phone.session_id) == ["SessionStarted", "SessionEnded"]
    with refused("wrong_credentials"):
        desk.sign_in()
    assert desk.sign_in(password=OTHER_PASSWORD).user_id == ana


def test_a_password_is_changed_only_by_who_knows_the_present_one(desk: Desk):
    ana = desk.register()
    with refused("wrong_password"):
        desk.do["change_password"](c.ChangePassword(ana, own(ana), now()), "wrong", OTHER_PASSWORD, None, meta(), None)
    with refused("password_weak") as weak:
        desk.do["change_password"](c.ChangePassword(ana, own(ana), now()), PASSWORD, "Ana-Sousa-1", None, meta(), None)
    assert weak.value.pointer == "/newPassword"


def test_a_change_repeated_after_a_lost_answer_is_answered_as_the_first(desk: Desk):
    desk.register()
    laptop = desk.sign_in()
    desk.sign_in(device=PHONE)
    again = meta(fingerprint=b"the same request")
    first = change_password(desk, laptop, again)
    second = change_password(desk, laptop, again)
    assert (second.version, second.position, second.replayed) == (first.version, first.position, True)


def test_a_forgotten_password_is_reset_once_and_ends_all_sessions(desk: Desk):
    ana = desk.register()
    laptop = desk.sign_in()
    send(desk, c.RequestPasswordReset, ANAS)
    token = reset_link(desk, ana)
    with refused("password_weak"):
        desk.do["redeem_reset"](token, "Password1!", now(), meta())
    desk.do["redeem_reset"](token, OTHER_PASSWORD, now(), meta())
    assert desk.check(laptop.access_token) is None
    assert desk.sign_in(password=OTHER_PASSWORD).user_id == ana
    with refused("code_used"):
        desk.do["redeem_reset"](token, PASSWORD, now(), meta())


def test_a_link_is_good_for_what_it_was_made_for_only(desk: Desk):
    ana = desk.register()
    send(desk, c.RequestPasswordReset, ANAS)
    with refused("code_invalid"):
        redeem(desk, reset_link(desk, ana))
    with refused("code_invalid"):
        desk.do["redeem_reset"](verification(desk, ana), OTHER_PASSWORD, now(), meta())


def test_the_first_users_are_made_once(desk: Desk):
    bootstrap = Bootstrap(desk.handle, desk.signing_in.register, desk.do["change_standing"], clock, new_id)
    people = [admin("admin@tradewind.example", "Tradewind-Admin-1"), *DEMO]
    bootstrap(people)
    with desk.pool.connection() as connection:
        before = connection.execute("SELECT count(*) FROM events").fetchall()
        bootstrap(people)
        assert connection.execute("SELECT count(*) FROM events").fetchall() == before
    for person in people:
        user = desk.user(desk.sign_in(person.email, person.password).user_id)
        assert user.roles == {Role.CUSTOMER, *person.roles}
        assert user.verified


def verification(desk: Desk, user_id: UUID) -> str:
    pending = desk.user(user_id).verification
    assert pending is not None
    return desk.link(Purpose.EMAIL_VERIFICATION, user_id, pending)


def reset_link(desk: Desk, user_id: UUID) -> str:
    pending = desk.user(user_id).reset
    assert pending is not None
    return desk.link(Purpose.PASSWORD_RESET, user_id, pending)


def redeem(desk: Desk, token: str):
    return desk.user(desk.do["redeem_link"](token, now(), meta()).stream)


def send(desk: Desk, kind: type[c.RequestEmailVerification | c.RequestPasswordReset], email: str) -> None:
    return desk.do["send_link"](kind, email, "192.0.2.1", new_id(), now(), meta())


def change_email(desk: Desk, user_id: UUID, email: str, password: str = PASSWORD) -> str:
    request = new_id()
    desk.do["change_email"](c.RequestEmailChange(user_id, request, email, own(user_id), now()), password, "", meta(), None)
    return desk.link(Purpose.EMAIL_CHANGE, user_id, request)


def change_password(desk: Desk, session: Tokens, under: object = None):
    command = c.ChangePassword(session.user_id, own(session.user_id), now())
    return desk.do["change_password"](command, PASSWORD, OTHER_PASSWORD, session.session_id, under or meta(), None)

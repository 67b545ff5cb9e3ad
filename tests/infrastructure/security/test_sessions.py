"""Signing in, refresh tokens that are exchanged once, and sessions that end at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from application.credentials import TooManyAttempts
from domain.decider import Rejected
from domain.users import commands as c
from domain.values import SYSTEM, Role
from infrastructure.clock import new_id
from infrastructure.security.authentication import Authentication
from infrastructure.security.store import GRACE
from infrastructure.security.tokens import SessionTokens
from tests.infrastructure.security.desk import ANAS, LAPTOP, OTHER_PASSWORD, PASSWORD, PHONE, SETTINGS, Desk, meta, now, own


def refused(code: str):
    return pytest.raises(Rejected, match=f"^{code}")


def test_who_signs_in_is_known_by_the_access_token(desk: Desk):
    ana = desk.register()
    tokens = desk.sign_in()
    identity = desk.check(tokens.access_token)
    assert identity is not None
    assert (identity.user_id, identity.session_id, identity.roles, identity.scopes) == (
        ana,
        tokens.session_id,
        frozenset({Role.CUSTOMER}),
        None,
    )
    assert desk.events(tokens.session_id) == ["SessionStarted"]


def test_addresses_are_found_in_any_case(desk: Desk):
    desk.register()
    assert desk.sign_in("  ANA@Example.ORG ").user_id


def test_a_wrong_password_and_an_unknown_address_are_refused_alike(desk: Desk):
    desk.register()
    with refused("wrong_credentials") as wrong:
        desk.sign_in(password="Mare-alta-9-metros")
    with refused("wrong_credentials") as unknown:
        desk.sign_in("ben@example.org")
    assert str(wrong.value) == str(unknown.value)


def test_signing_in_is_limited_by_address(desk: Desk):
    desk.register()
    for _ in range(10):
        with refused("wrong_credentials"):
            desk.sign_in(password="wrong")
    with pytest.raises(TooManyAttempts) as limited:
        desk.sign_in()
    assert limited.value.retry_after == 13
    assert ANAS not in "".join(desk.limits.seen)


def test_the_password_is_nowhere_in_clear_and_its_hash_is_not_on_the_log(desk: Desk):
    desk.register()
    with desk.pool.connection() as connection:
        (log,) = connection.execute("SELECT string_agg(convert_from(data, 'UTF8'), '') FROM events").fetchall()[0]
        (kept,) = connection.execute("SELECT password_hash FROM credentials").fetchall()[0]
    assert "argon2" not in log
    assert PASSWORD not in log + kept
    assert kept.startswith("$argon2id$")


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_sign_in(desk: Desk):
    desk.register()
    from infrastructure.security.passwords import Argon2Passwords  # noqa: PLC0415

    weaker = Argon2Passwords(memory_kib=1024, passes=1).hash(PASSWORD)
    with desk.pool.connection() as connection:
        connection.execute("UPDATE credentials SET password_hash = %s", [weaker])
    desk.sign_in()
    with desk.pool.connection() as connection:
        (kept,) = connection.execute("SELECT password_hash FROM credentials").fetchall()[0]
    assert "m=19456,t=2,p=1" in kept
    assert desk.sign_in().user_id


def test_a_refresh_token_is_exchanged_for_the_next(desk: Desk):
    desk.register()
    first = desk.sign_in()
    second = desk.refresh(first.refresh_token)
    third = desk.refresh(second.refresh_token)
    assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3
    assert desk.check(third.access_token) is not None


def test_a_token_presented_again_within_the_grace_gives_the_same_successor(desk: Desk):
    desk.register()
    first = desk.sign_in().refresh_token
    at = now()
    assert desk.refresh(first, at).refresh_token == desk.refresh(first, at + GRACE).refresh_token


def test_a_token_presented_again_later_ends_the_session(desk: Desk):
    desk.register()
    tokens = desk.sign_in()
    at = now()
    successor = desk.refresh(tokens.refresh_token, at)
    with refused("refresh_token_invalid"):
        desk.refresh(tokens.refresh_token, at + GRACE + timedelta(seconds=1))
    with refused("refresh_token_invalid"):
        desk.refresh(successor.refresh_token)
    assert desk.check(successor.access_token) is None
    assert desk.events(tokens.session_id) == ["SessionStarted", "SessionEnded"]
    assert ended_reason(desk, tokens.session_id) == "reuse_detected"


def test_many_refreshes_at_once_lead_to_one_successor(desk: Desk):
    desk.register()
    token = desk.sign_in().refresh_token
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: desk.refresh(token).refresh_token, range(16)))
    assert len(found) == 1
    with desk.pool.connection() as connection:
        assert connection.execute("SELECT count(*) FROM refresh_tokens").fetchall() == [(2,)]


def test_a_session_that_nobody_used_for_long_expires(desk: Desk):
    desk.register()
    tokens = desk.sign_in()
    with refused("refresh_token_invalid"):
        desk.refresh(tokens.refresh_token, now() + timedelta(days=SETTINGS.refresh_token_days, minutes=1))
    assert ended_reason(desk, tokens.session_id) == "expired"


def test_a_made_up_refresh_token_is_refused(desk: Desk):
    with refused("refresh_token_invalid"):
        desk.refresh("A" * 43)


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", "twk_", "twk_00_x", "twk_" + "0" * 32 + "_x"])
def test_forged_tokens_are_nobodys(desk: Desk, forged: str):
    assert desk.check(forged) is None


def test_tokens_signed_by_another_key_or_by_none_are_nobodys(desk: Desk):
    ana = desk.register()
    session = desk.sign_in().session_id
    stranger = SessionTokens(b"1" * 32, b"2" * 32, access_seconds=900, refresh_days=30)
    assert desk.check(stranger.access(ana, session, now())) is None
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + stranger.access(ana, session, now()).split(".")[1] + "."
    assert desk.check(unsigned) is None


def test_an_access_token_expires(desk: Desk):
    ana = desk.register()
    session = desk.sign_in().session_id
    tokens = SessionTokens(SETTINGS.key("access-tokens"), b"2" * 32, access_seconds=900, refresh_days=30)
    assert desk.check(tokens.access(ana, session, now() - timedelta(seconds=901))) is None
    assert desk.check(tokens.access(ana, session, now() - timedelta(seconds=890))) is not None


def test_signing_out_ends_the_session_at_once(desk: Desk):
    ana = desk.register()
    tokens = desk.sign_in()
    assert desk.check(tokens.access_token) is not None
    desk.do["leave_session"](tokens.session_id, "signed_out", own(ana), now(), meta())
    assert desk.signing_in.authentication.remembered(tokens.access_token) is None
    assert desk.check(tokens.access_token) is None
    with refused("refresh_token_invalid"):
        desk.refresh(tokens.refresh_token)


def test_nobody_ends_someone_elses_session(desk: Desk):
    desk.register()
    ben = desk.register("ben@example.org")
    tokens = desk.sign_in()
    with refused("not_yours"):
        desk.do["leave_session"](tokens.session_id, "ended", own(ben), now(), meta())
    assert desk.check(tokens.access_token) is not None


def test_a_suspended_users_tokens_stop_working_at_once(desk: Desk):
    ana = desk.register()
    laptop, phone = desk.sign_in(), desk.sign_in(device=PHONE)
    assert desk.check(laptop.access_token) is not None
    desk.suspend(ana)
    assert desk.signing_in.authentication.remembered(laptop.access_token) is None
    assert [desk.check(each.access_token) for each in (laptop, phone)] == [None, None]
    assert desk.events(phone.session_id) == ["SessionStarted", "SessionEnded"]
    with refused("suspended"):
        desk.sign_in()
    with refused("wrong_credentials"):
        desk.sign_in(password="wrong")


def test_a_reinstated_user_signs_in_again(desk: Desk):
    ana = desk.register()
    before = desk.sign_in()
    desk.suspend(ana)
    desk.do["change_standing"](c.ReinstateUser(ana, SYSTEM, now()), meta(), None)
    assert desk.check(before.access_token) is None
    assert desk.check(desk.sign_in().access_token) is not None


def test_a_granted_role_holds_from_the_next_request_on(desk: Desk):
    ana = desk.register()
    token = desk.sign_in().access_token
    assert desk.check(token) is not None
    desk.do["change_standing"](c.GrantRole(ana, Role.SELLER, SYSTEM, now()), meta(), None)
    assert held(desk, token) == {Role.CUSTOMER, Role.SELLER}
    desk.do["change_standing"](c.RevokeRole(ana, Role.SELLER, SYSTEM, now()), meta(), None)
    assert held(desk, token) == {Role.CUSTOMER}


def test_an_answer_is_remembered_for_a_second_and_never_beyond_the_tokens_end(desk: Desk):
    desk.register()
    token = desk.sign_in().access_token
    clock = [now().timestamp()]
    tokens = SessionTokens(SETTINGS.key("access-tokens"), b"2" * 32, access_seconds=900, refresh_days=30)
    authentication = Authentication(desk.pool, tokens, lambda: clock[0])
    assert authentication.remembered(token) is None
    assert authentication.check(token) is not None
    assert authentication.remembered(token) is not None
    clock[0] += 1.1
    assert authentication.remembered(token) is None
    authentication.close()


def test_a_sign_in_by_a_password_that_is_being_changed_opens_nothing(desk: Desk):
    """The sign-in has verified the old password; the change commits before its session does."""
    ana = desk.register()
    old = desk.signing_in.accounts.by_id(ana)
    assert old is not None
    desk.do["change_password"](c.ChangePassword(ana, own(ana), now()), PASSWORD, OTHER_PASSWORD, None, meta(), None)
    late = desk.do["sign_in"]._start(old.user_id, old.password_hash, PASSWORD, LAPTOP, new_id(), now(), meta())
    assert desk.check(late.access_token) is None
    with refused("refresh_token_invalid"):
        desk.refresh(late.refresh_token)


def test_open_sessions_are_listed_newest_first(desk: Desk):
    ana = desk.register()
    laptop, phone = desk.sign_in(), desk.sign_in(device=PHONE)
    seen = desk.signing_in.accounts.sessions(ana, now())
    assert [(each.id, each.agent, each.address) for each in seen] == [
        (phone.session_id, "App", "192.0.2.2"),
        (laptop.session_id, "Firefox", "192.0.2.1"),
    ]
    desk.do["leave_session"](phone.session_id, "ended", own(ana), now(), meta())
    assert [each.id for each in desk.signing_in.accounts.sessions(ana, now())] == [laptop.session_id]
    assert desk.signing_in.accounts.sessions(ana, now() + timedelta(days=31)) == []


def held(desk: Desk, token: str) -> set[Role]:
    identity = desk.check(token)
    assert identity is not None
    return set(identity.roles)


def ended_reason(desk: Desk, session_id: UUID) -> str:
    with desk.pool.connection() as connection:
        return connection.execute("SELECT ended_reason FROM sessions WHERE id = %s", [session_id]).fetchall()[0][0]

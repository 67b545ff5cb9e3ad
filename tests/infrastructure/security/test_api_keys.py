"""Keys let services in, within their scopes, until they are revoked or their account is suspended."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from application.rows import OpenAccount
from domain.decider import Rejected
from domain.users import commands as c
from domain.values import SYSTEM, Role
from infrastructure.clock import new_id
from infrastructure.security.access import session_tokens
from infrastructure.security.authentication import Authentication
from tests.infrastructure.security.desk import SETTINGS, Desk, meta, now

READS = frozenset({"feeds:read"})


def service(desk: Desk) -> UUID:
    id = new_id()
    rows = [OpenAccount(id, [Role.CONSUMER.value])]
    return desk.handle(id, c.OpenServiceAccount(id, "Price feeder", SYSTEM, now()), meta(), rows=rows).stream


def make(desk: Desk, user_id: UUID, under: object = None) -> tuple[UUID, str]:
    command = c.CreateApiKey(new_id(), user_id, "nightly", READS, SYSTEM, now())
    appended, key = desk.do["make_key"](command, under or meta())
    return appended.stream, key


def test_a_key_speaks_for_its_service_within_its_scopes(desk: Desk):
    feeder = service(desk)
    _, key = make(desk, feeder)
    identity = desk.check(key)
    assert identity is not None
    assert (identity.user_id, identity.roles, identity.scopes, identity.session_id) == (feeder, {Role.CONSUMER}, READS, None)


def test_a_key_is_kept_as_a_hash_and_shown_again_only_to_the_same_command(desk: Desk):
    feeder, again = service(desk), meta()
    _, key = make(desk, feeder, again)
    assert make(desk, feeder, again)[1] == key
    assert make(desk, feeder)[1] != key
    with desk.pool.connection() as connection:
        rows = connection.execute("SELECT to_jsonb(k)::text FROM api_keys k").fetchall()
    assert not any(key.split("_", 2)[2] in text for (text,) in rows)


def test_a_key_with_another_secret_opens_nothing(desk: Desk):
    _, key = make(desk, service(desk))
    assert desk.check(key[:-1] + ("A" if key[-1] != "A" else "B")) is None


def test_a_revoked_key_opens_nothing_at_once(desk: Desk):
    id, key = make(desk, service(desk))
    assert desk.check(key) is not None
    desk.do["revoke_key"](c.RevokeApiKey(id, SYSTEM, now()), meta(), None)
    assert desk.signing_in.authentication.remembered(key) is None
    assert desk.check(key) is None


def test_keys_of_a_suspended_service_open_nothing_while_it_lasts(desk: Desk):
    feeder = service(desk)
    _, key = make(desk, feeder)
    desk.suspend(feeder)
    assert desk.check(key) is None
    desk.do["change_standing"](c.ReinstateUser(feeder, SYSTEM, now()), meta(), None)
    assert desk.check(key) is not None


def test_keys_are_for_services_that_exist(desk: Desk):
    with pytest.raises(Rejected, match="not_a_service"):
        make(desk, desk.register())
    with pytest.raises(Rejected, match="user_not_found"):
        make(desk, new_id())


def test_the_last_use_is_noted_beside_the_request_once_a_minute(desk: Desk):
    id, key = make(desk, service(desk))
    accounts = desk.signing_in.accounts
    assert accounts.last_uses([id]) == {}
    use(desk, key)
    first = accounts.last_uses([id])
    use(desk, key)
    assert accounts.last_uses([id, new_id()]) == first
    with desk.pool.connection() as connection:
        connection.execute("UPDATE api_keys SET last_used_at = last_used_at - interval '61 seconds'")
    use(desk, key)
    assert accounts.last_uses([id])[id] > first[id]


def use(desk: Desk, key: str) -> None:
    """Many requests at once, and then the end of the process, when everything is noted."""
    authentication = Authentication(desk.pool, session_tokens(SETTINGS))
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(authentication.check, [key] * 8))
    authentication.close()

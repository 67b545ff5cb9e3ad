"""API keys are made and revoked by admins."""

from uuid import UUID

from domain.users import commands as c
from domain.users import events as e
from domain.users.api_key import api_keys
from tests.bdd import Given
from tests.domain.users.people import ADA, ADA_ID, ANA, FEEDER, FEEDER_ID, NOON

KEY = UUID(int=60)
READS = frozenset({"feeds:read"})
CREATED = e.ApiKeyCreated(KEY, FEEDER_ID, "nightly", READS, ADA_ID, NOON)
REVOKED = e.ApiKeyRevoked(KEY, ADA_ID, NOON)
create = c.CreateApiKey(KEY, FEEDER_ID, "nightly", READS, ADA, NOON)


def test_an_admin_makes_a_key_once():
    Given(api_keys).when(create).then(CREATED)
    Given(api_keys, CREATED).when(create).then()


def test_nobody_else_makes_or_revokes_keys():
    Given(api_keys).when(c.CreateApiKey(KEY, FEEDER_ID, "nightly", READS, ANA, NOON)).rejected("not_yours")
    Given(api_keys, CREATED).when(c.RevokeApiKey(KEY, FEEDER, NOON)).rejected("not_yours")


def test_a_key_is_revoked_once():
    Given(api_keys, CREATED).when(c.RevokeApiKey(KEY, ADA, NOON)).then(REVOKED)
    Given(api_keys, CREATED, REVOKED).when(c.RevokeApiKey(KEY, ADA, NOON)).then()
    Given(api_keys).when(c.RevokeApiKey(KEY, ADA, NOON)).rejected("api_key_not_found")


def test_a_key_opens_nothing_without_a_scope():
    Given(api_keys).when(c.CreateApiKey(KEY, FEEDER_ID, "nightly", frozenset(), ADA, NOON)).rejected("scope_missing", pointer="/scopes")


def test_an_admin_is_shown_that_a_key_can_be_revoked():
    Given(api_keys, CREATED).offers(ADA, "revoke")
    Given(api_keys, CREATED).offers(ANA)
    Given(api_keys, CREATED, REVOKED).offers(ADA)

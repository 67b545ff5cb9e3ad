"""Who may use which route: every route is asked by everyone, and answers as the table here says."""

from collections.abc import Generator, Mapping
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from domain.values import Role
from tests.journeys.town import Person, Town

ANYONE = "anyone"
SIGNED_IN = "signed in"
ADMINS = {Role.ADMIN}
MODERATORS = {Role.MODERATOR, Role.ADMIN}
AUDITORS = {Role.AUDITOR, Role.ADMIN}
READERS = "readers"
"""Auditors, admins and keys with the scope `feeds:read`."""

TABLE: Mapping[str, Any] = {
    "GET /health/live": ANYONE,
    "GET /health/ready": ANYONE,
    "GET /metrics": ANYONE,
    "GET /v1/api-keys": ADMINS,
    "POST /v1/api-keys": ADMINS,
    "DELETE /v1/api-keys/{key_id}": ADMINS,
    "GET /v1/audit/events": AUDITORS,
    "GET /v1/audit/streams/{stream}": AUDITORS,
    "GET /v1/audit/streams/{stream}/state": AUDITORS,
    "GET /v1/categories": ANYONE,
    "POST /v1/email-verifications": ANYONE,
    "POST /v1/email-verifications/redeem": ANYONE,
    "GET /v1/feeds": READERS,
    "GET /v1/feeds/{name}": READERS,
    "GET /v1/feeds/{name}/head": READERS,
    "POST /v1/imports": ADMINS | {Role.SELLER},
    "GET /v1/imports/{import_id}": ADMINS | {Role.SELLER},
    "POST /v1/imports/{import_id}/cancel": ADMINS | {Role.SELLER},
    "GET /v1/imports/{import_id}/report": ADMINS | {Role.SELLER},
    "GET /v1/inquiries/{inquiry_id}": SIGNED_IN,
    "GET /v1/listings": ANYONE,
    "POST /v1/listings": SIGNED_IN,
    "GET /v1/listings/{listing_id}": ANYONE,
    "PATCH /v1/listings/{listing_id}": SIGNED_IN,
    "POST /v1/listings/{listing_id}/approve": MODERATORS,
    "POST /v1/listings/{listing_id}/archive": SIGNED_IN,
    "POST /v1/listings/{listing_id}/inquiries": SIGNED_IN,
    "POST /v1/listings/{listing_id}/mark-sold": SIGNED_IN,
    "POST /v1/listings/{listing_id}/pause": SIGNED_IN,
    "PUT /v1/listings/{listing_id}/price": SIGNED_IN,
    "POST /v1/listings/{listing_id}/publish": SIGNED_IN,
    "POST /v1/listings/{listing_id}/reject": MODERATORS,
    "POST /v1/listings/{listing_id}/request-changes": MODERATORS,
    "POST /v1/listings/{listing_id}/resume": SIGNED_IN,
    "POST /v1/listings/{listing_id}/submit": SIGNED_IN,
    "PUT /v1/listings/{listing_id}/variants": SIGNED_IN,
    "GET /v1/me": SIGNED_IN,
    "POST /v1/me/email": SIGNED_IN,
    "GET /v1/me/favourites": SIGNED_IN,
    "DELETE /v1/me/favourites/{listing_id}": SIGNED_IN,
    "PUT /v1/me/favourites/{listing_id}": SIGNED_IN,
    "GET /v1/me/inquiries": SIGNED_IN,
    "GET /v1/me/listings": SIGNED_IN,
    "POST /v1/me/password": SIGNED_IN,
    "PUT /v1/me/preferences": SIGNED_IN,
    "PATCH /v1/me/profile": SIGNED_IN,
    "GET /v1/me/sessions": SIGNED_IN,
    "GET /v1/moderation/counts": MODERATORS,
    "GET /v1/moderation/queue": MODERATORS,
    "POST /v1/password-resets": ANYONE,
    "POST /v1/password-resets/redeem": ANYONE,
    "GET /v1/products": ANYONE,
    "GET /v1/products/{listing_id}": ANYONE,
    "GET /v1/search": ANYONE,
    "GET /v1/search/suggestions": ANYONE,
    "POST /v1/service-accounts": ADMINS,
    "POST /v1/sessions": ANYONE,
    "POST /v1/sessions/refresh": ANYONE,
    "DELETE /v1/sessions/{session}": SIGNED_IN,
    "GET /v1/stock": SIGNED_IN,
    "GET /v1/stock/{sku}": SIGNED_IN,
    "POST /v1/stock/{sku}/adjust": SIGNED_IN,
    "POST /v1/stock/{sku}/count": SIGNED_IN,
    "GET /v1/stock/{sku}/movements": SIGNED_IN,
    "POST /v1/stock/{sku}/receive": SIGNED_IN,
    "POST /v1/stock/{sku}/watch": SIGNED_IN,
    "GET /v1/users": AUDITORS | {Role.STAFF},
    "POST /v1/users": ANYONE,
    "GET /v1/users/{user_id}": SIGNED_IN,
    "POST /v1/users/{user_id}/reinstate": ADMINS,
    "POST /v1/users/{user_id}/roles": ADMINS,
    "DELETE /v1/users/{user_id}/roles/{role}": ADMINS,
    "POST /v1/users/{user_id}/suspend": ADMINS,
}

PEOPLE = sorted(set(Role) - {Role.CONSUMER})
KEYS = ("key with the scope", "key without scope")
EVERYONE = ("anonymous", *PEOPLE, *KEYS)


def expected(who: str, access: Any) -> str:
    """`allowed`, or the code of the refusal."""
    if access == ANYONE:
        return "allowed"
    if who == "anonymous":
        return "unauthenticated"
    if who in KEYS:
        return "allowed" if access == READERS and who == KEYS[0] else "scope_missing"
    if access == SIGNED_IN:
        return "allowed"
    return "allowed" if who in (AUDITORS if access == READERS else access) else "role_missing"


@pytest.fixture
def town(database: str) -> Generator[Town]:
    opened = Town(database)
    yield opened
    opened.close()


def holder(town: Town, role: Role) -> Person:
    """Someone with this role and that of every customer."""
    address = f"{role}@example.org"
    person = town.registered(address)
    if role is not Role.CUSTOMER:
        town.admin().post(f"/v1/users/{person.id}/roles", {"role": role})
    return town.sign_in(address)


def service(town: Town, *, may_read: bool) -> Person:
    ada = town.admin()
    account = ada.post("/v1/service-accounts", {"name": "Feeder"}, 201)["id"]
    made = ada.post("/v1/api-keys", {"userId": account, "name": "nightly", "scopes": ["feeds:read"]}, 201)
    if not may_read:  # there is but one scope so far, and no key is made without any
        with psycopg.connect(town.container.settings.database_url) as database:
            database.execute("UPDATE api_keys SET scopes = '{}' WHERE id = %s", [made["id"]])
    return Person(town, {"accessToken": made["key"]})


def answer(someone: Person, route: str) -> str:
    """`allowed` also where what is asked for is not there, or the body is missing: by then the route has let the caller in."""
    method, path = route.split()
    path = path.replace("{name}", "listings").replace("{role}", "seller")
    path = "/".join(str(uuid4()) if part.startswith("{") else part for part in path.split("/"))
    headers = {"Authorization": f"Bearer {someone.tokens['accessToken']}"} if someone.tokens else {}
    found = someone.town.http.request(method, path, headers=headers)
    return found.json()["code"] if found.status_code in {401, 403} else "allowed"


def test_every_route_has_its_line_in_the_table(town: Town):
    paths = town.http.get("/openapi.json").json()["paths"]
    assert {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods} == set(TABLE)


def test_every_route_lets_in_whom_the_table_names_and_nobody_else(town: Town):
    everyone = {
        "anonymous": town.guest(),
        **{role: holder(town, role) for role in PEOPLE},
        KEYS[0]: service(town, may_read=True),
        KEYS[1]: service(town, may_read=False),
    }
    assert set(everyone) == set(EVERYONE)
    found = {(who, route): answer(someone, route) for who, someone in everyone.items() for route in TABLE}
    assert found == {(who, route): expected(who, access) for who in EVERYONE for route, access in TABLE.items()}


def test_a_role_that_was_taken_away_is_gone_at_once(town: Town):
    mo = holder(town, Role.MODERATOR)
    assert answer(mo, "GET /v1/moderation/queue") == "allowed"
    town.admin().delete(f"/v1/users/{mo.id}/roles/moderator")
    assert answer(mo, "GET /v1/moderation/queue") == "role_missing"

"""Who may use which route: every route is asked by everyone, and answers as the table here says."""

from typing import Any
from uuid import uuid4

import psycopg

from domain.values import Role
from tests.journeys.town import Person, Town
from tests.journeys.users.table import ADMINS, ANYONE, AUDITORS, CONSUMERS, GUESTS, READERS, SIGNED_IN, TABLE

PEOPLE = sorted(set(Role) - {Role.CONSUMER})
KEYS = ("key with the scope", "key without scope")
REFUSALS = {"unauthenticated", "role_missing", "scope_missing"}
EVERYONE = ("anonymous", *PEOPLE, *KEYS)


def expected(who: str, access: Any) -> str:
    """`allowed`, or the code of the refusal."""
    if access == ANYONE:
        return "allowed"
    if who == "anonymous":
        return "unauthenticated"
    if access == GUESTS:
        return "allowed"
    if who in KEYS:
        return "allowed" if access in (READERS, CONSUMERS) and who == KEYS[0] else "scope_missing"
    if access == SIGNED_IN:
        return "allowed"
    people = {READERS: AUDITORS, CONSUMERS: ADMINS}.get(access, access) if isinstance(access, str) else access
    return "allowed" if who in people else "role_missing"


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
    path = path.replace("{name}", "listings").replace("{role}", "seller").replace("{day}", "2026-06-01").replace("{position}", "7")
    path = "/".join(str(uuid4()) if part.startswith("{") else part for part in path.split("/"))
    headers = {"Authorization": f"Bearer {someone.tokens['accessToken']}"} if someone.tokens else {}
    found = someone.town.http.request(method, path, headers=headers)
    code = found.json()["code"] if found.status_code in {401, 403} else ""
    return code if code in REFUSALS else "allowed"


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

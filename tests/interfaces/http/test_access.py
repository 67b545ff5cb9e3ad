"""Who may use a route: nobody unknown, nobody without the role, no service without the scope."""

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.interfaces.http.conftest import by

Client = TestClient[Any]


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_nobody_unknown_comes_in(client: Client):
    answer = client.get("/v1/feeds")
    assert code(answer) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer forged", "Bearer ", "Basic YW5hOmFuYQ==", "ana"])
def test_a_bad_token_is_refused(client: Client, header: str):
    assert code(client.get("/v1/feeds", headers={"Authorization": header})) == (401, "token_invalid")


def test_a_role_is_needed(client: Client):
    assert code(client.get("/v1/feeds", headers=by("ana"))) == (403, "role_missing")
    assert client.get("/v1/feeds", headers=by("admin")).status_code == 200


def test_a_service_needs_the_scope(client: Client):
    assert client.get("/v1/feeds", headers=by("reader")).status_code == 200
    assert code(client.get("/v1/feeds", headers=by("writer"))) == (403, "scope_missing")


def test_a_service_is_no_person(client: Client):
    answer = client.post("/v1/listings", json={"kind": "classified", "category": "boats"}, headers=by("reader"))
    assert code(answer) == (403, "scope_missing")

"""Whatever is wrong with a request, the answer is a problem document with a stable code and the place of the fault."""

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.interfaces.http.conftest import LIMIT, by

Client = TestClient[Any]

DRAFT = {"kind": "classified", "category": "boats", "title": "Sloop"}
NOWHERE = "00000000-0000-0000-0000-00000000000f"


def refused(answer: Any, status: int, code: str, **more: str) -> None:
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert {name: problem.get(name) for name in more} == more
    assert problem["correlationId"] == answer.headers["correlation-id"]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ("{", "malformed_json", ""),
        ("", "malformed_json", ""),
        (b'{"kind": "\xff"}', "malformed_json", ""),
        ('{"kind": "classified", "category": "boats", "colour": 1}', "invalid_body", "/colour"),
        ('{"kind": "classified"}', "invalid_body", "/category"),
        ('{"kind": "classified", "category": 7}', "invalid_body", "/category"),
        ('{"kind": "classified", "category": "boats", "price": {"amount": "9", "currency": "EUR"}}', "invalid_body", "/price/amount"),
        ("[]", "invalid_body", ""),
        ("null", "invalid_body", ""),
    ],
)
def test_a_bad_body_is_refused_with_a_pointer(client: Client, body: str | bytes, code: str, pointer: str):
    answer = client.post("/v1/listings", content=body, headers=by("ana", Content_Type="application/json"))
    refused(answer, 400, code, pointer=pointer)


def test_a_rule_about_a_field_names_the_field(client: Client):
    answer = client.post("/v1/listings", json=DRAFT | {"category": "spaceships"}, headers=by("ana"))
    refused(answer, 422, "unknown_category", pointer="/category")


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(client: Client, media_type: str):
    answer = client.post("/v1/listings", content=b"{}", headers=by("ana", Content_Type=media_type))
    refused(answer, 415, "unsupported_media_type")
    assert answer.headers["accept"] == "application/json"


def test_a_body_beyond_the_limit_is_refused(client: Client):
    answer = client.post("/v1/listings", json=DRAFT | {"description": "x" * LIMIT}, headers=by("ana"))
    refused(answer, 413, "body_too_large")


def test_another_method_is_told_which_are_allowed(client: Client):
    answer = client.delete("/v1/listings", headers=by("ana"))
    refused(answer, 405, "method_not_allowed")
    assert "POST" in answer.headers["allow"]
    assert client.post("/v1/feeds/listings", headers=by("admin")).headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/listings/not-an-id/submit", "/v2"])
def test_what_is_not_there_is_not_found(client: Client, path: str):
    refused(client.post(path, headers=by("ana")), 404, "not_found")


def test_an_unknown_parameter_is_refused_by_name(client: Client):
    refused(client.get("/v1/feeds/listings?colour=red", headers=by("admin")), 400, "unknown_parameter", parameter="colour")
    refused(client.post("/v1/listings?draft=1", json=DRAFT, headers=by("ana")), 400, "unknown_parameter", parameter="draft")


@pytest.mark.parametrize(("query", "name"), [("limit=0", "limit"), ("limit=x", "limit"), ("after=-1", "after"), ("limit=1001", "limit")])
def test_a_parameter_out_of_bounds_is_refused_by_name(client: Client, query: str, name: str):
    refused(client.get(f"/v1/feeds/listings?{query}", headers=by("admin")), 400, "invalid_parameter", parameter=name)


def test_a_command_to_nothing_is_not_found(client: Client):
    refused(client.post(f"/v1/listings/{NOWHERE}/submit", headers=by("ana")), 404, "listing_not_found")


def test_a_command_at_the_wrong_time_is_a_conflict(client: Client):
    made = client.post("/v1/listings", json=DRAFT, headers=by("ana"))
    refused(client.post(f"{made.headers['location']}/publish", headers=by("ana")), 409, "listing_not_approved")


def test_someone_elses_thing_is_forbidden(client: Client):
    made = client.post("/v1/listings", json=DRAFT, headers=by("ana"))
    refused(client.post(f"{made.headers['location']}/submit", headers=by("ben")), 403, "not_yours")


def test_a_fault_of_ours_tells_nothing(client: Client, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise RuntimeError("secret inner workings")

    monkeypatch.setattr("tests.fakes.history.FakeHistory.load", broken)
    answer = client.post("/v1/listings", json=DRAFT, headers=by("ana"))
    refused(answer, 500, "internal")
    assert "secret" not in answer.text


def test_the_callers_correlation_id_comes_back(client: Client):
    answer = client.get("/v1/feeds", headers=by("admin", Correlation_Id=NOWHERE))
    assert answer.headers["correlation-id"] == NOWHERE
    assert client.get("/v1/feeds", headers=by("admin", Correlation_Id="free text")).headers["correlation-id"] != "free text"

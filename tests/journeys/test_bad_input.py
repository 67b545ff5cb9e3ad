"""What is forged, expired, stale, too large or meant for something else is refused with its code; what is said twice is done once."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
import time_machine

from tests.journeys.listings.test_listings import BOAT, drafted
from tests.journeys.town import PASSWORD, Person, Town

ANA, BEN = "ana@example.org", "ben@example.org"
INVALID = ("token_invalid", None)


@pytest.fixture
def ana(town: Town) -> Person:
    return town.registered(ANA)


def bearer(town: Town, token: str) -> Person:
    return Person(town, {"accessToken": token})


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_forged_tokens_open_nothing(town: Town, ana: Person):
    real = ana.tokens["accessToken"]
    header, payload, signature = real.split(".")
    as_admin = part({**claims(real), "sub": town.admin().id})
    forged = {
        "another payload": f"{header}.{as_admin}.{signature}",
        "another signature": f"{header}.{payload}.{signature[:-6]}AAAAAA",
        "no signature": f"{part({'alg': 'none', 'typ': 'JWT'})}.{payload}.",
        "another key": jwt.encode(claims(real), "another secret that is long enough", algorithm="HS256"),
        "a refresh token": ana.tokens["refreshToken"],
        "no key of ours": "tw_" + "x" * 43,
        "nonsense": "nonsense",
        "very long": "x" * 5000,
    }
    assert {how: bearer(town, token).get("/v1/me", 401) for how, token in forged.items()} == dict.fromkeys(forged, INVALID)
    assert bearer(town, forged["another payload"]).post("/v1/listings", BOAT, 401) == INVALID
    assert ana.get("/v1/me")["id"] == ana.id


def test_a_forged_token_is_refused_where_none_is_needed(town: Town, ana: Person):
    boat = drafted(ana)
    assert bearer(town, "nonsense").get(f"/v1/listings/{boat}", 401) == INVALID


def test_other_ways_to_say_who_one_is_are_refused(town: Town):
    for header in ("Basic YW5hOmFuYQ==", "Bearer", "Bearer ", "nonsense"):
        refused = town.http.get("/v1/me", headers={"Authorization": header})
        assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_access_token_expires_and_the_refresh_token_gives_a_new_one(town: Town, ana: Person):
    expires = claims(ana.tokens["accessToken"])["exp"]
    with time_machine.travel(expires - 5, tick=False):
        assert ana.get("/v1/me")["id"] == ana.id
    with time_machine.travel(expires + 5, tick=False):
        assert ana.get("/v1/me", 401) == INVALID
        renewed = town.guest().post("/v1/sessions/refresh", {"refreshToken": ana.tokens["refreshToken"]})
        assert bearer(town, renewed["accessToken"]).get("/v1/me")["id"] == ana.id


def test_a_mailed_link_expires(town: Town, ana: Person):
    token = town.mail(ANA, "verify-email")
    with time_machine.travel(town.container.clock() + timedelta(days=8), tick=False):
        assert town.guest().post("/v1/email-verifications/redeem", {"token": token}, 409) == ("code_expired", None)
    assert ana.get("/v1/me")["status"] == "registered"


def test_the_id_of_another_thing_is_not_found(town: Town, ana: Person):
    ada, boat = town.admin(), drafted(ana)
    for route in ("submit", "pause", "resume", "publish", "mark-sold", "archive"):
        assert ana.post(f"/v1/listings/{ana.id}/{route}", status=404) == ("listing_not_found", None)
    assert ana.patch(f"/v1/listings/{ana.id}", {"title": "Mine"}, 404) == ("listing_not_found", None)
    assert ana.get(f"/v1/listings/{ana.id}", 404) == ("listing_not_found", None)
    assert ada.post(f"/v1/users/{boat}/suspend", {"reason": "No user"}, 404) == ("user_not_found", None)
    assert ada.get(f"/v1/users/{boat}", 404) == ("user_not_found", None)
    assert ada.get(f"/v1/imports/{boat}", 404) == ("import_not_found", None)
    assert ada.post(f"/v1/imports/{boat}/cancel", status=404) == ("import_not_found", None)
    assert ada.delete(f"/v1/api-keys/{boat}", 404) == ("api_key_not_found", None)
    assert ana.get(f"/v1/inquiries/{boat}", 404) == ("inquiry_not_found", None)
    assert ana.delete(f"/v1/sessions/{boat}", 404) == ("session_not_found", None)
    assert ana.put(f"/v1/me/favourites/{ana.id}", None, 404) == ("listing_not_found", None)


def lists(town: Town) -> list[str]:
    """Every list that is read in pages, but for the searches, which need their indices and have tests of their own."""
    paths = town.http.get("/openapi.json").json()["paths"]
    return [
        path
        for path, methods in paths.items()
        if "{" not in path
        and path not in {"/v1/search", "/v1/groups"}
        and any(each["name"] == "cursor" for each in methods.get("get", {}).get("parameters", ()))
    ]


def test_no_list_takes_a_cursor_that_it_did_not_hand_out(town: Town, ana: Person):
    ada = town.admin()
    of_users = ada.get("/v1/users?limit=1")["next"]
    assert of_users
    assert ana.get("/v1/me/listings")["next"] is None
    found = lists(town)
    assert {"/v1/listings", "/v1/users", "/v1/me/listings", "/v1/me/favourites", "/v1/moderation/queue"} <= set(found)
    for path in found:
        for cursor in ("nonsense", "%00", "e30", "x" * 300, *([of_users] if path != "/v1/users" else [])):
            refused = ada.ask("GET", f"{path}?cursor={cursor}")
            assert refused.status_code == 400, (path, cursor, refused.text)
            assert refused.json()["code"] in {"bad_cursor", "invalid_parameter"}
            assert refused.json()["parameter"] == "cursor"


def test_a_body_may_be_so_large_and_no_larger(town: Town, ana: Person):
    limit = town.container.settings.max_body_bytes
    assert ana.post("/v1/listings", {**BOAT, "description": "x" * limit}, 413) == ("body_too_large", None)
    assert ana.post("/v1/listings", {**BOAT, "description": "x" * (limit // 2)}, 400) == ("invalid_body", "/description")


def test_a_change_to_a_version_that_is_no_more_is_refused(ana: Person):
    boat = drafted(ana)
    path = f"/v1/listings/{boat}"
    first = ana.ask("PATCH", path, {"title": "Bavaria 40"}, If_Match='"1"')
    assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
    stale = ana.ask("PATCH", path, {"title": "Bavaria 42"}, If_Match='"1"')
    assert (stale.status_code, stale.json()["code"], stale.headers["ETag"]) == (412, "stale_version", '"2"')
    for nonsense in ("x", '"x"', "-1", 'W/"2"'):
        refused = ana.ask("PATCH", path, {"title": "Bavaria 42"}, If_Match=nonsense)
        assert (refused.status_code, refused.json()["code"], refused.json()["parameter"]) == (400, "invalid_header", "if-match")
    assert ana.get(path)["title"] == "Bavaria 40"


def test_a_key_stands_for_one_request_of_one_person(town: Town, ana: Person):
    ben, key = town.registered(BEN, "Ben"), str(uuid4())
    first = ana.ask("POST", "/v1/listings", BOAT, Idempotency_Key=key)
    other = {**BOAT, "title": "Another boat"}
    assert ana.post("/v1/listings", other, 422, Idempotency_Key=key) == ("idempotency_key_reused", None)
    his = ben.ask("POST", "/v1/listings", other, Idempotency_Key=key)
    assert (his.status_code, his.json()["id"] != first.json()["id"]) == (201, True)
    boat = first.json()["id"]
    submitted = ana.ask("POST", f"/v1/listings/{boat}/submit", Idempotency_Key=key)
    again = ana.ask("POST", f"/v1/listings/{boat}/submit", Idempotency_Key=key)
    assert (submitted.status_code, again.json(), again.headers["ETag"]) == (200, submitted.json(), submitted.headers["ETag"])
    for nonsense in ("", "x" * 201):
        assert ana.post("/v1/listings", BOAT, 400, Idempotency_Key=nonsense)[0] == "invalid_header"


def test_one_request_sent_eight_times_at_once_is_done_once(ana: Person):
    key = str(uuid4())
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: ana.ask("POST", "/v1/listings", BOAT, Idempotency_Key=key), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 7
    assert len(ana.get("/v1/me/listings")["items"]) == 1


def test_one_registration_sent_eight_times_at_once_makes_one_account(town: Town):
    guest, key = town.guest(), str(uuid4())
    body = {"email": BEN, "name": "Ben", "password": PASSWORD}
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: guest.ask("POST", "/v1/users", body, Idempotency_Key=key), range(8)))
    assert {(answer.status_code, answer.json()["id"]) for answer in answers} == {(201, answers[0].json()["id"])}
    assert sorted(each["name"] for each in town.admin().get("/v1/users")["items"]) == ["Admin", "Ben"]

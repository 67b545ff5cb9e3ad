"""What holds for every command: once per key, only to the version that was seen, and told where it led."""

from typing import Any

import pytest
import structlog
from litestar.testing import TestClient
from structlog.testing import capture_logs

from tests.fakes.history import FakeHistory
from tests.interfaces.http.conftest import by

Client = TestClient[Any]

DRAFT = {"kind": "classified", "category": "boats", "title": "Sloop"}


def test_a_command_tells_where_it_led(client: Client):
    made = client.post("/v1/listings", json=DRAFT, headers=by("ana"))
    answer = made.json()
    assert made.status_code == 201
    assert made.headers["location"] == f"/v1/listings/{answer['id']}"
    assert (made.headers["etag"], made.headers["position"]) == ('"1"', str(answer["position"]))
    assert answer["actions"] == ["edit", "price", "images", "submit", "archive"]


def test_the_same_key_gives_the_same_answer_once(client: Client, history: FakeHistory):
    first = client.post("/v1/listings", json=DRAFT, headers=by("ana", Idempotency_Key="one"))
    again = client.post("/v1/listings", json=DRAFT, headers=by("ana", Idempotency_Key="one"))
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert (again.status_code, again.json(), again.headers["location"]) == (201, first.json(), first.headers["location"])
    assert len(history.streams) == 1


def test_a_key_belongs_to_its_caller(client: Client, history: FakeHistory):
    client.post("/v1/listings", json=DRAFT, headers=by("ana", Idempotency_Key="one"))
    assert "idempotency-replayed" not in client.post("/v1/listings", json=DRAFT, headers=by("ben", Idempotency_Key="one")).headers
    assert len(history.streams) == 2


def test_the_same_key_with_another_body_is_refused(client: Client, history: FakeHistory):
    client.post("/v1/listings", json=DRAFT, headers=by("ana", Idempotency_Key="one"))
    other = client.post("/v1/listings", json=DRAFT | {"title": "Yawl"}, headers=by("ana", Idempotency_Key="one"))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(history.streams) == 1


def test_a_commands_request_line_names_its_correlation_and_its_command(client: Client, history: FakeHistory):
    structlog.reset_defaults()
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        client.post("/v1/listings", json=DRAFT, headers=by("ana"))
    (line,) = [each for each in lines if each["event"] == "request"]
    (command,) = history.results
    (stored,) = history.streams.values()
    assert (line["command_id"], line["correlation_id"]) == (str(command), str(stored[0].correlation_id))


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_has_its_limits(client: Client, key: str):
    answer = client.post("/v1/listings", json=DRAFT, headers=by("ana", Idempotency_Key=key))
    assert (answer.status_code, answer.json()["code"], answer.json()["parameter"]) == (400, "invalid_header", "Idempotency-Key")


def test_a_pinned_version_is_kept_to(client: Client):
    path = client.post("/v1/listings", json=DRAFT, headers=by("ana")).headers["location"]
    assert client.patch(path, json={"title": "Yawl"}, headers=by("ana", If_Match='"1"')).headers["etag"] == '"2"'
    stale = client.patch(path, json={"title": "Ketch"}, headers=by("ana", If_Match='"1"'))
    assert (stale.status_code, stale.json()["code"], stale.headers["etag"]) == (412, "stale_version", '"2"')


def test_a_star_stands_for_any_version_of_what_there_is(client: Client):
    assert client.post("/v1/listings", json=DRAFT, headers=by("ana", If_Match="*")).status_code == 412
    path = client.post("/v1/listings", json=DRAFT, headers=by("ana")).headers["location"]
    assert client.patch(path, json={"title": "Yawl"}, headers=by("ana", If_Match="*")).headers["etag"] == '"2"'


def test_a_version_is_a_number(client: Client):
    answer = client.post("/v1/listings", json=DRAFT, headers=by("ana", If_Match="W/abc"))
    assert (answer.status_code, answer.json()["parameter"]) == (400, "if-match")


def test_a_log_that_is_away_is_said_so(client: Client, history: FakeHistory):
    history.lost = 99
    answer = client.post("/v1/listings", json=DRAFT, headers=by("ana", Idempotency_Key="lost"))
    assert answer.status_code == 201  # the answer was lost, and the load after it found what the command did
    history.conflicts = 99
    busy = client.post("/v1/listings", json=DRAFT, headers=by("ana"))
    assert (busy.status_code, busy.json()["code"], busy.headers["retry-after"]) == (503, "busy", "1")

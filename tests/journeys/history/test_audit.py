"""An auditor reads what was done, by whom and when, and how a thing stood at any point; nobody's private words."""

import json
import subprocess
import sys

import psycopg
import pytest

from tests.journeys.live import ROOT, Live
from tests.journeys.town import Person, Town


def test_the_life_of_a_listing_is_read_event_by_event_and_state_by_state(town: Town, auditor: Person):
    ana = town.registered("ana@example.org")
    boat = ana.post("/v1/listings", {"category": "boats", "title": "Sloop"}, 201)["id"]
    ana.patch(f"/v1/listings/{boat}", {"title": "Yawl"})
    history = auditor.get(f"/v1/audit/streams/{boat}")
    assert [(each["type"], each["version"], each["actor"]) for each in history["items"]] == [
        ("listings.ListingDrafted", 1, ana.id),
        ("listings.ListingEdited", 2, ana.id),
    ]
    assert auditor.get(f"/v1/audit/streams/{boat}/state?version=1")["state"]["title"] == "Sloop"
    assert auditor.get(f"/v1/audit/streams/{boat}/state")["state"]["title"] == "Yawl"
    first = history["items"][0]
    found = auditor.get(f"/v1/audit/events?correlation={first['correlationId']}&actor={ana.id}")
    assert found == {"items": [first], "next": None}


def test_the_whole_log_is_read_in_pages(auditor: Person):
    whole = auditor.get("/v1/audit/events")["items"]
    walked: list[str] = []
    after: int | None = 0
    while after is not None:
        page = auditor.get(f"/v1/audit/events?after={after}&limit=3")
        walked += [each["eventId"] for each in page["items"]]
        after = page["next"]
    assert walked == [each["eventId"] for each in whole]


def test_private_words_are_masked_even_from_admins(town: Town, auditor: Person):
    ana = town.registered("ana@example.org", "Ana Sousa")
    for reader in (auditor, town.admin()):
        answer = reader.ask("GET", f"/v1/audit/streams/{ana.id}")
        assert answer.json()["items"][0]["data"]["name"] == "personal"
        assert "Sousa" not in answer.text + reader.ask("GET", f"/v1/audit/streams/{ana.id}/state").text


def test_others_read_no_history(town: Town):
    ana = town.registered("ana@example.org")
    assert ana.get("/v1/audit/events", 403) == ("role_missing", None)
    assert town.guest().get("/v1/audit/events", 401) == ("unauthenticated", None)


def test_what_never_was_has_no_history(auditor: Person):
    nowhere = "/v1/audit/streams/01979c5e-7c00-7000-8000-00000000dead"
    assert auditor.get(nowhere, 404) == ("stream_not_found", None)
    assert auditor.get(f"{nowhere}/state", 404) == ("stream_not_found", None)
    assert auditor.get(f"/v1/audit/streams/{auditor.id}/state?at=2001-01-01T00:00:00Z", 404) == ("stream_not_found", None)


def test_a_range_of_the_log_is_written_out_for_those_who_keep_copies(town: Town, database: str):
    ana = town.registered("ana@example.org", "Ana Sousa")
    command = [sys.executable, "-m", "interfaces.cli", "replay", "--types", "users.UserRegistered"]
    ended = subprocess.run(command, env=Live(database).environ, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [each["type"] for each in lines] == ["users.UserRegistered"] * 2
    assert (lines[1]["stream"], lines[1]["data"]["name"]) == (ana.id, "personal")
    assert "2 events written" in ended.stderr


def test_what_changed_between_two_points_is_told_place_by_place(town: Town, auditor: Person):
    ana = town.registered("ana@example.org")
    boat = ana.post("/v1/listings", {"category": "boats", "title": "Sloop"}, 201)["id"]
    ana.patch(f"/v1/listings/{boat}", {"title": "Yawl"})
    ana.post(f"/v1/listings/{boat}/archive")
    path = f"/v1/audit/streams/{boat}"
    found = auditor.get(f"{path}/difference?from=1&to=2")
    assert found["changes"] == [{"path": "/title", "was": "Sloop", "became": "Yawl"}]
    assert [(each["type"], each["actor"]) for each in found["steps"]] == [("listings.ListingEdited", ana.id)]
    assert (found["before"]["version"], found["after"]["version"], found["events"]) == (1, 2, 1)
    whole = auditor.get(f"{path}/difference")
    assert (whole["before"], whole["after"]["version"]) == (None, 3)
    assert {"path": "/title", "became": "Yawl"} in whole["changes"]
    backwards = auditor.get(f"{path}/difference?from=2&to=1")
    assert backwards["changes"] == [{"path": "/title", "was": "Yawl", "became": "Sloop"}]
    second = auditor.get(path)["items"][1]
    then = auditor.get(f"{path}/difference?from={second['recordedAt']}")
    assert [each["version"] for each in then["steps"]] == [3]
    assert auditor.get(f"{path}/state?position={second['position']}")["state"]["title"] == "Yawl"
    assert auditor.get(f"{path}/state?position={second['position'] - 1}")["state"]["title"] == "Sloop"


def test_points_that_cannot_be_are_refused(auditor: Person):
    path = f"/v1/audit/streams/{auditor.id}/difference"
    for wrong in ("yesterday", "-1", "2026-13-01T00:00:00Z", "2026-01-01", "1.5", str(2**53)):
        assert auditor.ask("GET", f"{path}?from={wrong}").json()["parameter"] == "from"
        assert auditor.get(f"{path}?to={wrong}", 400) == ("invalid_parameter", None)
    assert auditor.get("/v1/audit/streams/01979c5e-7c00-7000-8000-00000000dead/difference", 404) == ("stream_not_found", None)


def test_what_history_has_not_come_to_is_refused(town: Town, auditor: Person):
    ana = town.registered("ana@example.org")
    boat = ana.post("/v1/listings", {"category": "boats", "title": "Sloop"}, 201)["id"]
    path = f"/v1/audit/streams/{boat}"
    last = auditor.get(path)["items"][-1]
    for beyond, code, parameter in (
        (f"/v1/audit/events?after={last['position'] + 1000}", "position_unknown", "after"),
        (f"{path}?after=2", "version_unknown", "after"),
        (f"{path}/state?version=2", "version_unknown", "version"),
        (f"{path}/state?position={last['position'] + 1000}", "position_unknown", "position"),
        (f"{path}/difference?to=2", "version_unknown", "to"),
        (f"{path}/difference?from=2&to=1", "version_unknown", "from"),
    ):
        answer = auditor.ask("GET", beyond)
        assert (answer.status_code, answer.json()["code"], answer.json()["parameter"]) == (404, code, parameter), beyond
    for within in (f"/v1/audit/events?after={last['position']}", f"{path}?after=1"):
        assert auditor.get(within)["next"] is None
    for reached in (f"{path}/state?version=1&at=2099-01-01T00:00:00Z", f"{path}/difference?from=0&to=1", f"{path}/difference?from=1"):
        assert auditor.get(reached)["stream"] == boat
    nothing = "/v1/audit/streams/01979c5e-7c00-7000-8000-00000000dead"
    assert auditor.get(f"{nothing}?after=7", 404) == ("stream_not_found", None)
    assert auditor.get(f"{nothing}/state?version=7", 404) == ("stream_not_found", None)


def test_every_read_is_recorded_before_it_is_answered(town: Town, auditor: Person):
    nowhere = "01979c5e-7c00-7000-8000-00000000dead"
    auditor.get(f"/v1/audit/events?actor={auditor.id}&limit=1")
    auditor.get(f"/v1/audit/streams/{nowhere}/state?version=3", 404)
    ada = town.admin()
    newest = ada.get(f"/v1/audit/reads?reader={auditor.id}")["items"]
    assert [(each["what"], each["parameters"], each["found"], each["reader"]) for each in newest] == [
        ("/v1/audit/streams/{stream}/state", {"stream": nowhere, "version": "3"}, 0, auditor.id),
        ("/v1/audit/events", {"actor": auditor.id, "limit": "1"}, 1, auditor.id),
    ]
    walked = ada.get("/v1/audit/reads?limit=1")
    assert walked["items"][0]["what"] == "/v1/audit/reads"
    assert ada.get(f"/v1/audit/reads?after={newest[0]['number']}")["items"] == newest[1:]
    assert auditor.get("/v1/audit/reads", 403) == ("role_missing", None)


def test_what_was_read_cannot_be_made_unread(auditor: Person, database: str):
    auditor.get("/v1/audit/events")
    for statement in (b"DELETE FROM audit_reads", b"UPDATE audit_reads SET found = 0", b"TRUNCATE audit_reads"):
        with psycopg.connect(database) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_what_cannot_be_recorded_is_not_read(auditor: Person, database: str):
    with psycopg.connect(database) as connection:
        connection.execute("ALTER TABLE audit_reads RENAME TO elsewhere")
    assert auditor.ask("GET", "/v1/audit/events").status_code == 500

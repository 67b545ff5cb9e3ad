"""An auditor reads what was done, by whom and when, and how a thing stood at any point; nobody's private words."""

import json
import subprocess
import sys
from collections.abc import Generator

import pytest

from tests.journeys.live import ROOT, Live
from tests.journeys.town import Person, Town

AUDITOR = "auda@example.org"


@pytest.fixture
def town(database: str) -> Generator[Town]:
    opened = Town(database)
    yield opened
    opened.close()


@pytest.fixture
def auditor(town: Town) -> Person:
    auda = town.registered(AUDITOR, "Auda")
    town.admin().post(f"/v1/users/{auda.id}/roles", {"role": "auditor"})
    return town.sign_in(AUDITOR)


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

"""Those who keep copies of history take them away as files, and see what a read model was at some point."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.journeys.live import ROOT, Live
from tests.journeys.town import Town

ANA = "ana@example.org"


@pytest.fixture
def boat(town: Town) -> str:
    ana = town.registered(ANA, "Ana Sousa")
    boat = ana.post("/v1/listings", {"category": "boats", "title": "Sloop"}, 201)["id"]
    ana.patch(f"/v1/listings/{boat}", {"title": "Yawl"})
    return boat


def run(database: str, *arguments: str, role: str = "replay") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "interfaces.cli", role, *arguments]
    return subprocess.run(command, env=Live(database).environ, cwd=ROOT, capture_output=True, text=True, check=False)


def replayed(database: str, *arguments: str) -> list[dict[str, Any]]:
    ended = run(database, *arguments)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_parquet_holds_what_json_lines_hold(town: Town, boat: str, database: str, tmp_path: Path):
    lines = replayed(database)
    assert town.runner.catch_up() == lines[-1]["position"]
    file = tmp_path / "log.parquet"
    assert run(database, "--out", str(file)).returncode == 0
    table = pq.read_table(file)
    rows = table.to_pylist()
    assert [each["position"] for each in rows] == [each["position"] for each in lines]
    assert [json.loads(each["data"]) for each in rows] == [each["data"] for each in lines]
    assert [each["type"] for each in rows] == [each["type"] for each in lines]
    assert boat in {each["stream"] for each in rows}
    assert str(table.schema.field("recorded_at").type) == "timestamp[us, tz=UTC]"
    schemas = json.loads((table.schema.metadata or {})[b"tradewind.schemas"])
    assert "title" in schemas["listings.ListingDrafted"]["schema"]["$defs"]["ListingDrafted"]["properties"]
    assert "Sousa" not in str(rows)


def test_json_lines_come_with_the_schemas_of_their_data(boat: str, database: str, tmp_path: Path):
    file = tmp_path / "log.jsonl"
    assert run(database, "--out", str(file), "--types", "listings.ListingDrafted,listings.ListingEdited").returncode == 0
    assert [json.loads(line)["stream"] for line in file.read_text().splitlines()] == [boat, boat]
    schemas = json.loads((tmp_path / "log.jsonl.schemas.json").read_text())
    assert schemas["users.UserRegistered"]["schema"]["$defs"]["UserRegistered"]["properties"]["name"] == {"enum": ["personal", None]}


def test_what_the_log_has_not_come_to_is_refused(boat: str, database: str):
    for asked, said in (
        (("--from", "99999"), "The log has not come to position 99999: it ends at "),
        (("--from", "5", "--to", "4"), "Nothing lies"),
    ):
        ended = run(database, *asked)
        assert (ended.returncode, ended.stdout, said in ended.stderr) == (1, "", True), boat


def test_nothing_is_overwritten_unasked(boat: str, database: str, tmp_path: Path):
    file = tmp_path / "log.jsonl"
    file.write_text("mine")
    ended = run(database, "--out", str(file))
    assert (ended.returncode, file.read_text()) == (1, "mine")
    assert "--force" in ended.stderr
    assert run(database, "--out", str(file), "--force").returncode == 0
    assert boat in file.read_text()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["log.jsonl", "log.jsonl.schemas.json"]


def test_a_read_model_is_made_anew_as_it_is_and_as_it_was(town: Town, boat: str, database: str):
    now = replayed(database, "--into", "listings")
    assert [(each["key"], each["document"]["title"]) for each in now] == [(boat, "Yawl")]
    drafted = replayed(database, "--types", "listings.ListingDrafted")[0]
    for when in (("--to", str(drafted["position"])), ("--as-of", drafted["recordedAt"])):
        then = replayed(database, "--into", "listings", *when)
        assert [(each["key"], each["document"]["title"]) for each in then] == [(boat, "Sloop")]
    assert town.admin().get("/v1/audit/reads")["items"][0]["what"] == "run.py replay"


@pytest.mark.usefixtures("boat")
def test_counts_and_feeds_are_made_anew_too(database: str):
    assert replayed(database, "--into", "listings_by_status") == [{"group": "draft", "count": 1}]
    assert replayed(database, "--into", "feed_users")[0]["type"] == "users.UserRegistered"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--types", "listings.ListingDraftet"), "listings.ListingDrafted"),
        (("--into", "no_such"), "listings"),
        (("--into", "listings", "--types", "listings.ListingDrafted"), "--types"),
        (("--out", "/proc/none/log.jsonl"), "cannot be written"),
    ],
)
def test_what_cannot_be_replayed_is_refused_with_its_reason(database: str, arguments: tuple[str, ...], reason: str):
    ended = run(database, *arguments)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert reason in ended.stderr


@pytest.mark.usefixtures("boat")
def test_private_words_are_in_no_copy(database: str):
    ended = run(database, "--into", "user_profile")
    assert '"name":""' in ended.stdout
    assert "Sousa" not in ended.stdout
    assert ANA not in ended.stdout

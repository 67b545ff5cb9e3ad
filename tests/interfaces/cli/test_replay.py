"""A range of the log is written as JSON Lines, whole and in order, however long it is."""

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from infrastructure.auditing.files import JsonLines
from interfaces.cli.roles.copies import replay
from projections.audit import Entry, Sought
from projections.ports import Unavailable

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ANA = UUID(int=2)
TYPES = ("listings.ListingDrafted", "listings.ListingPriced")


class FakeAudit:
    def __init__(self, count: int, lost: int = 0) -> None:
        self.lost = lost
        self.entries = [
            Entry(2 * n, ANA, n, "listing", TYPES[n % 2], 1, UUID(int=n), ANA, ANA, ANA, None, NOON, {"n": n}) for n in range(1, count + 1)
        ]
        self.largest = 0

    def events(self, sought: Sought, limit: int) -> Sequence[Entry]:
        if self.lost and self.largest:
            self.lost -= 1
            raise Unavailable("postgres")
        wanted = [
            each for each in self.entries if sought.after < each.position <= (sought.upto or 0) and each.type in (sought.types or TYPES)
        ]
        found = wanted[:limit]
        self.largest = max(self.largest, len(found))
        return found

    stored = events


def written(audit: FakeAudit, start: int = 0, end: int = 1000, *types: str) -> list[dict[str, Any]]:
    file, said = io.BytesIO(), list[str]()
    count = replay.write(audit, JsonLines(file), Sought(max(start - 1, 0), end, types=list(types) or None), said.append)
    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert count == len(lines)
    assert said or not lines
    return lines


def positions(lines: list[dict[str, Any]]) -> list[int]:
    return [each["position"] for each in lines]


def test_the_whole_log_in_batches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(replay, "BATCH", 4)
    audit = FakeAudit(10)
    assert positions(written(audit)) == list(range(2, 22, 2))
    assert audit.largest == 4


def test_both_ends_of_a_range_are_in_it():
    assert positions(written(FakeAudit(10), 4, 8)) == [4, 6, 8]
    assert positions(written(FakeAudit(10), 5, 7)) == [6]
    assert written(FakeAudit(10), 100) == []


def test_only_the_types_that_were_asked_for():
    lines = written(FakeAudit(4), 0, 1000, "listings.ListingPriced")
    assert [each["type"] for each in lines] == ["listings.ListingPriced"] * 2
    assert lines[0]["data"] == {"n": 1}
    assert lines[0]["recordedAt"] == "2026-06-01T12:00:00Z"


def test_a_connection_that_is_lost_between_two_batches_leaves_nothing_out_and_nothing_twice(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(replay, "BATCH", 7)
    monkeypatch.setattr(replay, "sleep", lambda _: None)
    assert positions(written(FakeAudit(30, lost=3), 0, 1000)) == [2 * n for n in range(1, 31)]


def test_a_database_that_stays_away_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(replay, "PATIENCE", -1)
    with pytest.raises(Unavailable):
        written(FakeAudit(2000, lost=1), 0, 5000)
    with pytest.raises(SystemExit, match="cannot be reached"), replay.reached():
        raise Unavailable("postgres")

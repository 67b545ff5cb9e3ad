"""Who verifies the log is told that it holds, or what does not, and a script by how the program ends."""

from pathlib import Path

import msgspec
import psycopg
import pytest

from infrastructure import clock
from infrastructure.postgres import open_pool
from infrastructure.seals.proofs import PostgresSeals
from infrastructure.seals.sealer import Sealer
from infrastructure.seals.signing import SigningKey
from infrastructure.settings import load
from interfaces.cli.roles import verify as role
from tests.infrastructure.seals.office import write

ENVIRON = {
    "REDIS_URL": "redis://127.0.0.1:1",
    "OPENSEARCH_URL": "http://127.0.0.1:1",
    "TRADEWIND_SECRET_KEY": "a secret that is long enough for tests",
    "TRADEWIND_KEY_ENCRYPTION_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
}


@pytest.fixture
def url(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in {**ENVIRON, "DATABASE_URL": database}.items():
        monkeypatch.setenv(name, value)
    return database


def sealed(url: str, count: int) -> None:
    keys = [SigningKey(each) for each in load({**ENVIRON, "DATABASE_URL": url}).seal_seeds]
    with psycopg.connect(url, autocommit=True) as connection:
        write(connection, count)
        Sealer(url, keys, clock.now).step(connection, now=True)


def ended(from_head: Path | None = None) -> object:
    with pytest.raises(SystemExit) as end:
        role.verify(from_head=from_head)
    return end.value.code


def test_a_log_that_holds_is_said_to(url: str, capsys: pytest.CaptureFixture[str]):
    sealed(url, 1500)
    assert ended() == 0
    said = capsys.readouterr().out
    assert "All 1500 sealed events are as they were sealed" in said
    assert "The tree head: size 1500, root " in said


def test_the_first_event_that_does_not_hold_is_named(url: str, capsys: pytest.CaptureFixture[str]):
    sealed(url, 1500)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM events WHERE position = 1200")
    assert ended() == 1
    said = capsys.readouterr().out
    assert said == "REMOVED: the event of position 1200 was removed.\nThe first 1024 events, up to there, are as they were sealed.\n"


def test_a_head_that_was_kept_elsewhere_shows_what_was_cut_off(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    sealed(url, 30)
    sealed(url, 4)
    kept = tmp_path / "head.json"
    with open_pool(url, 1) as pool:
        kept.write_bytes(msgspec.json.encode(PostgresSeals(pool).head()))
    assert ended(kept) == 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER ALL; ALTER TABLE seals DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM events WHERE position > 30; DELETE FROM seals WHERE size > 30")
    assert ended() == 0
    assert ended(kept) == 1
    assert "REMOVED: the log ends early: 4 sealed events" in capsys.readouterr().out


def test_what_is_not_sealed_proves_nothing(url: str, capsys: pytest.CaptureFixture[str]):
    assert ended() == 0
    with psycopg.connect(url, autocommit=True) as connection:
        write(connection, 3)
    assert ended() == 1
    assert capsys.readouterr().out == "The log is empty.\nNothing is sealed yet; 3 events wait.\n"


def test_a_file_without_a_head_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "head.json").write_text("{}")
    assert ended(tmp_path / "head.json") == 2
    assert ended(tmp_path / "nothing.json") == 2
    assert "holds no tree head" in capsys.readouterr().err


def test_where_there_is_no_terminal_a_line_comes_now_and_then(monkeypatch: pytest.MonkeyPatch):
    moments = iter([0.0, 1.0, 2.5, 3.0])
    monkeypatch.setattr(role, "monotonic", lambda: next(moments))
    said: list[str] = []
    report = role.lines(1000, said.append)
    for done in (100, 500, 600):
        report(done)
    assert said == ["Verified 500 of 1000 events, 200 events/s"]

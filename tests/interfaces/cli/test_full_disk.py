"""Copies of history onto a disk that is full: nothing half is left behind, what was there stays, and it is said in a sentence."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from infrastructure import clock
from infrastructure.seals.sealer import Sealer
from infrastructure.seals.signing import SigningKey
from infrastructure.settings import load
from tests.infrastructure.seals.office import write
from tests.interfaces.cli.test_verify import ENVIRON
from tests.journeys.live import ROOT

ROOM = 2_000
"""Bytes that a file may have: like a disk on which so many are left."""


@pytest.fixture
def stream(database: str) -> str:
    """Of one sealed event among many."""
    keys = [SigningKey(each) for each in load({**ENVIRON, "DATABASE_URL": database}).seal_seeds]
    with psycopg.connect(database, autocommit=True) as connection:
        write(connection, 2_000)
        Sealer(database, keys, clock.now).step(connection, now=True)
        [(found,)] = connection.execute("SELECT stream FROM events ORDER BY position LIMIT 1").fetchall()
    return str(found)


def run(database: str, *arguments: str, room: int | None = ROOM, out: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    def bounded() -> None:
        if room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    command = [sys.executable, "-B", "-m", "interfaces.cli", *arguments]
    environ = os.environ | ENVIRON | {"DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command,
        env=environ,
        cwd=ROOT,
        text=True,
        stdout=out,
        stderr=subprocess.PIPE,
        check=False,
        preexec_fn=bounded,
    )


@pytest.mark.parametrize("role", ["replay", "replay to a table", "dump", "evidence"])
def test_a_copy_that_has_no_room_leaves_what_was_there(role: str, stream: str, database: str, tmp_path: Path):
    file = tmp_path / ("copy.parquet" if role.endswith("table") else "copy")
    file.write_text("the copy of yesterday")
    asked = {"dump": ["dump", str(file)], "evidence": ["evidence", "--stream", stream, "--out", str(file)]}
    ended = run(database, *asked.get(role, ["replay", "--out", str(file)]), "--force")
    assert (ended.returncode, f"{file} cannot be written: " in ended.stderr) == (1, True), ended.stderr
    assert "Traceback" not in ended.stderr
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    assert file.read_text() == "the copy of yesterday"


@pytest.mark.usefixtures("stream")
def test_standard_output_that_takes_no_more_is_said_to(database: str):
    with Path("/dev/full").open("wb") as full:
        ended = run(database, "replay", room=None, out=full.fileno())
    assert ended.returncode == 1
    assert "Standard output cannot be written: No space left on device.\n" in ended.stderr
    assert "Traceback" not in ended.stderr

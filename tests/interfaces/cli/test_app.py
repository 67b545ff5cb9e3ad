"""What a person types that the command line does not know is answered with what it knows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from interfaces.cli.app import main

ROOT = Path(__file__).parents[3]


def test_an_unknown_role_is_told_the_roles_there_are(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(sys, "argv", ["run.py", "serv"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "There is no role serv. The roles are serve, project," in capsys.readouterr().err


@pytest.mark.parametrize("asked", [["--help"], ["serve", "--help"], ["work", "retry", "--help"], ["react", "skip", "--help"]])
def test_every_role_explains_itself(asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(sys, "argv", ["run.py", *asked])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "Usage: run.py" in capsys.readouterr().out


def test_who_reads_only_the_beginning_of_an_answer_is_not_shown_a_fault():
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "interfaces.cli", "openapi"]
    ended = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, "")

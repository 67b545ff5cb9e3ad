"""What a person types that the command line does not know is answered with what it knows."""

import sys

import pytest

from interfaces.cli.app import main


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

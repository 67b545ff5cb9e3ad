"""The import contracts hold, and each of them catches a violation planted for it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "application", "projections", "interfaces", "infrastructure")

PLANTED = [
    ("Dependencies point inwards", "domain/values.py", "import application.ports"),
    ("Dependencies point inwards", "projections/view.py", "import application.ports"),
    ("Dependencies point inwards", "interfaces/http/answers.py", "import infrastructure.settings"),
    ("The domain knows no framework, no clock, no ids and no I/O", "domain/values.py", "import structlog"),
    ("Applications and projections reach engines through ports only", "application/handler.py", "import psycopg"),
    ("Families meet only through events", "domain/listings/events.py", "import domain.users.events"),
    ("Projections know events, never commands or deciders", "projections/view.py", "import domain.listings.commands"),
    ("Queries never reach the application", "interfaces/http/queries/__init__.py", "import application.handler"),
]


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(copy: Path):
    found = contracts(copy)
    assert found.returncode == 0, found.stdout
    assert "0 broken" in found.stdout


@pytest.mark.parametrize(("contract", "file", "violation"), PLANTED)
def test_a_planted_violation_is_caught(copy: Path, contract: str, file: str, violation: str):
    planted = copy / file
    planted.write_text(f"{planted.read_text()}\n{violation}\n")
    found = contracts(copy)
    assert found.returncode == 1
    assert f"{contract} BROKEN" in found.stdout


def test_every_contract_has_a_planted_violation():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in declared} == {contract for contract, _, _ in PLANTED}

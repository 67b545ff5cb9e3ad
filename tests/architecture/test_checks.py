"""Format, lint and types: the same checks on every machine, as part of the one test command."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CHECKS = {
    "format": ["ruff", "format", "--check", "--no-cache", "."],
    "lint": ["ruff", "check", "--no-cache", "."],
    "types": ["basedpyright", "--level", "error", "--pythonpath", sys.executable],
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_sources_pass_the_check(check: str):
    name, *arguments = CHECKS[check]
    program = Path(sys.executable).with_name(name)
    found = subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr

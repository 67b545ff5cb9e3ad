"""A shell of an operator: the commands of `run.py` over a database that has its first admin."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.town import ADMIN, Town

ROOT = Path(__file__).parents[3]


class Shell:
    def __init__(self, database: str) -> None:
        Town(database).close()
        self.settings = os.environ | {
            "DATABASE_URL": database,
            "REDIS_URL": "redis://127.0.0.1:1",
            "OPENSEARCH_URL": "http://127.0.0.1:1",
            "TRADEWIND_SECRET_KEY": "a secret that is long enough for tests",
            "TRADEWIND_KEY_ENCRYPTION_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "TRADEWIND_ADMIN_EMAIL": ADMIN[0],
            "TRADEWIND_ADMIN_PASSWORD": ADMIN[1],
        }

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command until it ends."""
        return subprocess.run(command(*arguments), env=self.settings, cwd=ROOT, text=True, capture_output=True, check=False, timeout=120)

    def said(self, *arguments: str) -> str:
        """What a command that went well wrote."""
        ended = self(*arguments)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    @contextmanager
    def started(self, *arguments: str) -> Generator[subprocess.Popen[bytes]]:
        """A command that runs until it is told to stop, which it is at the end whatever happens."""
        with subprocess.Popen(command(*arguments), env=self.settings, cwd=ROOT, stderr=subprocess.DEVNULL) as running:
            try:
                yield running
            finally:
                running.terminate()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "interfaces.cli", *arguments]

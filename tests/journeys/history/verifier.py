"""The offline verifier as an auditor has it, where there is no Tradewind."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.journeys.live import ROOT


class Verifier:
    """The program as an auditor has it: one file in a folder of its own, and what was downloaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(ROOT / "interfaces" / "verifier" / "verify.py", folder)

    def keep(self, name: str, answer: Any) -> None:
        (self.folder / name).write_text(json.dumps(answer))

    def __call__(self, *arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-I", "verify.py", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

"""The tests, on engines that are started for them and removed after them."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from infrastructure.settings import ENGINE_URLS, load
from interfaces.cli.console import progress

ROOT = Path(__file__).parents[3]


def test(*arguments: Annotated[str, Parameter(allow_leading_hyphen=True, help="For pytest: files, -k, -x and so on.")]) -> None:
    """Run the tests on engines of their own; the exit status is pytest's."""
    from infrastructure.embedded import abode, engines, postgres

    settings = load({name: value for name, value in os.environ.items() if name not in ENGINE_URLS.values()})
    workers = () if any(argument.startswith(("-n", "--numprocesses")) for argument in arguments) else ("-n", "2", "--dist", "worksteal")
    parent = abode.quick_folder(postgres.account())
    with tempfile.TemporaryDirectory(prefix="tradewind-test-", dir=parent) as folder:
        data_dir = Path(folder)
        data_dir.chmod(0o755)
        jars = settings.data_dir / "jars"
        with progress() as report:
            started = engines.start(data_dir, list(ENGINE_URLS), report, jars=jars, maven_url=settings.maven_url, durable=False)
        with started:
            environ = test_environment(started.environment())
            finished = subprocess.run([sys.executable, "-m", "pytest", *workers, *arguments], cwd=ROOT, env=environ, check=False)
    sys.exit(finished.returncode)


def test_environment(engines: dict[str, str]) -> dict[str, str]:
    """What the tests see: these engines, and none of the settings of whoever runs them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRADEWIND_") and name not in ENGINE_URLS.values()}
    return kept | {f"TRADEWIND_TEST_{name}": url for name, url in engines.items()}

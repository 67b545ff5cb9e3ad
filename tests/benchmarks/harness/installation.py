"""A whole Tradewind of the benchmarks' own, as `run.py` starts it, with boats in it."""

import os
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import httpx
import psutil

from application.bootstrap import DEMO
from infrastructure.container import Container
from infrastructure.embedded import EngineFailed, abode, engines, postgres
from infrastructure.embedded.process import Child, spawn
from infrastructure.embedded.rehearsal import Rehearsal
from infrastructure.settings import DEMO_ADMIN, ENGINE_URLS, load
from interfaces.cli.roles.imports import person, requested, run
from tests.benchmarks.harness import boats

ROOT = Path(__file__).parents[3]
SELLER, MODERATOR = DEMO[0], DEMO[2]
PATIENCE = 300.0
NOWHERE = {"REDIS_URL": "redis://127.0.0.1:1", "OPENSEARCH_URL": "http://127.0.0.1:1"}
"""Engines that a measurement does without."""

Report = Callable[[str], None]


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_environment(folder: Path) -> dict[str, str]:
    """None of the settings of whoever runs this, but for where downloads are from."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRADEWIND_") and name not in ENGINE_URLS.values()}
    maven = {name: value for name, value in os.environ.items() if name == "TRADEWIND_MAVEN_URL"}
    day = {"TRADEWIND_ACCESS_TOKEN_SECONDS": "86400"}
    return {**kept, **maven, **day, "TRADEWIND_DATA_DIR": str(folder), "TRADEWIND_EMBEDDED": "1", "TRADEWIND_LOG": "json"}


@contextmanager
def own_folder() -> Generator[Path]:
    with TemporaryDirectory(prefix="tradewind-bench-", dir=abode.passable_folder(postgres.account())) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


class Imported:
    """How an import went."""

    def __init__(self, rows: int, seconds: float, source: str) -> None:
        self.rows = rows
        self.seconds = seconds
        self.source = source


class Installation:
    """`environ` names its running engines; `imported` tells how its boats came in."""

    imported: Imported
    admin = DEMO_ADMIN

    def __init__(self, folder: Path, report: Report, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.report = report
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ: dict[str, str] = {}
        self._own = own_environment(folder) | {"TRADEWIND_PORT": str(self.port)} | dict(settings or {})
        self._child: Child | None = None

    def start(self) -> float:
        """Return after how many seconds it was ready."""
        began = time.monotonic()
        child = self._child = spawn("up", [sys.executable, "-m", "interfaces.cli"], self.folder / "run", environment=self._own, cwd=ROOT)
        before = child.log.read_text().count("Tradewind is ready")
        child.await_ready(lambda: child.log.read_text().count("Tradewind is ready") > before, PATIENCE)
        seconds = time.monotonic() - began
        self.environ = self._own | engines.running(self.folder)
        return seconds

    @property
    def pid(self) -> int:
        """Of the process that watches over all others. Raises RuntimeError before the start."""
        if self._child is None:
            raise RuntimeError("It does not run.")
        return self._child.pid

    def stop(self) -> None:
        if self._child:
            self._child.stop(within=60)
            self._child = None

    def bring_boats(self, rows: int) -> None:
        """Import and publish so many, and wait until every read model has them."""
        content, source = boats.content(rows)
        with Container(load(self.environ)) as container:
            by = person(container, DEMO_ADMIN[0])
            import_id = requested(container, "boats", by, person(container, SELLER.email), content, publish=True)
            began = time.monotonic()
            ended = run(container, import_id, lambda row: self.report(f"Importing boats: {row:,} of {rows:,}"))
            seconds = time.monotonic() - began
            if ended != "completed":
                raise EngineFailed(f"The import ended as {ended}.")
            self.imported = Imported(container.import_book.last_row(import_id), seconds, source)
        self.await_read_models()

    def await_read_models(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            said = self._said_of("projections")
            self.report(f"Read models: {said}")
            if "are up with the log" in said and not said.startswith("0 "):
                return
            time.sleep(0.5)
        raise EngineFailed("The read models did not come up with the log.")

    def await_effects(self, patience: float) -> None:
        """Until nothing is owed of what was measured before, or so many seconds have passed: it would be measured too."""
        deadline = time.monotonic() + patience
        while (said := self._said_of("effects")) != "0 jobs wait" and time.monotonic() < deadline:
            self.report(f"Effects: {said}")
            time.sleep(1)

    def _said_of(self, name: str) -> str:
        components = httpx.get(f"{self.url}/health/ready", trust_env=False).json()["components"]
        return next(each["detail"] for each in components if each["name"] == name)

    def token(self, email: str, password: str) -> str:
        answer = httpx.post(f"{self.url}/v1/sessions", json={"email": email, "password": password}, trust_env=False)
        return answer.raise_for_status().json()["accessToken"]

    def newcomer(self) -> dict[str, str]:
        """The headers of somebody who has just registered: with the boats on offer, the demo seller's tier has no room for more."""
        email, password = f"{uuid4().hex}@example.org", "Mazowe-orange-7-crates"
        httpx.post(
            f"{self.url}/v1/users", json={"email": email, "name": "Newcomer", "password": password}, trust_env=False
        ).raise_for_status()
        return {"Authorization": f"Bearer {self.token(email, password)}"}

    def listings(self, count: int) -> list[UUID]:
        """The ids of so many published listings."""
        found: list[UUID] = []
        cursor: dict[str, Any] = {}
        with httpx.Client(base_url=self.url, trust_env=False) as http:
            while len(found) < count:
                page = http.get("/v1/listings", params={"limit": 100, **cursor}).raise_for_status().json()
                found += [UUID(each["id"]) for each in page["items"]]
                if page["next"] is None:
                    break
                cursor = {"cursor": page["next"]}
        return found[:count]

    @contextmanager
    def nothing_following(self) -> Generator[None]:
        """What follows the log stands still meanwhile, and goes on afterwards."""
        following = [each for each in self._processes() if each.cmdline()[-1:] in (["project"], ["react"], ["work"])]
        for each in following:
            each.suspend()
        try:
            yield
        finally:
            for each in following:
                each.resume()

    def memory(self) -> float:
        """The proportional set size of all its processes, in bytes."""
        found = 0
        for each in self._processes():
            with suppress(psutil.NoSuchProcess):  # one that has just ended
                found += each.memory_full_info().pss
        return found

    def _processes(self) -> list[psutil.Process]:
        if self._child is None:
            return []
        parent = psutil.Process(self._child.pid)
        return [parent, *parent.children(recursive=True)]


@contextmanager
def installation(jars: Path, report: Report, rows: int = boats.ALL) -> Generator[Installation]:
    """Started for as long as this lasts; `jars` is where OpenSearch's lie, or will."""
    jars.mkdir(parents=True, exist_ok=True)
    Rehearsal(jars, os.environ.get("TRADEWIND_MAVEN_URL", "")).run()  # else it would run beside what is measured
    with own_folder() as folder:
        (folder / "jars").symlink_to(jars.absolute(), target_is_directory=True)
        here = Installation(folder, report)
        try:
            report("A Tradewind for the benchmarks is starting")
            here.start()
            here.bring_boats(rows)
            yield here
        finally:
            here.stop()

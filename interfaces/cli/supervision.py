"""The roles of the program as processes of their own, started again when they die."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Thread

import httpx

from infrastructure.embedded import EngineFailed
from infrastructure.embedded.process import Child, spawn, stop_orphan
from interfaces.cli.console import Report

ROLES = ("serve", "project", "react", "work")
ROOT = Path(__file__).parents[2]
READY_WITHIN = 90.0
DEATHS_AT_START = 3
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0  # seconds of life after which a death is a new one


def program(name: str) -> list[str]:
    return [sys.executable, "-m", "interfaces.cli", name]


class Role:
    """One role: when it is running, when it died, and how long to wait before it is started again."""

    def __init__(self, name: str, environ: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self.deaths = 0
        self._environ = environ
        self.folder = folder
        self._child: Child | None = None
        self._started = 0.0
        self._not_before = 0.0

    def keep_alive(self, report: Report) -> None:
        """Start it when it is not running, unless it died so often that it must wait."""
        now = time.monotonic()
        if self._child and self._child.exit_code is not None:
            self.deaths = self.deaths + 1 if now - self._started < STEADY_AFTER else 1
            pause = min(2.0 ** (self.deaths - 1) / 2, LONGEST_PAUSE)
            ended = f"Role {self.name} ended with {self._child.exit_code}; it is started again in {pause:g} s."
            report(f"{ended} {self._child.last_words(lines=3)}")
            self._child = None
            self._not_before = now + pause
        if self._child is None and now >= self._not_before:
            self._child = spawn(self.name, program(self.name), self.folder, environment=self._environ, cwd=ROOT)
            self._started = now

    def stop(self) -> None:
        if self._child:
            self._child.stop(within=10)


class Roles:
    def __init__(self, environ: Mapping[str, str], folder: Path, report: Report) -> None:
        for name in ROLES:
            stop_orphan(name, folder)
        self.report = report
        self._all = [Role(name, environ, folder) for name in ROLES]

    def keep_alive(self) -> None:
        for role in self._all:
            role.keep_alive(self.report)

    def await_ready(self, address: str) -> None:
        """Return when the server says that all is well; raise EngineFailed when a role will not stay alive or time is over."""
        deadline = time.monotonic() + READY_WITHIN
        answer = "nothing"
        while time.monotonic() < deadline:
            self.keep_alive()
            for role in self._all:
                if role.deaths >= DEATHS_AT_START:
                    raise EngineFailed(f"Role {role.name} ended {role.deaths} times while it started; see its log in {role.folder}.")
            try:
                response = httpx.get(f"{address}/health/ready", timeout=2, trust_env=False)
                if response.is_success:
                    return
                answer = response.text
            except httpx.HTTPError as error:
                answer = str(error)
            time.sleep(0.1)
        raise EngineFailed(f"{address}/health/ready was not well after {READY_WITHIN:.0f} seconds; its last answer: {answer}")

    def stop(self) -> None:
        stopping = [Thread(target=role.stop) for role in self._all]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()

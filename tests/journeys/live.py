"""The program as it runs in production: roles as processes of their own, asked over the network."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from socket import socket

import httpx
import psycopg

from projections.catalogue import PROJECTIONS
from tests.journeys.town import ADMIN, NO_REDIS, NOWHERE

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
LATE = re.compile(r"(\w+) is \d+ s behind")


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Live:
    """`serve` and `project` over a database of the test's own; engines that are not given are away."""

    def __init__(self, database: str, *, redis: str = NO_REDIS, opensearch: str = NOWHERE, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ: Mapping[str, str] = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "OPENSEARCH_URL": opensearch,
            "TRADEWIND_PORT": str(self.port),
            "TRADEWIND_PUBLIC_URL": self.url,
            "TRADEWIND_ADMIN_EMAIL": ADMIN[0],
            "TRADEWIND_ADMIN_PASSWORD": ADMIN[1],
            "TRADEWIND_RATE_LIMITS": "0",
            "TRADEWIND_SECRET_KEY": "a secret that is long enough for tests",
            "TRADEWIND_KEY_ENCRYPTION_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "TRADEWIND_LOG": "json",
            **settings,
        }
        away = {"redis": redis == NO_REDIS, "opensearch": opensearch == NOWHERE}
        self.away = {each.name for each in PROJECTIONS if away.get(each.engine)}
        self.roles: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *roles: str) -> None:
        for role in roles:
            command = [sys.executable, "-m", "interfaces.cli", role]
            self.roles[role] = subprocess.Popen(command, env=self.environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self, role: str, within: float = 20.0) -> int:
        """Ask it to end, and return its exit code; raises subprocess.TimeoutExpired where it does not."""
        process = self.roles.pop(role)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(within)
        finally:
            process.kill()
            process.wait()

    def kill(self, role: str) -> None:
        """End it at once, wherever it is."""
        process = self.roles.pop(role)
        process.kill()
        process.wait()

    def await_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                # With the read models too: a projector has to have made them.
                found = {
                    each["name"]: each["detail"] for each in httpx.get(f"{self.url}/health/ready", trust_env=False).json()["components"]
                }
                if self._followed(found["projections"]):
                    return
            except httpx.HTTPError:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError("the roles were not ready in time")
            time.sleep(0.1)

    def _followed(self, told: str) -> bool:
        """Those of engines that are away fall behind, which is told where a slow machine starts slowly."""
        late = LATE.findall(told)
        return set(late) <= self.away if late else "are up with the log" in told and not told.startswith("0 ")

    def later(self, passed: timedelta) -> None:
        """Bring what falls due so much nearer: the clocks of other processes cannot be moved."""
        with psycopg.connect(self.environ["DATABASE_URL"]) as connection:
            connection.execute("UPDATE jobs SET due_at = due_at - %s WHERE state = 'due'", [passed])

    def await_serving(self) -> None:
        """Until it answers, whether its read models are up or not."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                httpx.get(f"{self.url}/health/live", trust_env=False)
            except httpx.HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def token(self, email: str = ADMIN[0], password: str = ADMIN[1]) -> str:
        answer = httpx.post(f"{self.url}/v1/sessions", json={"email": email, "password": password}, trust_env=False)
        return answer.json()["accessToken"]


@contextmanager
def live(database: str, **settings: str) -> Generator[Live]:
    running = Live(database, **settings)
    with ExitStack() as ending:
        subprocess.run([sys.executable, "-m", "interfaces.cli", "migrate"], env=running.environ, cwd=ROOT, check=True, capture_output=True)
        ending.callback(lambda: [running.stop(role) for role in list(running.roles)])
        running.start("serve", "project")
        running.await_ready()
        yield running

"""OpenSearch on a Java runtime, from locked jars."""

import contextlib
import fcntl
import hashlib
import os
import socket
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import httpx

from infrastructure.embedded import EngineFailed, jars, java
from infrastructure.embedded.process import Server, spawn

PORTS = range(9201, 9300)  # the runner listens on no other
ATTEMPTS = 3
JVM = (
    "-Xms512m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.locale.providers=SPI,CLDR",  # the wheel's runtime has no Thai word breaks, without which no index can be made
)


class OpenSearch(Server):
    """One node over one data folder; stopped and started again it has the same address, if nobody took its port meanwhile."""

    name = "opensearch"

    def __init__(self, folder: Path, run: Path, jar_folder: Path, repository: str, report: Callable[[str], None]) -> None:
        super().__init__()
        self._data = folder / "opensearch"
        self._run = run
        self._jars = jar_folder
        self._repository = repository
        self._report = report
        self._cluster = f"tw-{hashlib.sha256(str(self._data).encode()).hexdigest()[:12]}"
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        classes = jars.fetch(jars.locked(), self._jars, self._repository, self._report)
        program = java.runtime()
        with _choosing_a_port():
            ports = iter([self._port] if self._port and _is_free(self._port) else [port for port in PORTS if _is_free(port)])
            for attempt in range(1, ATTEMPTS + 1):
                self._port = next(ports, 0)
                if not self._port:
                    raise EngineFailed(
                        f"OpenSearch finds no free port from {PORTS.start} to {PORTS.stop - 1}: free one, or set OPENSEARCH_URL."
                    )
                try:
                    self._run_on(self._port, program, classes)
                except EngineFailed:
                    self.stop()
                    if attempt == ATTEMPTS:
                        raise
                else:
                    return

    def answers(self) -> bool:
        """Whether this node answers, and not a stranger that took its port."""
        try:
            answer = httpx.get(f"{self.url}/_cluster/health", timeout=2, trust_env=False)
            return answer.is_success and answer.json()["cluster_name"] == self._cluster
        except (httpx.HTTPError, ValueError, KeyError):
            return False

    def _run_on(self, port: int, program: Path, classes: list[Path]) -> None:
        settings = {
            "transport.port": _free_port(),
            "network.host": "127.0.0.1",
            "discovery.type": "single-node",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        configuration = self._data / "node_1" / "config"
        configuration.mkdir(parents=True, exist_ok=True)
        (configuration / "opensearch.yml").write_text("".join(f"{name}: {value}\n" for name, value in settings.items()))
        node = ["-basePath", self._data, "-numOfNode", "1", "-clusterName", self._cluster, "-baseHttpPort", str(port - 1)]
        path = os.pathsep.join(map(str, classes))
        self._child = spawn("opensearch", [program, *JVM, "-cp", path, "org.codelibs.opensearch.runner.OpenSearchRunner", *node], self._run)
        self._child.await_ready(self.answers, 120)


@contextlib.contextmanager
def _choosing_a_port() -> Generator[None]:
    """One at a time on this machine: a port is free for another until the node listens on it."""
    path = Path(tempfile.gettempdir()) / f"tradewind-opensearch-{os.geteuid()}.lock"
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]

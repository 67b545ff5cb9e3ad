"""OpenSearch on a Java runtime, from locked jars."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import httpx

from infrastructure.embedded import EngineFailed, archive, jars, java
from infrastructure.embedded.process import Server

PORTS = range(9201, 9300)  # the runner listens on no other
ATTEMPTS = 3
JVM = (
    "-Xms256m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.locale.providers=SPI,CLDR",  # the wheel's runtime has no Thai word breaks, without which no index can be made
)


class OpenSearch(Server):
    """One node over one data folder; stopped and started again it has the same address, if nobody took its port meanwhile."""

    name = "opensearch"

    def __init__(
        self, folder: Path, run: Path, jar_folder: Path, repository: str, report: Callable[[str], None], recording: Path | None = None
    ) -> None:
        """With `recording`, what the next start profits from is written there when this one stops."""
        super().__init__()
        self._recording = recording
        self._data = folder / "opensearch"
        self._run = run
        self._jars = jar_folder.resolve()  # an archive knows its jars by their paths
        self._repository = repository
        self._report = report
        self._cluster = f"tw-{hashlib.sha256(str(self._data).encode()).hexdigest()[:12]}"
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _bring_up(self) -> None:
        classes = jars.fetch(jars.locked(), self._jars, self._repository, self._report)
        program = java.runtime()
        with _choosing_a_port():
            ports = (port for port in (self._port, *PORTS) if port and _is_free(port))
            for attempt in range(1, ATTEMPTS + 1):
                self._port = next(ports, 0)
                if not self._port:
                    raise EngineFailed(
                        f"OpenSearch finds no free port from {PORTS.start} to {PORTS.stop - 1}: free one, or set OPENSEARCH_URL."
                    )
                try:
                    self._run_on(self._port, program, classes)
                except EngineFailed:
                    if attempt == ATTEMPTS or not self.has_died:
                        raise
                else:
                    break
        self._await_indices()

    def answers(self) -> bool:
        """Whether this node answers, and not a stranger that took its port."""
        try:
            answer = httpx.get(f"{self.url}/_cluster/health", timeout=2, trust_env=False)
            return answer.is_success and answer.json()["cluster_name"] == self._cluster
        except (httpx.HTTPError, ValueError, KeyError):
            return False

    def _await_indices(self) -> None:
        """It answers before it has opened its indices again; one that cannot be opened must not keep the others waiting for long."""
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=30s", timeout=40, trust_env=False)

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
        known = archive.recording(self._recording) if self._recording else archive.known(program, self._jars)
        gently = [nice] if self._recording and (nice := shutil.which("nice")) else []
        runner = ("-cp", path, "org.codelibs.opensearch.runner.OpenSearchRunner", *node)
        child = self._launch([*gently, program, *JVM, *known, *runner], self._run)
        child.await_ready(self.answers, 120)


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

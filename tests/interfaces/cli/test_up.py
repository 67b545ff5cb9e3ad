import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import httpx
import psutil
import pytest

ROOT = Path(__file__).parents[3]
UP = """
import sys
from interfaces.cli import supervision
from interfaces.cli.app import main
stand_in = sys.argv.pop(1)
supervision.program = lambda name: [sys.executable, stand_in, name]
main()
"""
STAND_IN = """
import os, sys, signal, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
assert os.environ["DATABASE_URL"].startswith("postgresql://"), "no engine was handed over"
class Well(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *_):
        pass
if sys.argv[1] == "serve":
    HTTPServer(("127.0.0.1", int(os.environ["TRADEWIND_PORT"])), Well).serve_forever()
else:
    signal.pause()
"""


@pytest.fixture
def data_dir() -> Generator[Path]:
    with TemporaryDirectory(prefix="tradewind-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_one_command_brings_everything_up_says_where_it_is_and_stops_all_of_it(data_dir: Path, port: int):
    with up(data_dir, port) as process:
        said = until_ready(process)
        assert f"http://127.0.0.1:{port}/v1" in said
        assert "admin@tradewind.example / Tradewind-Admin-1" in said
        assert str(data_dir) in said
        family = psutil.Process(process.pid).children(recursive=True)
        names = {member.name() for member in family}
        assert {"postgres", "redis-server"} <= names
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert psutil.wait_procs(family, timeout=2)[1] == []


def test_it_stops_by_ctrl_c_also_where_a_script_has_started_it_in_the_background(data_dir: Path, port: int):
    deaf = partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
    with up(data_dir, port, started=deaf) as process:
        until_ready(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_a_password_that_somebody_chose_is_not_printed(data_dir: Path, port: int):
    chosen = {"TRADEWIND_ADMIN_EMAIL": "ana@example.org", "TRADEWIND_ADMIN_PASSWORD": "Vento-norte-7-nos"}
    with up(data_dir, port, settings=chosen) as process:
        said = until_ready(process)
    assert "ana@example.org / the password you set" in said
    assert "Vento-norte-7-nos" not in said


def test_a_role_that_dies_is_started_again(data_dir: Path, port: int):
    with up(data_dir, port) as process:
        until_ready(process)
        first = int(httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).text)
        os.kill(first, signal.SIGKILL)
        assert process.stderr is not None
        while "serve ended with -9" not in process.stderr.readline():
            pass
        with httpx.Client(transport=httpx.HTTPTransport(retries=8), trust_env=False) as client:
            assert int(client.get(f"http://127.0.0.1:{port}/").text) != first


def test_a_killed_parent_takes_the_roles_with_it(data_dir: Path, port: int):
    with up(data_dir, port) as process:
        until_ready(process)
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
        assert psutil.wait_procs(family, timeout=20)[1] == []


def test_a_role_that_will_not_stay_alive_ends_the_start_with_its_reason(data_dir: Path, port: int):
    with up(data_dir, port, "raise SystemExit('no such table')") as process:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 2
        assert "no such table" in said


def test_a_taken_port_is_named_before_anything_is_started(data_dir: Path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with up(data_dir, listener.getsockname()[1]) as process:
            _, said = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "TRADEWIND_PORT" in said
    assert not (data_dir / "postgres").exists()


@contextmanager
def up(
    data_dir: Path,
    port: int,
    stand_in: str = STAND_IN,
    settings: Mapping[str, str] = MappingProxyType({}),
    started: Callable[[], object] | None = None,
) -> Generator[subprocess.Popen[str]]:
    """The command, with stand-ins for its roles and without a search engine of its own; `started` runs first in its process."""
    script = data_dir / "stand_in.py"
    script.write_text(stand_in)
    ours = {"TRADEWIND_DATA_DIR": str(data_dir), "TRADEWIND_EMBEDDED": "1", "OPENSEARCH_URL": "http://127.0.0.1:9"}
    command = [sys.executable, "-c", UP, str(script), "--port", str(port)]
    environ = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}} | ours | dict(settings)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environ, cwd=ROOT, preexec_fn=started) as process:  # noqa: PLW1509 - it sets one signal
        yield process
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=30)


def until_ready(process: subprocess.Popen[str]) -> str:
    """What it printed up to its last line of welcome."""
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        said += line
    return said

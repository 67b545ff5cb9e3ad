import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil
import psycopg
import pytest
import redis

from infrastructure.embedded import EngineFailed, abode, engines
from infrastructure.embedded.engines import Engines
from infrastructure.embedded.opensearch import OpenSearch
from infrastructure.embedded.process import LAUNCH, stop_orphan
from infrastructure.settings import Engine

ROOT = Path(__file__).parents[3]
JARS = ROOT / ".tradewind" / "jars"
OWNER = """
import json, sys
from pathlib import Path
from infrastructure.embedded import engines, process
process.LAUNCH = sys.argv[2]
started = engines.start(Path(sys.argv[1]), ["postgres", "redis"], lambda _: None)
print(json.dumps({"pids": [server.pid for server in started.servers.values()], "environment": started.environment()}), flush=True)
sys.stdin.read()
"""
Start = Callable[..., Engines]


@pytest.fixture
def data_dir() -> Generator[Path]:
    with TemporaryDirectory(prefix="tradewind-") as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


@pytest.fixture
def start(data_dir: Path) -> Generator[Start]:
    """Start engines over the data directory; they are stopped with the test."""
    begun: list[Engines] = []

    def begin(*names: Engine) -> Engines:
        begun.append(engines.start(data_dir, names, lambda _: None, jars=JARS))
        return begun[-1]

    yield begin
    for each in begun:
        each.stop()


def test_engines_answer_and_keep_their_data_over_a_restart(start: Start):
    first = start("postgres", "redis")
    with psycopg.connect(first.environment()["DATABASE_URL"], autocommit=True) as database:
        database.execute("CREATE TABLE boats (name text)")
        database.execute("INSERT INTO boats VALUES ('Albatros')")
    client(first).set("boat", "Albatros")
    first.stop()
    second = start("postgres", "redis")
    with psycopg.connect(second.environment()["DATABASE_URL"]) as database:
        assert database.execute("SELECT name FROM boats").fetchall() == [("Albatros",)]
    assert client(second).get("boat") == b"Albatros"


def test_what_needs_no_search_is_done_while_opensearch_is_still_starting(data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    done, said = threading.Event(), list[dict[str, str]]()

    class Slow(OpenSearch):
        def start(self) -> None:
            assert done.wait(60), "it was waited for"

    def meanwhile(known: dict[str, str]) -> None:
        with psycopg.connect(known["DATABASE_URL"]) as database:
            database.execute("SELECT 1")
        said.append(known)
        done.set()

    monkeypatch.setattr(engines, "OpenSearch", Slow)
    with engines.start(data_dir, ["postgres", "redis", "opensearch"], lambda _: None, jars=JARS, meanwhile=meanwhile) as started:
        assert [each.keys() for each in said] == [{"DATABASE_URL", "REDIS_URL"}]
        assert started.environment().keys() > said[0].keys()


def test_nothing_is_left_running_when_what_is_done_meanwhile_fails(data_dir: Path):
    def meanwhile(known: dict[str, str]) -> None:
        raise EngineFailed(f"not with {', '.join(known)}")

    with pytest.raises(EngineFailed, match="not with DATABASE_URL"):
        engines.start(data_dir, ["postgres"], lambda _: None, meanwhile=meanwhile)
    assert engines.running(data_dir) == {}
    with engines.start(data_dir, ["postgres"], lambda _: None) as started:
        assert started.environment().keys() == {"DATABASE_URL"}


def test_postgres_flushes_to_disk(start: Start):
    with psycopg.connect(start("postgres").environment()["DATABASE_URL"]) as database:
        assert database.execute("SHOW fsync").fetchone() == ("on",)


def test_stopping_leaves_no_process_and_no_socket(start: Start):
    started = start("postgres", "redis")
    sockets = Path(started.servers["redis"].url.removeprefix("unix://").split("?")[0]).parent
    family = [process for server in started.servers.values() for process in with_children(server.pid)]
    assert len(family) > 2
    started.stop()
    assert psutil.wait_procs(family, timeout=5)[1] == []
    assert not sockets.exists()


def test_a_stopped_engine_comes_back_at_the_same_address(start: Start):
    server = start("redis").servers["redis"]
    address = server.url
    server.stop()
    assert not server.answers()
    server.start()
    assert (server.url, server.answers()) == (address, True)


def test_an_engine_that_died_is_started_again(start: Start):
    started = start("redis")
    server = started.servers["redis"]
    kill(server.pid)
    assert server.has_died
    started.restart_dead(lambda _: None)
    assert server.answers()


def test_one_data_directory_has_one_owner_whose_engines_others_find(start: Start, data_dir: Path):
    started = start("redis")
    with pytest.raises(EngineFailed, match="TRADEWIND_DATA_DIR"):
        start("redis")
    assert engines.running(data_dir) == started.environment()
    started.stop()
    assert engines.running(data_dir) == {}


def test_engines_end_with_a_killed_parent_and_the_next_start_has_all_that_was_committed(start: Start, data_dir: Path):
    with owner(data_dir) as (process, told):
        with psycopg.connect(told["environment"]["DATABASE_URL"], autocommit=True) as database:
            database.execute("CREATE TABLE boats AS SELECT 'Albatros' AS name")
        family = [member for pid in told["pids"] for member in with_children(pid)]
        process.kill()
        process.wait()
        assert psutil.wait_procs(family, timeout=20)[1] == []
    with psycopg.connect(start("postgres", "redis").environment()["DATABASE_URL"]) as database:
        assert database.execute("SELECT name FROM boats").fetchone() == ("Albatros",)


def test_engines_that_outlived_their_parent_are_stopped_by_the_next_start(start: Start, data_dir: Path, tmp_path: Path):
    unwatched = tmp_path / "launch.py"
    unwatched.write_text(Path(LAUNCH).read_text().replace("prctl(PR_SET_PDEATHSIG, signal)", "getpid()"))
    with owner(data_dir, unwatched) as (process, told):
        survivors = [psutil.Process(pid) for pid in told["pids"]]
        process.kill()
        process.wait()
        started = start("postgres", "redis")
    assert not any(survivor.is_running() for survivor in survivors)
    assert all(server.answers() for server in started.servers.values())


def test_a_stranger_with_the_pid_of_an_old_engine_is_left_alone(tmp_path: Path):
    with subprocess.Popen(["/bin/sleep", "60"]) as stranger:
        (tmp_path / "redis.pid").write_text(json.dumps({"pid": stranger.pid, "started": 1.0}))
        assert not stop_orphan("redis", tmp_path)
        assert stranger.poll() is None
        stranger.kill()


def test_an_orphan_known_by_pid_and_start_is_ended(tmp_path: Path):
    with subprocess.Popen(["/bin/sleep", "60"]) as orphan:
        known = {"pid": orphan.pid, "started": psutil.Process(orphan.pid).create_time()}
        (tmp_path / "redis.pid").write_text(json.dumps(known))
        assert stop_orphan("redis", tmp_path)
        assert not psutil.pid_exists(orphan.pid)


def test_an_interrupted_first_start_is_begun_anew(start: Start, data_dir: Path):
    (data_dir / "postgres.new").mkdir()
    (data_dir / "postgres.new" / "PG_VERSION").write_text("18")
    assert start("postgres").servers["postgres"].answers()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs Postgres as somebody else")
def test_where_nobody_may_not_enter_postgres_keeps_its_data_elsewhere_and_finds_it_again(
    start: Start, data_dir: Path, monkeypatch: pytest.MonkeyPatch
):
    with TemporaryDirectory(prefix="tradewind-") as shared:
        Path(shared).chmod(0o755)
        monkeypatch.setattr(abode, "SHARED", (Path(shared),))
        data_dir.chmod(0o700)
        first = start("postgres")
        home = first.homes[1]
        assert home.parent == Path(shared)
        assert (home / "postgres" / "PG_VERSION").exists()
        first.stop()
        again = start("postgres")
        assert again.homes[1] == home
        again.stop()  # before its folder goes


def test_an_engine_that_cannot_start_says_why_and_leaves_nothing_running(start: Start, data_dir: Path):
    (data_dir / "redis").mkdir()
    (data_dir / "redis" / "appendonlydir").write_text("not a folder")
    with pytest.raises(EngineFailed, match=r"redis ended with 1 .*(?s:.*)appendonlydir"):
        start("postgres", "redis")
    assert not [process for process in psutil.process_iter(["cmdline"]) if str(data_dir) in " ".join(process.info["cmdline"] or [])]


def test_opensearch_keeps_its_documents_when_it_is_killed(start: Start):
    started = start("opensearch")
    server = started.servers["opensearch"]
    put = httpx.put(f"{server.url}/boats/_doc/1?refresh=true", json={"name": "Albatros"}, trust_env=False, timeout=30)
    assert put.is_success
    kill(server.pid)
    started.restart_dead(lambda _: None)
    found = httpx.get(f"{server.url}/boats/_search?q=albatros", trust_env=False, timeout=30).json()
    assert [hit["_source"]["name"] for hit in found["hits"]["hits"]] == ["Albatros"]


def client(started: Engines) -> redis.Redis:
    return redis.Redis(unix_socket_path=started.servers["redis"].url.removeprefix("unix://").split("?")[0])


def kill(pid: int | None) -> None:
    """Kill a program and return when it is gone, without taking its exit status from whoever waits for it."""
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def with_children(pid: int | None) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


@contextmanager
def owner(data_dir: Path, launch: str | Path = LAUNCH) -> Generator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """Another process that owns engines over a data directory, and what it told of them."""
    command = [sys.executable, "-c", OWNER, str(data_dir), str(launch)]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ, cwd=ROOT) as process:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
        process.kill()

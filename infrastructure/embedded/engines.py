"""The engines that no URL is set for, started together, and stopped with the process."""

import fcntl
import json
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Self

from infrastructure.embedded import EngineFailed, abode, postgres
from infrastructure.embedded.opensearch import OpenSearch
from infrastructure.embedded.postgres import Postgres
from infrastructure.embedded.process import Server, stop_orphan
from infrastructure.embedded.redis import Redis
from infrastructure.settings import ENGINE_URLS, Engine

Report = Callable[[str], None]
Meanwhile = Callable[[dict[str, str]], None]
TITLES: dict[Engine, str] = {"postgres": "Postgres", "redis": "Redis", "opensearch": "OpenSearch"}
SLOWEST: Engine = "opensearch"


class Engines:
    """Running engines over one data directory, which no other process may use meanwhile. `homes` are the folders their data lie in."""

    def __init__(self, data_dir: Path, lock: IO[str], sockets: Path, servers: dict[Engine, Server]) -> None:
        self.servers = servers
        self.homes = [data_dir]
        self._data_dir = data_dir
        self._lock = lock
        self._sockets = sockets

    def environment(self) -> dict[str, str]:
        """The variables by which other processes find these engines."""
        return _variables(self.servers)

    def restart_dead(self, report: Report) -> None:
        """Start again what has ended by itself; a failure is reported, and tried again by the next call."""
        for name, server in self.servers.items():
            if server.has_died:
                report(f"{TITLES[name]} has ended and is started again")
                server.stop()
                try:
                    server.start()
                except EngineFailed as error:
                    report(str(error))

    def stop(self) -> None:
        stopping = [threading.Thread(target=server.stop) for server in self.servers.values()]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        (self._data_dir / "engines.json").unlink(missing_ok=True)
        shutil.rmtree(self._sockets, ignore_errors=True)
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def start(
    data_dir: Path,
    wanted: Collection[Engine],
    report: Report,
    *,
    jars: Path | None = None,
    maven_url: str = "",
    durable: bool = True,
    meanwhile: Meanwhile = lambda _: None,
) -> Engines:
    """Start the wanted engines in parallel over `data_dir`, or raise EngineFailed with nothing left running.

    `meanwhile` is done, once, with the variables of those that are ready when only OpenSearch, which takes longest, may still be awaited.
    `jars` keeps OpenSearch's jars (`data_dir`/jars); `durable=False` gives up what survives a power cut, for tests.
    """
    data_dir = data_dir.absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = _sole_user(data_dir)
    run = data_dir / "run"
    _clear_remains(data_dir, run, report)
    user = postgres.account()
    sockets = Path(tempfile.mkdtemp(prefix="tw-", dir=abode.passable_folder(user)))
    servers: dict[Engine, Server] = {}
    engines = Engines(data_dir, lock, sockets, servers)
    try:
        if "postgres" in wanted:
            place = abode.home(data_dir, user)
            if place != data_dir:
                engines.homes.append(place)
                report(f"Postgres keeps its data in {place}, since it runs as nobody, who cannot enter {data_dir}")
            servers["postgres"] = Postgres(place, run, sockets, durable=durable)
        if "redis" in wanted:
            servers["redis"] = Redis(data_dir, run, sockets, durable=durable)
        if "opensearch" in wanted:
            servers["opensearch"] = OpenSearch(data_dir, run, jars or data_dir / "jars", maven_url, report)
        _start_all(servers, report, meanwhile)
        _announce(data_dir, sockets, engines.environment())
    except BaseException:
        engines.stop()
        raise
    return engines


def running(data_dir: Path) -> dict[str, str]:
    """The variables of the engines that another process runs over this data directory; empty when none does."""
    try:
        with (data_dir / "engines.lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return {}
    except BlockingIOError:
        try:
            return json.loads((data_dir / "engines.json").read_text())["environment"]
        except FileNotFoundError:
            return {}
    return {}


def _sole_user(data_dir: Path) -> IO[str]:
    lock = (data_dir / "engines.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise EngineFailed(
            f"Another Tradewind runs its engines over {data_dir}: stop it, or set TRADEWIND_DATA_DIR to another folder."
        ) from None
    return lock


def _clear_remains(data_dir: Path, run: Path, report: Report) -> None:
    """End and remove what a killed predecessor left behind."""
    orphans = [
        stop_orphan("postgres", run, signal.SIGINT),
        stop_orphan("redis", run),
        stop_orphan("opensearch", run),
    ]
    if any(orphans):
        report("Engines left over from a start that was killed have been stopped")
    announced = data_dir / "engines.json"
    if announced.exists():
        shutil.rmtree(json.loads(announced.read_text())["sockets"], ignore_errors=True)
        announced.unlink()


def _variables(servers: Mapping[Engine, Server]) -> dict[str, str]:
    return {ENGINE_URLS[name]: server.url for name, server in servers.items()}


def _start_all(servers: dict[Engine, Server], report: Report, meanwhile: Meanwhile) -> None:
    outcomes: SimpleQueue[tuple[Engine, Exception | None]] = SimpleQueue()

    def bring_up(name: Engine, server: Server) -> None:
        try:
            server.start()
            outcomes.put((name, None))
        except Exception as error:  # noqa: BLE001 - it is raised by the thread that waits
            outcomes.put((name, error))

    for name, server in servers.items():
        report(f"{TITLES[name]} is starting")
        threading.Thread(target=bring_up, args=(name, server), daemon=True).start()
    failure: Exception | None = None
    awaited = set(servers)
    begun = False
    while awaited:
        if not begun and failure is None and awaited <= {SLOWEST}:
            begun = True
            meanwhile(_variables({name: server for name, server in servers.items() if name not in awaited}))
        name, error = outcomes.get()
        awaited.discard(name)
        if error is None:
            report(f"{TITLES[name]} is ready")
        elif failure is None:
            failure = error
            for server in servers.values():
                server.stop()
    if failure:
        raise failure
    if not begun:
        meanwhile(_variables(servers))


def _announce(data_dir: Path, sockets: Path, environment: dict[str, str]) -> None:
    draft = data_dir / "engines.json.new"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"environment": environment, "sockets": str(sockets)}, file)
    draft.replace(data_dir / "engines.json")

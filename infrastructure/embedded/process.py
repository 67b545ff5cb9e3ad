"""One engine as a child process: in its own group, ended with its parent, and recognised as an orphan if it outlived one."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import psutil
from msgspec import Struct

from infrastructure.embedded import EngineFailed

LAUNCH = str(Path(__file__).with_name("launch.py"))
STOPS_WITHIN = 20.0

# The kernel ends a child when the *thread* that started it ends, so all are started by one that lives as long as the process.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")


class User(Struct, frozen=True):
    """Who a program runs as; -1 keeps the present user."""

    uid: int = -1
    gid: int = -1


SAME_USER = User()


class Child:
    """A running program, known by its pid and the moment it started, so that another with the same pid is never taken for it."""

    def __init__(self, name: str, popen: subprocess.Popen[bytes], pid_file: Path, log: Path, stop_by: signal.Signals) -> None:
        self.name = name
        self.pid = popen.pid
        self.log = log
        self._popen = popen
        self._pid_file = pid_file
        self._stop_by = stop_by

    @property
    def exit_code(self) -> int | None:
        return self._popen.poll()

    def await_ready(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return when `ready` says so; raise EngineFailed when the program ends first or the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.exit_code is not None:
                raise EngineFailed(f"{self.name} ended with {self.exit_code} while it started. {self.last_words()}")
            if time.monotonic() > deadline:
                raise EngineFailed(f"{self.name} was not ready after {seconds:.0f} seconds. {self.last_words()}")
            time.sleep(0.05)

    def stop(self, within: float = STOPS_WITHIN) -> None:
        """Ask it to end, and end its whole group by force when it has not within the given seconds."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, self._stop_by)
            try:
                self._popen.wait(within)
            except subprocess.TimeoutExpired:
                _kill_group(self.pid)
                self._popen.wait()
        self._pid_file.unlink(missing_ok=True)

    def last_words(self, lines: int = 8) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        said = [line for line in text.splitlines() if line.strip()][-lines:]
        return f"Its log, {self.log}, ends with:\n  " + "\n  ".join(said) if said else f"Its log is {self.log}."


class Server(ABC):
    """A program with a lasting address, which may be stopped and started again and again."""

    name: str

    def __init__(self) -> None:
        self._child: Child | None = None
        self._unwanted = False
        self._turn = Lock()

    @property
    @abstractmethod
    def url(self) -> str: ...

    def start(self) -> None:
        """Return when it answers; raise EngineFailed when it will not, or is stopped meanwhile by another thread."""
        self._unwanted = False
        self._bring_up()

    @abstractmethod
    def _bring_up(self) -> None:
        """Prepare, `_launch`, and return when it answers."""

    @abstractmethod
    def answers(self) -> bool: ...

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    @property
    def has_died(self) -> bool:
        """Whether it ended without being stopped."""
        return self._child is not None and self._child.exit_code is not None

    def stop(self, within: float = STOPS_WITHIN) -> None:
        with self._turn:
            self._unwanted = True
            child, self._child = self._child, None
        if child:
            child.stop(within)

    def _launch(
        self, program: Sequence[str | Path], folder: Path, user: User = SAME_USER, stop_by: signal.Signals = signal.SIGTERM
    ) -> Child:
        with self._turn:
            if self._unwanted:
                raise EngineFailed(f"{self.name} was stopped while it started.")
            self._child = spawn(self.name, program, folder, user=user, stop_by=stop_by)
            return self._child


def spawn(
    name: str,
    program: Sequence[str | Path],
    folder: Path,
    *,
    user: User = SAME_USER,
    stop_by: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    cwd: str | Path = "/",
) -> Child:
    """Start a program whose pid file and log lie in `folder`; `stop_by` is also what it gets when this process dies."""
    log, pid_file = folder / f"{name}.log", folder / f"{name}.pid"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-S", "-E", LAUNCH, str(os.getpid()), str(int(stop_by)), str(user.uid), str(user.gid), *map(str, program)]

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=dict(os.environ if environment is None else environment),
                start_new_session=True,
            )

    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_suffix(".log.1"))
    popen = _starter.submit(start).result()
    with contextlib.suppress(psutil.NoSuchProcess):
        pid_file.write_text(json.dumps({"pid": popen.pid, "started": psutil.Process(popen.pid).create_time()}))
    return Child(name, popen, pid_file, log, stop_by)


def stop_orphan(name: str, folder: Path, stop_by: signal.Signals = signal.SIGTERM) -> bool:
    """End what an earlier parent left running under this name and folder, and tell whether there was such a program."""
    pid_file = folder / f"{name}.pid"
    try:
        known = json.loads(pid_file.read_text())
        orphan = psutil.Process(known["pid"])
        if orphan.create_time() != known["started"]:
            return False
        orphan.send_signal(stop_by)
        try:
            orphan.wait(STOPS_WITHIN)
        except psutil.TimeoutExpired:
            _kill_group(orphan.pid)
            orphan.wait(STOPS_WITHIN)
    except (FileNotFoundError, ValueError, KeyError, psutil.NoSuchProcess):
        return False
    else:
        return True
    finally:
        pid_file.unlink(missing_ok=True)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)

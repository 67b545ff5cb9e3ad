"""Everything at once, for one machine: the engines nobody configured, the schema, and every role, until it is told to stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Annotated

from cyclopts import Parameter

from infrastructure.embedded import EngineFailed
from infrastructure.settings import DEMO_ADMIN, Settings, SettingsError, load
from interfaces.cli.console import progress
from interfaces.cli.supervision import ROOT

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(*, port: Annotated[int | None, Parameter(help="Where to listen, instead of TRADEWIND_PORT or 8000.")] = None) -> None:
    """Start everything here, on engines of its own where none are configured."""
    environ = dict(os.environ) | ({"TRADEWIND_PORT": str(port)} if port is not None else {})
    settings = load(environ)
    refuse_taken_port(settings)
    for ending in ENDINGS:  # SIGINT too: who is started in the background by a script is born deaf to it
        signal.signal(ending, signal.default_int_handler)
    with ExitStack() as running:
        running.callback(say, "Stopped.")
        try:
            run(settings, environ, running)
        except KeyboardInterrupt:
            say("Stopping")
        finally:
            for ending in ENDINGS:
                signal.signal(ending, signal.SIG_IGN)  # a second Ctrl-C must not leave anything running


def run(settings: Settings, environ: dict[str, str], running: ExitStack) -> None:
    """Bring everything up, keep it up until KeyboardInterrupt; `running` holds what is to be stopped, in order."""
    from infrastructure.embedded import engines
    from infrastructure.embedded.rehearsal import Rehearsal
    from interfaces.cli.supervision import Roles

    began = time.monotonic()
    with progress() as report:
        environ |= {"TRADEWIND_EMBEDDED": str(int(settings.embedded)), "TRADEWIND_DATA_DIR": str(settings.data_dir)}

        def prepare(known: dict[str, str]) -> None:
            report("The database is brought to the newest schema")
            migrate(environ | known)

        wanted, url = settings.unset_engines, settings.maven_url
        started = running.enter_context(engines.start(settings.data_dir, wanted, report, maven_url=url, meanwhile=prepare))
        environ |= started.environment()
        settings = load(environ)
        roles = Roles(environ, settings.data_dir / "run", report)
        running.callback(roles.stop)
        report("The roles are starting")
        address = f"http://{'127.0.0.1' if settings.host in {'0.0.0.0', '::'} else settings.host}:{settings.port}"  # noqa: S104
        roles.await_ready(address)
    introduce(settings, started.homes, address, time.monotonic() - began)
    if "opensearch" in started.servers:
        rehearsal = Rehearsal(settings.data_dir / "jars", settings.maven_url)
        running.callback(rehearsal.stop)
        Thread(target=rehearsal.run, name="rehearsal", daemon=True).start()
    roles.report = say
    while True:
        time.sleep(0.5)
        started.restart_dead(say)
        roles.keep_alive()


def migrate(environ: dict[str, str]) -> None:
    """In a process of its own, so that this one, which only watches, stays small."""
    command = [sys.executable, "-m", "interfaces.cli", "migrate"]
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EngineFailed(f"The database could not be brought to the newest schema: {(done.stderr or done.stdout).strip()}")


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def refuse_taken_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise SettingsError(
                f"TRADEWIND_PORT {settings.port} cannot be listened on at {settings.host} ({reason}): give another with --port."
            ) from error


def admin_login(settings: Settings) -> str:
    """The demo's login in full; of one that somebody chose only the address."""
    email, password = settings.admin_email, settings.admin_password.reveal()
    return f"{email} / {password if (email, password) == DEMO_ADMIN else 'the password you set'}"


def introduce(settings: Settings, homes: list[Path], address: str, seconds: float) -> None:
    from application.bootstrap import DEMO

    lines = [
        f"Tradewind is ready after {seconds:.1f} s.",
        "",
        f"  API             {address}/v1",
        f"  Documentation   {address}/docs",
        f"  Health          {address}/health/ready",
    ]
    if settings.smtp is None:
        lines.append(f"  Mail            {address}/dev/mail")
    if settings.embedded:
        lines.append(f"  Admin           {admin_login(settings)}")
    if settings.demo:
        lines += [f"  {person.name:<15} {person.email} / {person.password}" for person in DEMO]
    lines += [
        f"  Data            {' and '.join(map(str, homes))}",
        f"  Logs            {settings.data_dir / 'run'}",
        "",
        "Ctrl-C stops it.",
    ]
    print("\n".join(lines), flush=True)

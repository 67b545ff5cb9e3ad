"""Everything the program depends on, looked at in turn: what is well, what is not, and what to do about it."""

import os
import shutil
import smtplib
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterable

from msgspec import Struct
from rich.console import Console

from infrastructure.embedded import EngineFailed
from infrastructure.settings import ENGINE_URLS, Settings, SettingsError, load

ROOM = 2_000_000_000  # bytes: the environment, the jars and some data
NEWEST_NEEDED = {"postgres": 18, "redis": 8, "opensearch": 3}


class Finding(Struct, frozen=True):
    """`remedy` is empty when all is well."""

    subject: str
    text: str
    remedy: str = ""


Check = Callable[[Settings], Iterable[Finding]]


def doctor() -> None:
    """Check everything the program depends on, and say what to do; exit status 1 when something is wrong."""
    console = Console(highlight=False, soft_wrap=True)
    wrong = False
    for finding in examine():
        wrong |= bool(finding.remedy)
        sign = "[red]wrong[/red]" if finding.remedy else "[green]well [/green]"
        console.print(f"{sign}  {finding.subject:<16}", end="")
        console.print(finding.text, markup=False)
        if finding.remedy:
            console.print(f"{'':23}→ {finding.remedy}", markup=False)
    sys.exit(1 if wrong else 0)


def examine() -> Generator[Finding]:
    yield Finding("Python", sys.version.split()[0])
    try:
        settings = load(os.environ)
    except SettingsError as error:
        for problem in str(error).splitlines():
            yield Finding("Settings", problem, "Set it right; README lists every variable.")
        return
    yield Finding("Settings", "everything embedded" if settings.embedded else "engines by URL: production")
    for check in CHECKS:
        yield from check(settings)


def data_directory(settings: Settings) -> Generator[Finding]:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / f".trial-{os.getpid()}"
        trial.touch()
        trial.unlink()
    except OSError as error:
        yield Finding("Data directory", f"{folder} cannot be written ({error.strerror})", "Set TRADEWIND_DATA_DIR to a folder that can.")
        return
    yield Finding("Data directory", str(folder))
    free = shutil.disk_usage(folder).free
    yield Finding("Disk", f"{free / 1e9:.1f} GB free", "" if free > ROOM else f"Free some: {ROOM / 1e9:.0f} GB are needed.")


def port(settings: Settings) -> Generator[Finding]:
    where = f"{settings.host}:{settings.port}"
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            if is_tradewind(settings):
                yield Finding("Port", f"{where} is Tradewind's, which is running")
            else:
                yield Finding("Port", f"{where} cannot be listened on ({error.strerror})", "Free it, or set TRADEWIND_PORT.")
        else:
            yield Finding("Port", f"{where} is free")


def is_tradewind(settings: Settings) -> bool:
    try:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        direct.open(f"http://{settings.host}:{settings.port}/health/live", timeout=2).close()
    except urllib.error.HTTPError:
        return False
    except OSError:
        return False
    return True


def engines(settings: Settings) -> Generator[Finding]:
    """Those with a URL are asked for their version; those running for another process too; of the others the programs are looked at."""
    environ = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "OPENSEARCH_URL": settings.opensearch_url}
    if settings.unset_engines:
        from infrastructure.embedded.engines import running

        environ |= running(settings.data_dir)
    asks = {"postgres": ask_postgres, "redis": ask_redis, "opensearch": ask_opensearch}
    for name, variable in ENGINE_URLS.items():
        if not environ[variable]:
            yield from bundled(name, settings)
            continue
        try:
            version = asks[name](environ[variable])
        except Exception as error:  # noqa: BLE001 - whatever it is, a person must read it
            yield Finding(name.capitalize(), f"does not answer: {str(error).strip()}", f"Start it, or set {variable} right.")
            continue
        major = int(version.split(".")[0])
        needed = NEWEST_NEEDED[name]
        yield Finding(name.capitalize(), f"{version} answers", "" if major >= needed else f"Version {needed} is needed.")


def ask_postgres(url: str) -> str:
    import psycopg

    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.info.parameter_status("server_version") or "0"


def ask_redis(url: str) -> str:
    import redis

    with redis.Redis.from_url(url, socket_timeout=5) as client:  # pyright: ignore[reportUnknownMemberType] - untyped **kwargs
        return str(client.info("server")["redis_version"])  # pyright: ignore[reportUnknownMemberType, reportIndexIssue]


def ask_opensearch(url: str) -> str:
    import httpx

    local = url.startswith(("http://127.0.0.1", "http://localhost"))
    answer = httpx.get(url, timeout=5, trust_env=not local)
    answer.raise_for_status()
    return str(answer.json()["version"]["number"])


def bundled(name: str, settings: Settings) -> Generator[Finding]:
    from infrastructure.embedded import abode, jars, java, postgres, redis

    try:
        match name:
            case "postgres":
                program = postgres.usable_binaries(settings.data_dir, postgres.account()) / "postgres"
                home = abode.home(settings.data_dir, postgres.account())
                elsewhere = f"; data in {home}, since TRADEWIND_DATA_DIR cannot be entered by nobody" if home != settings.data_dir else ""
                yield Finding("Postgres", f"{said(program, '--version')}{elsewhere}")
            case "redis":
                yield Finding("Redis", said(redis.program(), "--version").split(" sha")[0])
            case _:
                runtime = java.runtime()
                yield Finding("Java", f"{java.major(runtime)} at {runtime}")
                have = sum(path.suffix == ".jar" for path in (settings.data_dir / "jars").glob("*"))
                total = len(jars.locked())
                yield Finding(
                    "OpenSearch", f"{have} of {total} jars are here" + ("" if have == total else "; the rest is downloaded at the start")
                )
    except (EngineFailed, OSError) as error:
        yield Finding(name.capitalize(), "cannot be started here", str(error))


def said(*command: object) -> str:
    finished = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if finished.returncode:
        raise EngineFailed(f"{command[0]} does not run: {finished.stderr.strip()}")
    return finished.stdout.strip()


def mail(settings: Settings) -> Generator[Finding]:
    smtp = settings.smtp
    if smtp is None:
        yield Finding("Mail", "no server is set: mails are shown at /dev/mail" + ("" if settings.embedded else ", to admins alone"))
        return
    try:
        connect = smtplib.SMTP_SSL if smtp.security == "tls" else smtplib.SMTP
        with connect(smtp.host, smtp.port, timeout=10) as server:
            if smtp.security == "starttls":
                server.starttls()
            if smtp.username:
                server.login(smtp.username, smtp.password.reveal())
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding("Mail", f"{smtp.host}:{smtp.port} refuses: {error}", "Set TRADEWIND_SMTP_URL right.")
    else:
        yield Finding("Mail", f"{smtp.host}:{smtp.port} accepts mail")


CHECKS: tuple[Check, ...] = (data_directory, port, engines, mail)

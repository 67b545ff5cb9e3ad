"""OpenSearch's jars: each fetched once, checked against its locked sum, and kept."""

import fcntl
import hashlib
import os
import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import httpx
from msgspec import Struct

from infrastructure.embedded import EngineFailed

LOCK = Path(__file__).with_name("jars.lock")
ATTEMPTS = 3
PARTIAL_CONTENT, REQUESTED_RANGE_NOT_SATISFIABLE = 206, 416


class Jar(Struct, frozen=True):
    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str

    @property
    def name(self) -> str:
        return f"{self.artifact}-{self.version}{'-' if self.classifier else ''}{self.classifier}.jar"

    @property
    def path(self) -> str:
        """Where any Maven repository keeps it."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.name}"


def locked(lock: Path = LOCK) -> list[Jar]:
    jars: list[Jar] = []
    for line in lock.read_text().splitlines():
        if line and not line.startswith("#"):
            coordinates, sum_ = line.split()
            group, artifact, version, *classifier = coordinates.split(":")
            jars.append(Jar(group, artifact, version, "".join(classifier), sum_.removeprefix("sha256:")))
    return jars


def fetch(jars: Sequence[Jar], folder: Path, repository: str, report: Callable[[str], None]) -> list[Path]:
    """The jars' files in the order given, downloading into `folder` what it lacks; raise EngineFailed when one cannot be had.

    An interrupted download goes on where it stopped. A file has its final name only once its sum was found right.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{jar.group}.{jar.name}" for jar in jars]
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two starts at once share one download
        missing = [(jar, path) for jar, path in zip(jars, paths, strict=True) if not path.exists()]
        if missing:
            _download(missing, repository, report)
    return paths


def _download(missing: Sequence[tuple[Jar, Path]], repository: str, report: Callable[[str], None]) -> None:
    address = (repository or _central()).rstrip("/")
    timeout = httpx.Timeout(30, connect=10)
    with httpx.Client(verify=_certificates(os.environ), timeout=timeout, follow_redirects=True) as client, ThreadPoolExecutor(8) as pool:
        running = [pool.submit(_obtain, client, f"{address}/{jar.path}", jar, path) for jar, path in missing]
        try:
            for done, future in enumerate(as_completed(running), 1):
                future.result()
                report(f"OpenSearch: {done} of {len(missing)} jars downloaded")
        except httpx.HTTPError as error:
            raise EngineFailed(
                f"The jars of OpenSearch could not be downloaded ({error}). Check the network and the proxy variables, name a mirror in "
                "TRADEWIND_MAVEN_URL, or set OPENSEARCH_URL; what was downloaded is kept, and the next start goes on from there.",
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _obtain(client: httpx.Client, address: str, jar: Jar, path: Path) -> None:
    """Download one jar; a connection that breaks is resumed, and a wrong sum is given one more chance, from the beginning."""
    part = path.with_suffix(".part")
    for attempt in range(ATTEMPTS):
        try:
            _append(client, address, part)
        except httpx.TransportError:
            if attempt == ATTEMPTS - 1:
                raise
            continue
        if _sum(part) == jar.sha256:
            part.rename(path)
            return
        part.unlink()
    raise EngineFailed(f"{jar.name} is refused: what {address} serves does not have the locked sum {jar.sha256}.")


def _append(client: httpx.Client, address: str, part: Path) -> None:
    have = part.stat().st_size if part.exists() else 0
    with client.stream("GET", address, headers={"Range": f"bytes={have}-"} if have else {}) as response:
        if response.status_code == REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # nothing is left to fetch: its sum will tell
        response.raise_for_status()
        with part.open("ab" if response.status_code == PARTIAL_CONTENT else "wb") as file:
            for chunk in response.iter_raw():
                file.write(chunk)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _certificates(environ: Mapping[str, str]) -> ssl.SSLContext:
    """The trusted authorities, with those of a proxy that the usual variables name."""
    context = ssl.create_default_context()
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT"):
        if Path(environ.get(name, "")).is_file():
            context.load_verify_locations(environ[name])
    return context


def _central() -> str:
    from jgo.constants import MAVEN_CENTRAL_URL  # noqa: PLC0415 - takes a while, and only a download needs it

    return MAVEN_CENTRAL_URL
